/** Habits whose schedule says on which days: each day is judged by itself, and the streak counts days. */
import type { DayStatus, Judged, PlainDay } from './evaluate.ts';
import type { Freezes } from './freezes.ts';
import { frequencyOf, type HabitRules } from './rules.ts';
import { smoothed, smoothedUp } from './strength.ts';

/** Days in order; a missed one takes a freeze while there is one. */
export function evaluateByDays(rules: HabitRules, plain: PlainDay[], freezes: Freezes): Judged {
  const frequency = frequencyOf(rules);
  const weight = { frequency, days: 1 / frequency };
  let strength = 0;
  let current = 0;
  let longest = 0;
  const days = plain
    .filter(({ when }) => when !== 'toCome')
    .map((day) => {
      const status = statusOf(day, freezes);
      const broken = status === 'missed' || status === 'partial';
      if (status === 'done') current += 1;
      else if (broken) current = 0;
      longest = Math.max(longest, current);
      if (status !== 'open') strength = (broken ? smoothed : smoothedUp)(strength, day.progress, weight);
      return { date: day.date, status, progress: day.progress, amount: day.amount };
    });
  return { days, streak: { current, longest, unit: 'days' }, strength };
}

function statusOf(day: PlainDay, freezes: Freezes): DayStatus {
  if (day.done) return 'done';
  if (day.free) return day.free;
  if (day.skipped) return 'skipped';
  if (day.when === 'today') return 'open';
  if (day.unproven) return 'excused';
  if (freezes.take(day.date)) return 'frozen';
  return day.progress > 0 ? 'partial' : 'missed';
}
