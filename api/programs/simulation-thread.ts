/** The simulator's thread (see simulator.ts). */
import { formatLocal, resolveWait } from '../../shared/calendar/local-time.ts';
import { type Simulation, simulate } from '../../shared/domain/journeys/simulate.ts';
import type { SimulationJob } from './simulator.ts';

/** Of all transcripts together: more would keep the API busy with nothing but sending it. */
const CHARACTERS_MOST = 16_000_000;

export default ({ definition, personas, maxDays, maxEntries }: SimulationJob): Simulation[] | 'tooLong' => {
  const limits = { maxEntries, ...(maxDays !== undefined && { maxDays }) };
  const simulations: Simulation[] = [];
  let characters = 0;
  for (const persona of personas) {
    const simulation = simulate(definition, persona, { resolveWait, formatLocal }, limits);
    for (const { text } of simulation.transcript) characters += text.length;
    if (characters > CHARACTERS_MOST) return 'tooLong';
    simulations.push(simulation);
  }
  return simulations;
};
