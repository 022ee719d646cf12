/** Where a worker of the fault test ends itself. */
import type { SendPoint } from '../../activities/journeys/send-message.ts';

/** Between the row of an inbound message and its hand-over to a conversation. */
export const HAND_OVER = 'handOver';
export type Point = SendPoint | typeof HAND_OVER;
