/** Everything that goes into and comes out of a migration's run by name. */
import { defineQuery, defineSignal, setHandler } from '@temporalio/workflow';
import type { Counts, MigrationStatus } from '../../shared/domain/migrations/status.ts';

/** What it was told and has not seen to yet; carried through continue-as-new. */
export interface Orders {
  proceed: boolean;
  paused: boolean;
  stop: boolean;
  undo: boolean;
}

export interface MigrationProgress {
  status: MigrationStatus;
  /** Null before the first batch. */
  counts: Counts | null;
}

export interface MigrationArgs {
  v: 1;
  creatorId: string;
  migrationId: string;
  /** Set by continue-as-new. */
  carried?: { orders: Orders; progress: MigrationProgress };
}

export const migrationProgressQuery = defineQuery<MigrationProgress>('progress');

/** Registers the handlers of a migration's signals and gives what they write to. */
export const takeOrders = (carried: Orders | undefined): Orders => {
  const orders = carried ?? { proceed: false, paused: false, stop: false, undo: false };
  setHandler(defineSignal('proceed'), () => {
    orders.proceed = true;
  });
  setHandler(defineSignal('pause'), () => {
    orders.paused = true;
  });
  setHandler(defineSignal('resume'), () => {
    orders.paused = false;
  });
  setHandler(defineSignal('stop'), () => {
    orders.stop = true;
  });
  setHandler(defineSignal('undo'), () => {
    Object.assign(orders, { stop: true, undo: true });
  });
  return orders;
};
