import type { Client } from '@temporalio/client';
import type { RemindersArgs } from '../../workflows/reminders/messages.ts';
import { remindersId } from '../ids.ts';
import { fairShare, REMINDERS_QUEUE } from '../queues.ts';
import { searchAttributes } from '../search-attributes.ts';

/** A server answers in milliseconds; one that is away must not keep a caller. */
const SERVER_WITHIN_MS = 3_000;

/**
 * Lets a coachee's reminders look again, starting them where they do not run. Safe to repeat. Throws ServiceError when the server cannot be reached: the
 * reconcile tells them later.
 */
export const nudgeReminders = async (
  client: Client,
  { creatorId, coacheeId }: { creatorId: string; coacheeId: string },
): Promise<void> => {
  const args: RemindersArgs = { v: 1, creatorId, coacheeId };
  await client.withDeadline(Date.now() + SERVER_WITHIN_MS, () =>
    client.workflow.signalWithStart('reminders', {
      workflowId: remindersId(coacheeId),
      taskQueue: REMINDERS_QUEUE,
      args: [args],
      signal: 'changed',
      signalArgs: [],
      priority: fairShare(creatorId),
      staticSummary: 'Reminders',
      typedSearchAttributes: [{ key: searchAttributes.creatorId, value: creatorId }],
    }),
  );
};
