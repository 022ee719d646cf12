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
