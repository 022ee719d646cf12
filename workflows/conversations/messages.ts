import { defineSignal } from '@temporalio/workflow';

export interface ConversationArgs {
  v: 1;
  creatorId: string;
  coacheeId: string;
  /** How long to wait for the rest of a burst after each message, milliseconds. */
  burstMs: number;
}

/** One stored inbound message is to be read. */
export const inboundSignal = defineSignal<[{ inboundId: string }]>('inbound');
