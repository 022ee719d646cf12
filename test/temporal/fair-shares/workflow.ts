/** Stand-ins for Cairn's workflows, which go its ways to the queues. */
import { proxyActivities, proxySinks } from '@temporalio/workflow';
import type { JourneyActivities } from '../../../activities/journeys/activities.ts';
import { fairShare, sendQueueOf } from '../../../temporal/queues.ts';
import { sendOnce } from '../../../workflows/activity-options.ts';
import type { JourneyArgs } from '../../../workflows/journeys/messages.ts';
import type { ServedSinks } from './served.ts';

const { served } = proxySinks<ServedSinks>();
const { sendMessage } = proxyActivities<Pick<JourneyActivities, 'sendMessage'>>(sendOnce);

/** A herd of one creator's messages: on the channel's queue, under the creator's share. */
export async function herd(creatorId: string, messages: number): Promise<void> {
  const options = { ...sendOnce, taskQueue: sendQueueOf('telegram'), priority: fairShare(creatorId) };
  const keys = Array.from({ length: messages }, (_, index) => `herd/${creatorId}/${index}`);
  await Promise.all(keys.map((key) => sendMessage.executeWithOptions(options, [{ creatorId, key }])));
}

/** A journey that is over with its first task, which it tells whose it was. */
export async function journey({ creatorId }: JourneyArgs): Promise<void> {
  served.note(creatorId);
}
