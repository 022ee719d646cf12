/** Simulates personas in a thread of its own: a hostile program may take long, and the API's other callers must not wait for it. */
import { Piscina } from 'piscina';
import type { ProgramDefinition } from '../../shared/domain/journeys/definition.ts';
import type { Persona } from '../../shared/domain/journeys/persona.ts';
import type { Simulation } from '../../shared/domain/journeys/simulate.ts';
import { CairnError, invalid } from '../../shared/errors.ts';

export interface SimulationJob {
  definition: ProgramDefinition;
  personas: Persona[];
  maxDays?: number;
  /** Transcript entries of each persona at most. */
  maxEntries: number;
}

export interface Simulator {
  /**
   * Lives the program as each persona would.
   * @throws CairnError `invalid` when it takes too long or gives too much, `unavailable` when too many are waiting.
   */
  run(job: Omit<SimulationJob, 'maxEntries'>): Promise<Simulation[]>;
  close(): Promise<void>;
}

/** Twelve weeks of a hundred personas take well under a second. */
const DEADLINE_MS = 10_000;
const MEMORY_MB = 512;
const WAITING_MOST = 16;
const IDLE_MS = 60_000;
/** Over all personas of a request. */
const ENTRIES_MOST = 50_000;

export const createSimulator = (): Simulator => {
  const pool = new Piscina<SimulationJob, Simulation[] | 'tooLong'>({
    filename: new URL('./simulation-thread.ts', import.meta.url).href,
    minThreads: 0,
    maxThreads: 1,
    maxQueue: WAITING_MOST,
    idleTimeout: IDLE_MS,
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
  });
  return {
    run: async (job) => {
      const maxEntries = Math.floor(ENTRIES_MOST / job.personas.length);
      const outcome = await pool
        .run({ ...job, maxEntries }, { signal: AbortSignal.timeout(DEADLINE_MS) })
        .catch((error: unknown) => Promise.reject(explain(error)));
      if (outcome === 'tooLong') throw tooMuch('The transcripts are too long.');
      return outcome;
    },
    close: () => pool.destroy(),
  };
};

const tooMuch = (message: string) =>
  invalid(message, [{ path: 'personas', message: 'Simulate fewer personas or fewer days at once.' }]);

const explain = (error: unknown): unknown => {
  if (!(error instanceof Error)) return error;
  const code = 'code' in error ? error.code : undefined;
  if (error.name === 'AbortError' || code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return tooMuch('This takes too long to simulate.');
  }
  if (error.message === 'Task queue is at limit') {
    return new CairnError('unavailable', 'Too many simulations are waiting: try again in a moment.');
  }
  return error;
};
