/** Simulates personas in a thread of its own: a hostile program may take long, and the API's other callers must not wait for it. */
import { Piscina } from 'piscina';
import type { ProgramDefinition } from '../../shared/domain/journeys/definition.ts';
import type { Persona } from '../../shared/domain/journeys/simulate/persona.ts';
import type { Population } from '../../shared/domain/journeys/simulate/population.ts';
import type { SimulatedPopulation } from '../../shared/domain/journeys/simulate/simulate-population.ts';
import { CairnError, invalid } from '../../shared/errors.ts';

export interface SimulationJob {
  definition: ProgramDefinition;
  /** By slug: the programs that it, or one of these, has as subprograms. */
  programs?: Record<string, ProgramDefinition>;
  who: Persona[] | Population;
  /** Of a population: of how many a transcript is made. */
  transcripts?: number;
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
  run(job: Omit<SimulationJob, 'maxEntries'> & { maxEntries?: number }): Promise<SimulatedPopulation>;
  close(): Promise<void>;
}

/** Twelve weeks of a hundred personas take a fraction of a second, those of five thousand about eight. */
const DEADLINE_MS = 30_000;
const MEMORY_MB = 512;
const UNDER_WAY_MOST = 16;
const IDLE_MS = 60_000;
/** Over all personas of a request that have transcripts. */
const ENTRIES_MOST = 50_000;
/** A persona without a transcript takes time, but no memory. */
const ENTRIES_OF_ONE = 5_000;

/** Makes the simulator; its thread starts with the first job and ends when idle. */
export const createSimulator = (deadlineMs = DEADLINE_MS): Simulator => {
  const pool = new Piscina<SimulationJob, SimulatedPopulation | 'tooLong'>({
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
      const share = Array.isArray(job.who) ? Math.floor(ENTRIES_MOST / job.who.length) : ENTRIES_OF_ONE;
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
