import type { Sinks } from '@temporalio/workflow';

/** Lets a workflow say whose it is. */
export interface ServedSinks extends Sinks {
  served: { note(creatorId: string): void };
}
