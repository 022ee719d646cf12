/** Runs golden traces in the simulator's thread. */
import type { TraceResult } from '../../shared/contracts/golden-traces.ts';
import type { GoldenTrace } from '../../shared/db/entities/programs.ts';
import type { ProgramDefinition } from '../../shared/domain/journeys/definition.ts';
import { lint } from '../../shared/domain/journeys/lint/lint.ts';
import { TRACE_LIMITS, traceDifference, transcriptText } from '../../shared/domain/journeys/simulate/golden-trace.ts';
import type { Persona } from '../../shared/domain/journeys/simulate/persona.ts';
import { refuseFaulty } from '../../shared/services/program-versions.ts';
import type { Simulator } from './simulator.ts';

/** The transcripts of personas, as golden traces keep them. Throws CairnError `invalid` when lint finds errors, and as the simulator. */
export const transcriptsOf = async (
  simulator: Simulator,
  definition: ProgramDefinition,
  personas: Persona[],
): Promise<string[]> => {
  refuseFaulty(lint(definition), 'simulating it');
  if (personas.length === 0) return [];
  const { simulations } = await simulator.run({ definition, who: personas, ...TRACE_LIMITS });
  return simulations.map(transcriptText);
};

export interface RunTrace extends TraceResult {
  /** What came, as it would be kept. */
  actual: string;
}

/** Holds what comes of each trace against what it expects. Throws as `transcriptsOf`. */
export const runTraces = async (
  simulator: Simulator,
  definition: ProgramDefinition,
  traces: Pick<GoldenTrace, 'name' | 'persona' | 'expected'>[],
): Promise<RunTrace[]> => {
  const personas = traces.map(({ persona }) => persona);
  const transcripts = await transcriptsOf(simulator, definition, personas);
  return traces.map(({ name, expected }, i) => {
    const actual = transcripts[i] ?? '';
    const difference = traceDifference(expected, actual);
    return { name, passed: difference === null, difference, actual };
  });
};

/** Without the transcript, which a caller has in the difference. */
export const presentRun = ({ name, passed, difference }: RunTrace): TraceResult => ({ name, passed, difference });
