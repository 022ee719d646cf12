/** When a cohort takes people in. Local times are resolved by the caller. */
export const COHORT_KINDS = ['fixed', 'rolling'] as const;
/** `fixed`: all begin on one day; `rolling`: each as they come. */
export type CohortKind = (typeof COHORT_KINDS)[number];

export interface CohortDoor {
  isClosed: boolean;
  /** A fixed one's start has come for this coachee. */
  hasStarted: boolean;
  /** Latecomers are allowed. */
  late: boolean;
  cap: number | null;
  /** How many places are taken. */
  taken: number;
}

export type CohortRefusal = 'full' | 'closed' | 'started';

/** Why nobody more comes in, or null. Latecomers pass a closed or started cohort, and never a full one. */
export const refusalOf = ({ isClosed, hasStarted, late, cap, taken }: CohortDoor): CohortRefusal | null => {
  if (isClosed && !late) return 'closed';
  if (hasStarted && !late) return 'started';
  return cap !== null && taken >= cap ? 'full' : null;
};

/** The easternmost time zone is so far ahead of UTC. */
const EASTERNMOST_MS = 14 * 3_600_000;

/** Whether a local date (YYYY-MM-DD) and time (HH:MM) are still ahead wherever anybody lives. */
export const isAheadEverywhere = (date: string, time: string, nowMs: number): boolean =>
  Date.parse(`${date}T${time}:00Z`) - EASTERNMOST_MS > nowMs;
