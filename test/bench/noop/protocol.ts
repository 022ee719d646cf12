/** What the no-op workflows, their worker and the benches agree on. */
export const NOOP_QUEUE = 'bench-noop';

/** Told by the worker to its parent when a no-op has run. */
export interface NoopRan {
  workflowId: string;
  /** Unix milliseconds. */
  atMs: number;
}

export interface NoopActivities {
  touch(): Promise<void>;
}

/** Lets a workflow say that it ran. */
export interface NoopSinks {
  noop: { ran(): void };
}
