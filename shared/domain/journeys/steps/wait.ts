/** Waits: for a duration, or until a local time, a weekday or a date in the coachee's time zone. */
import { z } from 'zod';
import type { WaitRule, Weekday } from '../messages.ts';
import { duration, durationRule, durationSeconds, stepFields, timeOfDay } from './fields.ts';
import { type StepFinding, stepKind } from './kind.ts';

const WEEKDAYS = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const satisfies Weekday[];

/**
 * `{time}`: the next time it is that; with `afterDays` at least so many calendar days on. `{time, weekday}`: the next
 * such weekday. `{time, date}`: that day, or at once when it is past.
 */
const until = z
  .strictObject({
    time: timeOfDay,
    afterDays: z.int().min(0).max(1830).optional(),
    weekday: z.enum(WEEKDAYS).optional(),
    date: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}$/, 'a date as YYYY-MM-DD')
      .optional(),
  })
  .refine(
    ({ afterDays, weekday, date }) => [afterDays, weekday, date].filter((given) => given !== undefined).length <= 1,
    'at most one of afterDays, weekday and date',
  );

const schema = z
  .strictObject({ type: z.literal('wait'), ...stepFields, for: duration.optional(), until: until.optional() })
  .refine((step) => (step.for === undefined) !== (step.until === undefined), 'a wait has either `for` or `until`');

type WaitStep = z.output<typeof schema>;

export const wait = stepKind({
  schema,
  enter(step) {
    const rule = ruleOf(step);
    return { move: 'wait', rule, changes: [{ record: 'waiting', detail: { rule: { ...rule } } }] };
  },
  on: (_, event) => (event.type === 'due' ? { move: 'goOn' } : null),
  // Less than a minute does not slow a round down, and neither does a date: the second time it is past.
  exits(step) {
    const pauses = step.for ? durationSeconds(step.for) >= 60 : step.until?.date === undefined;
    const { time, date } = step.until ?? {};
    return [
      {
        ...{ to: null, path: ['next'], pause: pauses ? 'time' : 'none', lasts: lengthOf(step) },
        ...(time !== undefined && date !== undefined && { notBefore: { date, time } }),
      },
    ];
  },
  check: (step) => (step.until?.date === undefined || isDate(step.until.date) ? [] : [noSuchDate(step.until.date)]),
});

function ruleOf({ for: length, until: moment }: WaitStep): WaitRule {
  if (length) return durationRule(length);
  const { time = '00:00', afterDays, weekday, date } = moment ?? {};
  if (weekday) return { kind: 'weekday', weekday, time };
  if (date) return { kind: 'date', date, time };
  return { kind: 'localTime', time, ...(afterDays && { afterDays }) };
}

const DAY_SECONDS = 86_400;

function lengthOf({ for: length, until }: WaitStep): { least: number; most: number } {
  if (length) return { least: durationSeconds(length), most: durationSeconds(length) };
  const { afterDays = 0, weekday, date } = until ?? {};
  if (date !== undefined) return { least: 0, most: Number.POSITIVE_INFINITY };
  if (weekday !== undefined) return { least: 0, most: 7 * DAY_SECONDS };
  return { least: Math.max(0, afterDays - 1) * DAY_SECONDS, most: (afterDays + 1) * DAY_SECONDS };
}

/** Whether the calendar has that day: 2026-02-30 is none. */
function isDate(date: string): boolean {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return year >= 1970 && day >= 1 && day <= (lengths[month - 1] ?? 0);
}

function noSuchDate(date: string): StepFinding {
  return {
    code: 'invalidDate',
    severity: 'error',
    path: ['until', 'date'],
    message: `${date} is not a day of the calendar.`,
    remedy: 'Write an existing day from 1970 on as YYYY-MM-DD.',
  };
}
