/** How people name a habit in what they write: by its name, its title, or a verb of its kind. */
import { fold } from '../journeys/steps/fold.ts';
import { isOfTime } from './units.ts';
import { FILLERS, MANNERS, VERBS, type Verb } from './vocabulary.ts';

/** `name` is a slug, e.g. `evening_walk`. */
interface Named {
  name: string;
  title: string;
}

/** Folded, the longest first. Of two words the second says what it is about: "water 2" is meant of "Drink water". */
export function aliasesOf({ name, title }: Named): string[] {
  const whole = [fold(name.replace(/[-_]+/g, ' ')), fold(title)].filter((alias) => alias !== '');
  const aliases = whole.flatMap((alias) => [alias, ...secondOfTwo(alias)]);
  return [...new Set(aliases)].sort((a, b) => b.length - a.length);
}

const WORD_LEAST = 3;
/** Of "No sugar" the second word is what is not to be. */
const WITHOUT = ['no', 'not', 'without', 'stop', 'quit', 'less', 'kein', 'keine', 'ohne', 'weniger', 'sin', 'menos'];

/** A number, a unit of time or a manner names nothing: "walk 10", "ten minutes". */
function secondOfTwo(alias: string): string[] {
  const [first = '', second = '', ...others] = alias.split(' ');
  const isName = second.length >= WORD_LEAST && !/\d/.test(second) && !isOfTime(second) && !MANNERS.includes(second);
  return isName && others.length === 0 && !WITHOUT.includes(first) ? [second] : [];
}

export interface NamedHabits<Habit> {
  /** More than one where they share a name. */
  subject: Habit[];
  comesFirst: boolean;
  /** What else is said. */
  rest: string;
}

/** The habits that the words (folded) begin or end with, by the longest of their names; null where none is named. */
export function namedIn<Habit extends Named>(words: string, habits: Habit[]): NamedHabits<Habit> | null {
  const aliases = [...new Set(habits.flatMap(aliasesOf))].sort((a, b) => b.length - a.length);
  const alias = aliases.find((name) => around(words, name) !== null);
  if (alias === undefined) return null;
  const subject = habits.filter((habit) => aliasesOf(habit).includes(alias));
  return { subject, comesFirst: words.startsWith(alias), rest: trimmed(around(words, alias) ?? '', FILLERS) };
}

/** The verb that the words begin or end with, and what else is said; `gelaufen` is of those who walk and of those who run. */
export function verbIn(words: string): { verb: Verb; rest: string } | null {
  for (const said of VERBS.flatMap((verb) => verb.said)) {
    const rest = around(words, said);
    if (rest === null) continue;
    const verbs = VERBS.filter((verb) => verb.said.includes(said));
    const verb = {
      said: [said],
      of: verbs.flatMap(({ of }) => of),
      completes: verbs.some(({ completes }) => completes),
    };
    return { verb, rest: trimmed(rest, FILLERS) };
  }
  return null;
}

export function isOfVerb(habit: Named, { of }: Verb): boolean {
  const words = aliasesOf(habit).flatMap((alias) => alias.split(' '));
  return of.some((beginning) => words.some((word) => word.startsWith(beginning)));
}

/** "walked 5 km" may be said of a habit of moving, which no verb calls, and not of one of running. */
export function isOfAnyVerb(habit: Named): boolean {
  return VERBS.some((verb) => isOfVerb(habit, verb));
}

/** What is left of the words before or after the part; null where it stands at neither end. */
function around(words: string, part: string): string | null {
  if (words === part) return '';
  if (words.startsWith(`${part} `)) return words.slice(part.length + 1);
  return words.endsWith(` ${part}`) ? words.slice(0, -part.length - 1) : null;
}

/** Without such words at either end. */
export function trimmed(words: string, noise: string[]): string {
  for (const part of noise) {
    const rest = around(words, part);
    if (rest !== null) return rest === '' ? words : trimmed(rest, noise);
  }
  return words;
}
