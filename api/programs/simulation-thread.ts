/** The simulator's thread (see simulator.ts). */
import { formatLocal, resolveWait } from '../../shared/calendar/local-time.ts';
import { type Simulation, simulate } from '../../shared/domain/journeys/simulate.ts';
import type { SimulationJob } from './simulator.ts';

export default ({ definition, personas, maxDays, maxEntries }: SimulationJob): Simulation[] =>
  personas.map((persona) =>
    simulate(
      definition,
      persona,
      { resolveWait, formatLocal },
      { maxEntries, ...(maxDays !== undefined && { maxDays }) },
    ),
  );
