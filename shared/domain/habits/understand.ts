/**
 * What a coachee's words mean for their habits. Only what is said as people log a habit is taken for it, all else is left alone: a log that is not
 * understood is written once more, a sentence to the coach that was taken for a log is lost.
 */
import { fold } from '../journeys/steps/fold.ts';
import { amountIn } from './quantity.ts';
import { type Statement, statementIn, type Tracked, withoutNoise } from './statement.ts';
import { aliasesOf, isOfAnyVerb } from './subject.ts';
import { isOfTime, TIMES } from './units.ts';

/** An `amount` is in the habit's unit; of what is done several times a day and has no unit, it is that many times. It is what was said, of the whole day. */
export type HabitAct = { kind: 'done' } | { kind: 'amount'; amount: number } | { kind: 'skip' } | { kind: 'notDone' };

export interface UnderstoodHabit {
  habitId: string;
  act: HabitAct;
  /** What else was said, as written. */
  note?: string;
}

/** One act per habit, in the order said; `ambiguous`: it may be meant of each of these; null: the words are not about habits. */
export type HabitWords = UnderstoodHabit[] | { ambiguous: string[] } | null;

/** Longer texts are no logs. */
const TEXT_MAX = 300;

/** `language` is the coachee's (BCP 47); English, German and Spanish are understood of everybody. */
export function understand(text: string, habits: Tracked[], language = 'en'): HabitWords {
  const said = withoutNoise(text);
  // Who asks wants an answer, whatever stands beside it.
  if (said.length > TEXT_MAX || /[?¿]/.test(said)) return null;
  return (
    oneStatement(said, habits, language) ??
    severalStatements(said, habits, language) ??
    withNote(said, habits, language)
  );
}

function oneStatement(text: string, habits: Tracked[], language: string): HabitWords {
  const statement = statementIn(text, habits, language);
  return statement && meant(statement, habits);
}

/** Between statements; the comma of `7,5` is none. */
const BETWEEN = /\s*(?:;|\n|,(?!\d)|(?<!\d),)\s*(?:(?:and|und|y)\s+)?|\s+(?:and|und|y|&|\+)\s+/i;

/** Each must say by itself what it is about, and each of another habit. */
function severalStatements(text: string, habits: Tracked[], language: string): HabitWords {
  const parts = text.split(BETWEEN).filter((part) => part !== '');
  if (parts.length < 2) return null;
  const acts: UnderstoodHabit[] = [];
  for (const part of parts) {
    const statement = statementIn(part, habits, language);
    if (!statement?.isSpecific) return null;
    const words = meant(statement, habits);
    if (!Array.isArray(words)) return words;
    acts.push(...words);
  }
  return new Set(acts.map(({ habitId }) => habitId)).size === acts.length ? acts : null;
}

const BEFORE_NOTE = /\s*(?:[:(;\n]|[.!,](?=\s)|\s[-–—](?=\s))\s*/g;
/** What begins so takes back what was said, or puts it off. */
const CONTRARY = /^(?:but|not|no|later|tomorrow|soon|aber|nicht|spater|morgen|gleich|pero|manana|luego|despues)\b/;

/** `done, felt great`: after words that are clear by themselves; `yes, wait` is not. */
function withNote(text: string, habits: Tracked[], language: string): HabitWords {
  for (const { 0: sign, index } of text.matchAll(BEFORE_NOTE)) {
    const note = text
      .slice(index + sign.length)
      .replace(sign.includes('(') ? /\)\s*$/ : '', '')
      .trim();
    const statement = statementIn(text.slice(0, index), habits, language);
    if (!statement?.isClear || note === '') continue;
    if (saysMore(note, habits, language)) return null;
    const words = meant(statement, habits);
    return Array.isArray(words) ? words.map((act) => ({ ...act, note })) : words;
  }
  return null;
}

/** Something that a note would swallow: the contrary, another log, another habit. */
function saysMore(note: string, habits: Tracked[], language: string): boolean {
  const folded = fold(note);
  const statement = statementIn(note, habits, language);
  if (CONTRARY.test(folded) || (statement && habits.some((habit) => actOn(statement, habit)))) return true;
  return habits.flatMap(aliasesOf).some((alias) => ` ${folded} `.includes(` ${alias} `));
}

/** Whose habit it is: the one that is named, else one that was asked, else the only one that it can be. */
function meant(statement: Statement, habits: Tracked[]): HabitWords {
  const { subject, said } = statement;
  const fitting = (subject ?? habits).flatMap((habit) => {
    const act = actOn(statement, habit);
    return act ? [{ habit, act }] : [];
  });
  const asked = fitting.filter(({ habit }) => habit.asked);
  const chosen = asked.length > 0 ? asked : subject || mayBeUnasked(statement, habits) ? fitting : [];
  const acts = chosen.map(({ habit, act }): UnderstoodHabit => ({ habitId: habit.id, act }));
  if (acts.length === 0) return null;
  if (acts.length === 1 || ('kind' in said && said.reach === 'all')) return acts;
  return { ambiguous: acts.map(({ habitId }) => habitId) };
}

function mayBeUnasked({ said, verb }: Statement, habits: Tracked[]): boolean {
  if ('kind' in said) return said.reach === 'explicit' && habits.length === 1;
  return said.unit !== null && !verb && !isOfTime(said.unit);
}

function actOn({ said, verb, subject }: Statement, habit: Tracked): HabitAct | null {
  if ('kind' in said)
    return said.kind === 'done' && verb && habit.unit !== null && !verb.completes ? null : { kind: said.kind };
  if (verb && !subject && verb.of.length > 0 && isOfAnyVerb(habit)) return null;
  const own = habit.unit === null ? (habit.timesPerDay > 1 ? TIMES : null) : fold(habit.unit);
  const amount = own === null ? null : amountIn(said, own);
  return amount === null ? null : { kind: 'amount', amount };
}
