/** Task queues. A renamed queue strands the runs on it: these names stay. */
import type { ChannelKind } from '../shared/domain/channels/deliveries.ts';

export const JOURNEYS_QUEUE = 'journeys';
export const CONVERSATIONS_QUEUE = 'conversations';
export const COACH_QUEUE = 'coach';

/** Where messages that go by a channel of this kind wait for their turn, e.g. `send-telegram`: a channel that is slow delays no other. */
export const sendQueueOf = (kind: ChannelKind): string => `send-${kind}`;
