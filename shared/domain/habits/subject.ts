/** How people name a habit in what they write: by its name, its title, or a verb of its kind. */
import { fold } from '../journeys/steps/fold.ts';
import { FILLERS, VERBS, type Verb } from './vocabulary.ts';

/** `name` is a slug, e.g. `evening_walk`. */
interface Named {
  name: string;
  title: string;
}

/** Folded, the longest first. */
export function aliasesOf({ name, title }: Named): string[] {
  const aliases = [fold(name.replace(/[-_]+/g, ' ')), fold(title)].filter((alias) => alias !== '');
  return [...new Set(aliases)].sort((a, b) => b.length - a.length);
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
