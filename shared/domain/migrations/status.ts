/** How far a migration of running journeys is, and what became of each of them. */

/** `waiting`: the canary cohort has moved. `done` and `stopped` can be undone within their window. */
export type MigrationStatus =
  | 'planned'
  | 'canary'
  | 'waiting'
  | 'moving'
  | 'paused'
  | 'done'
  | 'stopped'
  | 'undoing'
  | 'undone';

export type ItemStatus = 'planned' | 'moved' | 'failed' | 'skipped' | 'undone';

export interface StopAt {
  /** From 0 to 1: more than this share of the journeys taken so far, and it stops. */
  errorRate: number;
  /** Not before so many were taken. */
  afterAtLeast: number;
}

export interface Counts extends Record<ItemStatus, number> {
  /** Failed, or parked by the move. */
  errors: number;
}

/** The share of errors among the journeys taken so far; 0 where none was. */
export const errorRateOf = ({ moved, failed, errors }: Counts): number =>
  moved + failed === 0 ? 0 : errors / (moved + failed);

/** Why to stop, in plain language; null: go on. */
export const reasonToStop = (counts: Counts, { errorRate, afterAtLeast }: StopAt): string | null => {
  const taken = counts.moved + counts.failed;
  if (taken < afterAtLeast || errorRateOf(counts) <= errorRate) return null;
  return `${counts.errors} of ${taken} journeys failed, more than ${errorRate * 100} %.`;
};
