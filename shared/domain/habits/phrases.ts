/** What Cairn itself says to a coachee about habits: short, friendly, honest, and without blame. */
import type { Adherence } from './adherence.ts';
import type { DayStatus, Streak } from './evaluate.ts';

/** One sign a day; what was not asked looks alike, whatever the reason. */
export const DAY_SIGNS: Record<DayStatus, string> = {
  done: '✅',
  partial: '🟨',
  missed: '⬜',
  frozen: '❄️',
  skipped: '➖',
  excused: '➖',
  vacation: '➖',
  rest: '➖',
  notDue: '➖',
  open: '⏳',
};

export const phrases = {
  digestGreeting: (name: string): string =>
    name === '' ? 'Hi! This was your week:' : `Hi ${name}! This was your week:`,
  digestShare: ({ done, counted }: Adherence): string => (counted === 0 ? 'nothing due' : `${done} of ${counted}`),
  /** Nothing of a streak that is none. */
  digestStreak: ({ current, unit }: Streak): string => {
    if (current === 0) return '';
    const one = unit === 'days' ? 'day' : 'week';
    return current === 1 ? `1 ${one} in a row` : `${current} ${one}s in a row`;
  },
  /** In the habit's first days it says little yet. */
  digestStrength: (strength: number): string => (strength < 0.1 ? '' : `strength ${Math.round(100 * strength)} %`),
  digestMore: (habits: number): string => `and ${habits} more`,
  /** One sentence on the whole week. */
  digestClosing: ({ done, counted }: Adherence): string => {
    if (counted === 0) return 'Nothing was due this week, and a pause is part of it.';
    const share = `${done} of ${counted}`;
    if (done === counted) return 'You did all that you set out to do: enjoy that!';
    if (done >= counted * 0.75) return `${share} in all: that is a strong week.`;
    if (done >= counted * 0.4) return `${share} in all: each of them counts, and the new week starts fresh.`;
    if (done > 0) return `${share} in all: it was not an easy week, and you kept the thread.`;
    return 'It did not come together this week, which happens to everyone; one small step is enough to begin again.';
  },
} as const;

const streakOf = ({ current, unit }: Streak): string =>
  current < 2 ? '' : ` That makes ${current} ${unit === 'weeks' ? 'weeks' : 'days'} in a row.`;

const list = (titles: string[]): string => titles.map((title) => `“${title}”`).join(' or ');

/** Answers to a coachee who has told of a habit. */
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
    [`${title}: ${today}`, phrases.digestStreak(streak), phrases.digestStrength(strength)].filter(Boolean).join(', '),
} as const;
