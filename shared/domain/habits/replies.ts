/** What Cairn says when a coachee has told of a habit: short, friendly, and without blame. */
import type { Streak } from './evaluate.ts';

const streakOf = ({ current, unit }: Streak): string =>
  current < 2 ? '' : ` That makes ${current} ${unit === 'weeks' ? 'weeks' : 'days'} in a row.`;

const list = (titles: string[]): string => titles.map((title) => `“${title}”`).join(' or ');

export const habitReplies = {
  /** `progress`: as `2 of 3 glasses`, where there is something to count. */
  done: (title: string, progress: string | null, streak: Streak): string =>
    `✓ ${title}${progress === null ? '' : `: ${progress}`}.${streakOf(streak)}`,
  begun: (title: string, progress: string | null): string =>
    progress === null ? `Noted: ${title}.` : `Noted: ${title}, ${progress}.`,
  skipped: (title: string): string => `All right, not today: ${title}. That does not count as missed.`,
  notDone: (title: string): string => `Thank you for telling me. ${title}: the next one is a new chance.`,
  snoozed: (time: string): string => `I will remind you again at ${time}.`,
  nothingOpen: 'That is settled already.',
  noted: 'Noted.',
  ambiguous: (titles: string[]): string => `Which one do you mean, ${list(titles)}? Please write it with its name.`,
  refused: (title: string, why: string): string => `${title} could not be noted: ${why}`,
  undone: (title: string, date: string): string => `Taken back: ${title} on ${date}.`,
  nothingToUndo: 'There is nothing to take back.',
  noHabits: 'You are not keeping any habits right now.',
  /** A line of the list that `/habits` gives. */
  standing: (title: string, today: string, streak: Streak, strength: number): string =>
    `${title}: ${today}, ${streak.current} ${streak.unit} in a row, strength ${Math.round(strength * 100)} %`,
} as const;
