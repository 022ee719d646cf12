/** What a habit asks of a coachee, and on which days. */
import type { WeekdayCode } from '../reminders/rule.ts';
import { daysBetween, weekdayOf } from './days.ts';

export interface HabitRules {
  /** `timesPerDay`: so many check-ins make the day done; 1 where it is missing. */
  measure: { kind: 'yesNo'; timesPerDay?: number } | { kind: 'amount'; target: number; unit: string };
  schedule:
    | { kind: 'daily' }
    | { kind: 'weekdays'; days: WeekdayCode[] }
    /** Counted from the start date, which is the first of them. */
    | { kind: 'everyNDays'; n: number }
    /** On days of the coachee's own choice; a week begins on Monday. */
    | { kind: 'timesPerWeek'; times: number };
  /** HH:MM, '00:00' to '11:59': until then it still is yesterday. */
  dayStart: string;
  /** Days back that may still be filled in. */
  backfillDays: number;
  /** Misses (of weeks, where the habit goes by weeks) that each calendar month forgives. */
  freezesPerMonth: number;
  /** Weekdays on which nothing is asked and nothing is missed. */
  restDays: WeekdayCode[];
}

/** Whether the schedule asks on that day, rest days and vacations aside. A habit of x times a week may be done on any day. */
export function isScheduled({ schedule }: HabitRules, startDate: string, date: string): boolean {
  if (schedule.kind === 'weekdays') return schedule.days.includes(weekdayOf(date));
  return schedule.kind !== 'everyNDays' || daysBetween(startDate, date) % schedule.n === 0;
}

/** Days on which it is asked, per day: 1 for every day, 3/7 for three times a week. Never 0, not even where every day is one of rest. */
export function frequencyOf({ schedule, restDays }: HabitRules): number {
  switch (schedule.kind) {
    case 'daily':
      return perDay(7 - new Set(restDays).size);
    case 'weekdays':
      return perDay(new Set(schedule.days.filter((day) => !restDays.includes(day))).size);
    case 'everyNDays':
      return 1 / schedule.n;
    case 'timesPerWeek':
      return perDay(schedule.times);
  }
}

const perDay = (daysAWeek: number): number => Math.min(7, Math.max(1, daysAWeek)) / 7;
