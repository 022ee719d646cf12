import { styleText } from 'node:util';
import { formatLocal, resolveWait } from '../../shared/calendar/local-time.ts';
import type { ProgramDefinition } from '../../shared/domain/journeys/definition.ts';
import {
  TRACE_LIMITS,
  type TraceDifference,
  traceDifference,
  transcriptText,
} from '../../shared/domain/journeys/simulate/golden-trace.ts';
import type { Persona } from '../../shared/domain/journeys/simulate/persona.ts';
import { simulate } from '../../shared/domain/journeys/simulate/simulate.ts';
import { say } from '../progress.ts';
import { readSound } from './source.ts';
import { type FileTrace, readTraces, type TracesFile, writeExpected } from './traces-file.ts';

/** What a golden trace keeps of this persona's life. */
export const transcriptOf = (definition: ProgramDefinition, persona: Persona): string =>
  transcriptText(simulate(definition, persona, { resolveWait, formatLocal }, TRACE_LIMITS));

/** Runs the traces beside a file; gives 1 when one differs. `accept`: what differs is written down as expected. */
export const testFile = async (file: string, accept: boolean): Promise<number> => {
  const source = await readSound(file);
  if (!source) return 1;
  const traces = await readTraces(file);
  if (!traces) throw new Error(`${file} has no golden traces beside it`);
  const failed = runFileTraces(source.definition, traces.traces);
  if (failed.length > 0 && accept) await acceptTraces(traces, failed);
  else if (failed.length > 0) say(`\nWhere that is what you want: npm run program -- test ${file} --accept`);
  return failed.length > 0 && !accept ? 1 : 0;
};

interface FailedTrace {
  name: string;
  actual: string;
}

/** Runs traces and tells what came of each; gives those that did not pass. */
const runFileTraces = (definition: ProgramDefinition, traces: FileTrace[]): FailedTrace[] =>
  traces.flatMap(({ name, persona, expected }) => {
    const actual = transcriptOf(definition, persona);
    const difference = traceDifference(expected ?? '', actual);
    tellTrace(name, expected === null ? 'has no expected transcript yet' : difference);
    return difference ? [{ name, actual }] : [];
  });

/** Writes the transcripts of those traces that differ; gives how many there were. */
export const acceptTraces = async (traces: TracesFile, failed: FailedTrace[]): Promise<void> => {
  await writeExpected(traces, failed);
  say(`${traces.file}: ${failed.length} expected transcript${failed.length === 1 ? '' : 's'} written.`);
};

/** One line when it passed (null), else where it differs and how. */
export const tellTrace = (name: string, trouble: TraceDifference | string | null): void => {
  if (trouble === null) say(`${styleText('green', 'passed')}  ${name}`);
  else if (typeof trouble === 'string') say(`${styleText('red', 'FAILED')}  ${name}: it ${trouble}`);
  else {
    say(`${styleText('red', 'FAILED')}  ${name}: line ${trouble.line} differs`);
    for (const line of trouble.diff.split('\n')) say(`        ${styleText(colorOf(line), line)}`);
  }
};

const colorOf = (line: string) => (line.startsWith('- ') ? 'red' : line.startsWith('+ ') ? 'green' : 'dim');
