/** Habits, lives with them, and evaluations of both, made up by chance. */
import fc from 'fast-check';
import { addDays, datesFrom } from '../../shared/domain/habits/days.ts';
import { type DayRecord, evaluate, type HabitSpan, type HabitStanding } from '../../shared/domain/habits/evaluate.ts';
import type { HabitRules } from '../../shared/domain/habits/rules.ts';
import { WEEKDAY_CODES, type WeekdayCode } from '../../shared/domain/reminders/rule.ts';

export interface Life {
  rules: HabitRules;
  span: HabitSpan;
  records: DayRecord[];
  today: string;
}

export const standingOf = ({ rules, span, records, today }: Life): HabitStanding =>
  evaluate(rules, span, records, today);

export const rulesOf = (given: Partial<HabitRules> = {}): HabitRules => ({
  measure: { kind: 'yesNo' },
  schedule: { kind: 'daily' },
  dayStart: '00:00',
  backfillDays: 7,
  freezesPerMonth: 0,
  restDays: [],
  ...given,
});

const dayOf = (date: string, given: Partial<DayRecord> = {}): DayRecord => ({
  ...{ date, done: 0, amount: 0, skipped: false, reminded: 'none' },
  ...given,
});

/** What each sign of `drawn` stands for: the record of a day. */
const DRAWN: Record<string, Partial<DayRecord>> = {
  x: { done: 1, reminded: 'proven' },
  '.': { reminded: 'proven' },
  '-': {},
  '?': { reminded: 'unproven' },
  s: { skipped: true, reminded: 'proven' },
  h: { amount: 1, reminded: 'proven' },
};

/** A life from a Monday on, a sign a day; today is the day of the last sign. Blanks are for the eye. */
export function drawn(picture: string, rules: Partial<HabitRules> = {}, span: Partial<HabitSpan> = {}): Life {
  const startDate = '2026-06-01';
  const records = [...picture.replaceAll(' ', '')].map((sign, i) => dayOf(addDays(startDate, i), DRAWN[sign]));
  return {
    ...{ rules: rulesOf(rules), records, today: records.at(-1)?.date ?? startDate },
    span: { startDate, endDate: null, vacations: [], ...span },
  };
}

/** Its days in a word each, as `drawn` takes them. */
export const statusesOf = (life: Life): string[] => standingOf(life).days.map(({ status }) => status);

const measures = fc.oneof(
  fc.constant({ kind: 'yesNo' as const }),
  fc.record({ kind: fc.constant('yesNo' as const), timesPerDay: fc.integer({ min: 2, max: 3 }) }),
  fc.record({ kind: fc.constant('amount' as const), target: fc.constant(4), unit: fc.constant('glasses') }),
);

const weekdays = fc.subarray([...WEEKDAY_CODES], { minLength: 1 });
const byDays = fc.oneof(
  fc.constant({ kind: 'daily' as const }),
  fc.record({ kind: fc.constant('weekdays' as const), days: weekdays }),
  fc.record({ kind: fc.constant('everyNDays' as const), n: fc.integer({ min: 1, max: 9 }) }),
);
const byWeeks = fc.record({ kind: fc.constant('timesPerWeek' as const), times: fc.integer({ min: 1, max: 7 }) });

const rulesWith = (schedule: fc.Arbitrary<HabitRules['schedule']>): fc.Arbitrary<HabitRules> =>
  fc.record({
    ...{ measure: measures, schedule, dayStart: fc.constant('00:00'), backfillDays: fc.constant(7) },
    freezesPerMonth: fc.integer({ min: 0, max: 3 }),
    restDays: fc.oneof(
      { weight: 3, arbitrary: fc.constant<WeekdayCode[]>([]) },
      fc.subarray([...WEEKDAY_CODES], { minLength: 1, maxLength: 4 }),
    ),
  });

const lifeWith = (rules: fc.Arbitrary<HabitRules>): fc.Arbitrary<Life> =>
  fc
    .record({ rules, start: fc.integer({ min: 0, max: 60 }), length: fc.integer({ min: 1, max: 120 }) })
    .chain(({ rules, start, length }) => {
      const startDate = addDays('2026-01-01', start);
      const today = addDays(startDate, length - 1);
      const offset = fc.integer({ min: 0, max: length + 10 });
      const record = fc.record({
        ...{ done: fc.integer({ min: 0, max: 3 }), amount: fc.integer({ min: 0, max: 5 }) },
        skipped: fc.integer({ min: 0, max: 5 }).map((chance) => chance === 0),
        reminded: fc.constantFrom('proven' as const, 'proven' as const, 'unproven' as const, 'none' as const),
      });
      return fc.record({
        ...{ rules: fc.constant(rules), today: fc.constant(today) },
        span: fc.record({
          startDate: fc.constant(startDate),
          endDate: fc.option(
            offset.map((days) => addDays(startDate, days)),
            { freq: 4 },
          ),
          vacations: fc.array(
            fc.tuple(offset, fc.integer({ min: 0, max: 12 })).map(([from, days]) => ({
              from: addDays(startDate, from),
              to: addDays(startDate, from + days),
            })),
            { maxLength: 2 },
          ),
        }),
        records: fc
          .array(record, { minLength: length, maxLength: length })
          .map((all) => all.map((given, i) => dayOf(addDays(startDate, i), given))),
      });
    });

export const livesByDays = lifeWith(rulesWith(byDays));
export const livesByWeeks = lifeWith(rulesWith(byWeeks));
export const lives = fc.oneof(livesByDays, livesByWeeks);

/** The same life with other records of some days. */
export function changed(life: Life, chosen: (date: string) => boolean, given: Partial<DayRecord>): Life {
  return { ...life, records: life.records.map((record) => (chosen(record.date) ? { ...record, ...given } : record)) };
}

/** More than any measure asks for. */
export const DONE: Partial<DayRecord> = { done: 9, amount: 9 };

/** Every day from the first to today done. */
export function alwaysDone(life: Life): Life {
  const records = datesFrom(life.span.startDate, life.today).map((date) => dayOf(date, DONE));
  return { ...life, records };
}
