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
   * Without `maxEntries` each may take its share of what a request may.
   * @throws CairnError `invalid` when it takes too long or gives too much, `unavailable` when too many are waiting.
   */
  run(job: Omit<SimulationJob, 'maxEntries'> & { maxEntries?: number }): Promise<Simulation[]>;
  close(): Promise<void>;
}

/** Twelve weeks of a hundred personas take well under a second. */
const DEADLINE_MS = 10_000;
const MEMORY_MB = 512;
const UNDER_WAY_MOST = 16;
const IDLE_MS = 60_000;
/** Over all personas of a request. */
const ENTRIES_MOST = 50_000;

/** Makes the simulator; its thread starts with the first job and ends when idle. */
export const createSimulator = (deadlineMs = DEADLINE_MS): Simulator => {
  const pool = new Piscina<SimulationJob, Simulation[] | 'tooLong'>({
    filename: new URL('./simulation-thread.ts', import.meta.url).href,
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: IDLE_MS,
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
  });
  let underWay = 0;
  return {
    run: async (job) => {
      if (underWay >= UNDER_WAY_MOST) throw new CairnError('unavailable', 'Too many simulations are waiting.');
      underWay += 1;
      const share = Math.floor(ENTRIES_MOST / job.personas.length);
      const maxEntries = Math.min(job.maxEntries ?? share, share);
      const outcome = await pool
        .run({ ...job, maxEntries }, { signal: AbortSignal.timeout(deadlineMs) })
        .catch((error: unknown) => Promise.reject(explain(error)))
        .finally(() => {
          underWay -= 1;
        });
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
  return error;
};
