/**
 * Where a coachee stands with a habit: what each day was, the streak, the strength, and how much of what was asked was done.
 * docs/decisions/0025-fair-streaks.md says why the rules are as they are.
 */
import { type Adherence, adherenceOf } from './adherence.ts';
import { addDays, datesFrom, weekdayOf, weekOf } from './days.ts';
import { evaluateByDays } from './evaluate-days.ts';
import { evaluateByWeeks } from './evaluate-weeks.ts';
import { freezer } from './freezes.ts';
import { type HabitRules, isScheduled } from './rules.ts';

/** What is kept of one day; of a date there is at most one. */
export interface DayRecord {
  date: string;
  /** Check-ins done. */
  done: number;
  /** In the habit's unit. */
  amount: number;
  skipped: boolean;
  /** 'proven': a reminder of that day certainly went out; 'unproven': one was due and none provably went out; 'none': none was due. */
  reminded: 'proven' | 'unproven' | 'none';
}

/** First and last day of the habit, null where it has no end, and its vacations, both days of each included. */
export interface HabitSpan {
  startDate: string;
  endDate: string | null;
  vacations: { from: string; to: string }[];
}

export type DayStatus =
  | 'done'
  /** Begun, and the day is over: missed for the streak, its share for the strength. */
  | 'partial'
  | 'missed'
  /** A miss that the month's budget forgave. */
  | 'frozen'
  | 'skipped'
  /** Not done, but no reminder provably went out. */
  | 'excused'
  | 'vacation'
  | 'rest'
  | 'notDue'
  | 'open';

/** `progress` is 0..1 of the day's target. */
export interface EvaluatedDay {
  date: string;
  status: DayStatus;
  progress: number;
  amount: number;
}

export interface HabitStanding {
  /** From the first day to today or the last one. */
  days: EvaluatedDay[];
  streak: Streak;
  /** 0..1. */
  strength: number;
  adherence: Adherence;
  /** Of today's month. */
  freezesLeft: number;
}

export interface Streak {
  current: number;
  longest: number;
  unit: 'days' | 'weeks';
}

/** A day before it is judged: what was done, and what the day would be if nothing had been. */
export interface PlainDay {
  date: string;
  done: boolean;
  progress: number;
  amount: number;
  /** Why nothing was asked on it at all, if so. */
  free: 'vacation' | 'rest' | 'notDue' | null;
  skipped: boolean;
  unproven: boolean;
  when: 'past' | 'today' | 'toCome';
}

/** What both ways of counting, by days and by weeks, find out. */
export type Judged = Pick<HabitStanding, 'days' | 'streak' | 'strength'>;

/**
 * `records` in any order, with none for days of which nothing is known; those outside the span and those after `today` are left out. `today` is the habit's
 * day of the coachee (`habitDayOf`). Takes time in proportion to the number of days.
 */
export function evaluate(rules: HabitRules, span: HabitSpan, records: DayRecord[], today: string): HabitStanding {
  const freezes = freezer(rules.freezesPerMonth);
  const plain = plainDays(rules, span, records, today);
  const judge = rules.schedule.kind === 'timesPerWeek' ? evaluateByWeeks : evaluateByDays;
  const judged = judge(rules, plain, freezes);
  return { ...judged, adherence: adherenceOf(judged.days), freezesLeft: freezes.left(today) };
}

/** Up to the end of the running week: what a week needs depends on its days to come as well. */
function plainDays(rules: HabitRules, span: HabitSpan, records: DayRecord[], today: string): PlainDay[] {
  const byDate = new Map(records.map((record) => [record.date, record]));
  const sunday = addDays(weekOf(today), 6);
  const last = span.endDate !== null && span.endDate < sunday ? span.endDate : sunday;
  return datesFrom(span.startDate, last).map((date) => {
    const record = date > today ? undefined : byDate.get(date);
    const progress = record ? progressOf(rules, record) : 0;
    return {
      ...{ date, done: progress === 1, progress, amount: record?.amount ?? 0, free: freeBy(rules, span, date) },
      skipped: record?.skipped ?? false,
      unproven: record?.reminded === 'unproven',
      when: date < today ? 'past' : date === today ? 'today' : 'toCome',
    };
  });
}

/** Amounts are added up in binary fractions: 0.7 and 0.1 are to be 0.8. */
const ALMOST_ALL = 1 - 1e-9;

function progressOf({ measure }: HabitRules, { done, amount }: DayRecord): number {
  const share = measure.kind === 'amount' ? amount / measure.target : done / (measure.timesPerDay ?? 1);
  return share >= ALMOST_ALL ? 1 : Math.max(0, share);
}

export function freeBy(rules: HabitRules, { startDate, vacations }: HabitSpan, date: string): PlainDay['free'] {
  if (vacations.some(({ from, to }) => from <= date && date <= to)) return 'vacation';
  if (rules.restDays.includes(weekdayOf(date))) return 'rest';
  return isScheduled(rules, startDate, date) ? null : 'notDue';
}

/** What a day counts so far: in the habit's unit, or in times. */
export function soFarOf({ measure }: HabitRules, { amount, progress }: EvaluatedDay): number {
  return measure.kind === 'amount' ? amount : Math.round(progress * (measure.timesPerDay ?? 1));
}
