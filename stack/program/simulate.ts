import { fieldErrors } from '../../shared/contracts/field-errors.ts';
import { persona } from '../../shared/contracts/programs.ts';
import type { Persona } from '../../shared/domain/journeys/simulate/persona.ts';
import { say } from '../progress.ts';
import { simulateCrowd } from './crowd.ts';
import { readSound } from './source.ts';
import { transcriptOf } from './test.ts';
import { readTraces } from './traces-file.ts';

interface Wishes {
  /** The persona of this golden trace. */
  trace?: string | undefined;
  zone?: string | undefined;
  start?: string | undefined;
  policy?: string | undefined;
  /** Of so many people a report, in place of one's transcript. */
  people?: string | undefined;
  /** Their starts are spread over so many days. */
  spread?: string | undefined;
  calendar?: string | undefined;
}

/** Tells what a coachee lives through, or what becomes of many. */
export const simulateFile = async (file: string, wishes: Wishes): Promise<number> => {
  const source = await readSound(file);
  if (!source) return 1;
  const who = wishes.trace === undefined ? personaOf(wishes) : await personaOfTrace(file, wishes.trace);
  if (wishes.people !== undefined || wishes.calendar !== undefined) {
    const { people = '1000', spread = '0', calendar } = wishes;
    const startSpreadDays = wholeNumber('spread', spread, 0, 366);
    const count = wholeNumber('people', people, 1, 5000);
    await simulateCrowd(source.definition, { count, startSpreadDays, first: who, calendar });
    return 0;
  }
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

const wholeNumber = (name: string, given: string, least: number, most: number): number => {
  const value = Number(given);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`--${name}: a whole number from ${least} to ${most}`);
};

const personaOfTrace = async (file: string, name: string): Promise<Persona> => {
  const trace = (await readTraces(file))?.traces.find((one) => one.name === name);
  if (!trace) throw new Error(`There is no trace ${name} beside ${file}`);
  return trace.persona;
};
