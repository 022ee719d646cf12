/** A herd of one creator's messages, sent as a workflow of Cairn's sends: on the channel's queue, under the creator's share. */
import { proxyActivities } from '@temporalio/workflow';
import type { JourneyActivities } from '../../../activities/journeys/activities.ts';
import { sendQueueOf } from '../../../temporal/queues.ts';
import { fairShare, sendOnce } from '../../../workflows/activity-options.ts';

const { sendMessage } = proxyActivities<Pick<JourneyActivities, 'sendMessage'>>(sendOnce);

export async function herd(creatorId: string, messages: number): Promise<void> {
  const options = { ...sendOnce, taskQueue: sendQueueOf('telegram'), priority: fairShare(creatorId) };
  const keys = Array.from({ length: messages }, (_, index) => `herd/${creatorId}/${index}`);
  await Promise.all(keys.map((key) => sendMessage.executeWithOptions(options, [{ creatorId, key }])));
}
