import { fieldErrors } from '../../shared/contracts/field-errors.ts';
import { persona } from '../../shared/contracts/programs.ts';
import type { Persona } from '../../shared/domain/journeys/persona.ts';
import { say } from '../progress.ts';
import { readSound } from './source.ts';
import { transcriptOf } from './test.ts';
import { readTraces } from './traces-file.ts';

interface Wishes {
  /** The persona of this golden trace. */
  trace?: string | undefined;
  zone?: string | undefined;
  start?: string | undefined;
  policy?: string | undefined;
}

/** Tells what a coachee lives through. */
export const simulateFile = async (file: string, wishes: Wishes): Promise<number> => {
  const source = await readSound(file);
  if (!source) return 1;
  const who = wishes.trace === undefined ? personaOf(wishes) : await personaOfTrace(file, wishes.trace);
  say(`${who.name || 'A coachee without a name'}, ${who.timeZone}, from ${who.startAt}\n`);
  say(transcriptOf(source.definition, who).trimEnd());
  return 0;
};

/** By default somebody agreeable in this machine's time zone who begins now. Throws an Error that says what does not fit. */
const personaOf = ({ zone, start, policy }: Wishes): Persona => {
  const timeZone = zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const startAt = start ?? new Date().toISOString();
  const parsed = persona.safeParse({ name: 'Mira', timeZone, startAt, ...(policy !== undefined && { policy }) });
  if (parsed.success) return parsed.data;
  throw new Error(
    fieldErrors(parsed.error)
      .map(({ path, message }) => `${path}: ${message}`)
      .join('\n'),
  );
};

const personaOfTrace = async (file: string, name: string): Promise<Persona> => {
  const trace = (await readTraces(file))?.traces.find((one) => one.name === name);
  if (!trace) throw new Error(`There is no trace ${name} beside ${file}`);
  return trace.persona;
};
