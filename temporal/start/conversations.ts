import type { Client } from '@temporalio/client';
import type { ConversationArgs } from '../../workflows/conversations/messages.ts';
import { conversationId } from '../ids.ts';
import { CONVERSATIONS_QUEUE, fairShare } from '../queues.ts';

export interface InboundRef {
  creatorId: string;
  coacheeId: string;
  inboundId: string;
}

/**
 * Hands a stored inbound message to the coachee's conversation, starting one where none runs. A repeat changes nothing. Throws ServiceError when
 * the server cannot be reached: the reconcile hands it over later.
 */
export const handInbound = async (client: Client, ref: InboundRef, burstMs: number): Promise<void> => {
  const { creatorId, coacheeId, inboundId } = ref;
  const args: ConversationArgs = { v: 1, creatorId, coacheeId, burstMs };
  await client.workflow.signalWithStart('conversation', {
    workflowId: conversationId(coacheeId),
    taskQueue: CONVERSATIONS_QUEUE,
    priority: fairShare(creatorId),
    args: [args],
    signal: 'inbound',
    signalArgs: [{ inboundId }],
    staticSummary: 'Conversation',
  });
};
