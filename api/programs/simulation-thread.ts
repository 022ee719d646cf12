/** The simulator's thread (see simulator.ts). */
import { formatLocal, resolveWait } from '../../shared/calendar/local-time.ts';
import {
  type SimulatedPopulation,
  simulateAll,
  simulatePopulation,
} from '../../shared/domain/journeys/simulate/simulate-population.ts';
import type { SimulationJob } from './simulator.ts';

/** Of all transcripts together: more would keep the API busy with nothing but sending it. */
const CHARACTERS_MOST = 16_000_000;

class TooLong extends Error {}

export default ({ definition, programs = {}, who, ...limits }: SimulationJob): SimulatedPopulation | 'tooLong' => {
  const deps = { resolveWait, formatLocal, program: (slug: string) => programs[slug] ?? null };
  let characters = 0;
  const onTranscript = ({ transcript }: { transcript: { text: string }[] }): void => {
    for (const { text } of transcript) characters += text.length;
    if (characters > CHARACTERS_MOST) throw new TooLong();
  };
  try {
    return Array.isArray(who)
      ? simulateAll(definition, who, deps, { ...limits, onTranscript })
      : simulatePopulation(definition, who, deps, { ...limits, onTranscript });
  } catch (error) {
    if (error instanceof TooLong) return 'tooLong';
    throw error;
  }
};
