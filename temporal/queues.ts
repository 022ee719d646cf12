/** Task queues. A renamed queue strands the runs on it: these names stay. */
import type { ChannelKind } from '../shared/domain/channels/deliveries.ts';

export const JOURNEYS_QUEUE = 'journeys';
export const CONVERSATIONS_QUEUE = 'conversations';
export const REMINDERS_QUEUE = 'reminders';
export const COACH_QUEUE = 'coach';

/** Where messages that go by a channel of this kind wait for their turn, e.g. `send-telegram`: a channel that is slow delays no other. */
export const sendQueueOf = (kind: ChannelKind): string => `send-${kind}`;

/**
 * The `priority` of a creator's work: the server deals out what waits in a queue in equal shares between creators, so that a hundred thousand tasks of one do not delay
 * another's ten. A run that is started with it hands it on to its activities. It orders a backlog and does nothing else; a server that does not know it keeps the order
 * in which tasks came.
 */
export const fairShare = (creatorId: string): { fairnessKey: string } => ({ fairnessKey: creatorId });
