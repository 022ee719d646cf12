/** The weekly message on all habits of a coachee. */
import { type Adherence, adherenceOf, joinedAdherence } from './adherence.ts';
import { addDays, datesFrom } from './days.ts';
import type { EvaluatedDay, Streak } from './evaluate.ts';
import { DAY_SIGNS, phrases } from './phrases.ts';

export interface DigestHabit {
  title: string;
  /** Of a week that is over, up to seven in a row; days that the habit does not have are blank. */
  days: EvaluatedDay[];
  streak: Streak;
  /** 0..1. */
  strength: number;
}

/** Further habits are joined in one line, so that eight stay within 1,000 characters. */
const LINES_MAX = 8;
const TITLE_MAX = 40;
const NAME_MAX = 40;

/** Plain text: a line per habit, oldest day first, and one sentence. Empty where there is no habit. */
export function weeklyDigest({ name, habits }: { name: string; habits: DigestHabit[] }): string {
  if (habits.length === 0) return '';
  const dates = weekOfAll(habits);
  const shown = habits.length > LINES_MAX ? habits.slice(0, LINES_MAX - 1) : habits;
  return [
    phrases.digestGreeting(shortened(name, NAME_MAX)),
    '',
    ...shown.map((habit) => lineOf(habit, dates)),
    ...moreLine(habits.slice(shown.length)),
    '',
    phrases.digestClosing(adherenceOfAll(habits)),
  ].join('\n');
}

/** The seven days up to the last one that any habit has. */
function weekOfAll(habits: DigestHabit[]): string[] {
  const last = habits
    .flatMap(({ days }) => days.map(({ date }) => date))
    .sort()
    .at(-1);
  return last === undefined ? [] : datesFrom(addDays(last, -6), last);
}

function lineOf({ title, days, streak, strength }: DigestHabit, dates: string[]): string {
  const statuses = new Map(days.map(({ date, status }) => [date, status]));
  const row = dates.map((date) => DAY_SIGNS[statuses.get(date) ?? 'notDue']).join('');
  const facts = [
    phrases.digestShare(adherenceOf(days)),
    phrases.digestStreak(streak),
    phrases.digestStrength(strength),
  ].filter((fact) => fact !== '');
  return `${row} ${shortened(title, TITLE_MAX)}: ${facts.join(', ')}`.trim();
}

function moreLine(rest: DigestHabit[]): string[] {
  return rest.length === 0 ? [] : [`${phrases.digestMore(rest.length)}: ${phrases.digestShare(adherenceOfAll(rest))}`];
}

const adherenceOfAll = (habits: DigestHabit[]): Adherence =>
  joinedAdherence(habits.map(({ days }) => adherenceOf(days)));

function shortened(text: string, max: number): string {
  const signs = [...text.replace(/\s+/g, ' ').trim()];
  return signs.length > max
    ? `${signs
        .slice(0, max - 1)
        .join('')
        .trimEnd()}…`
    : signs.join('');
}
