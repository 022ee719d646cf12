import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adherenceRate } from '../../shared/domain/habits/adherence.ts';
import { addDays, weekOf } from '../../shared/domain/habits/days.ts';
import type { HabitStanding } from '../../shared/domain/habits/evaluate.ts';
import {
  alwaysDone,
  changed,
  DONE,
  type Life,
  lives,
  livesByDays,
  livesByWeeks,
  standingOf,
} from './standing-cases.ts';

const RUNS = { numRuns: 600 };
/** What sums of fractions may differ by. */
const HAIR = 1e-12;

/** Nothing of it is worse than before; what is kept of single days aside. */
function expectNoWorse(after: HabitStanding, before: HabitStanding): void {
  expect(after.streak.current).toBeGreaterThanOrEqual(before.streak.current);
  expect(after.streak.longest).toBeGreaterThanOrEqual(before.streak.longest);
  expect(after.strength).toBeGreaterThanOrEqual(before.strength - HAIR);
  expect(after.freezesLeft).toBeGreaterThanOrEqual(before.freezesLeft);
  expect(rate(after)).toBeGreaterThanOrEqual(rate(before) - HAIR);
}

const rate = ({ adherence }: HabitStanding): number => adherenceRate(adherence) ?? 1;

/** A life, and some of its days. */
const withDays = fc
  .tuple(lives, fc.infiniteStream(fc.boolean()))
  .map(([life, coins]): [Life, Set<string>] => [
    life,
    new Set(life.records.filter(() => coins.next().value).map(({ date }) => date)),
  ]);

describe('every standing', () => {
  it('has a streak that is not negative and not above the longest, and shares from 0 to 1', () => {
    fc.assert(
      fc.property(lives, (life) => {
        const { streak, strength, adherence, freezesLeft, days } = standingOf(life);
        expect(streak.current).toBeGreaterThanOrEqual(0);
        expect(streak.longest).toBeGreaterThanOrEqual(streak.current);
        for (const share of [strength, ...days.map(({ progress }) => progress)]) {
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThanOrEqual(1);
        }
        expect(adherence.counted).toBeGreaterThanOrEqual(adherence.done);
        expect(freezesLeft).toBeGreaterThanOrEqual(0);
      }),
      RUNS,
    );
  });

  it('does not depend on the order of the records', () => {
    const shuffled = lives.chain((life) =>
      fc.tuple(fc.constant(life), fc.shuffledSubarray(life.records, { minLength: life.records.length })),
    );
    fc.assert(
      fc.property(shuffled, ([life, records]) => {
        expect(standingOf({ ...life, records })).toEqual(standingOf(life));
      }),
    );
  });

  it('forgives no more in a month than its budget', () => {
    fc.assert(
      fc.property(livesByDays, (life) => {
        const frozen = standingOf(life).days.filter(({ status }) => status === 'frozen');
        for (const days of Map.groupBy(frozen, ({ date }) => date.slice(0, 7)).values()) {
          expect(days.length).toBeLessThanOrEqual(life.rules.freezesPerMonth);
        }
      }),
      RUNS,
    );
    fc.assert(
      fc.property(livesByWeeks, (life) => {
        const frozen = standingOf(life).days.filter(({ status }) => status === 'frozen');
        const sundays = new Set(frozen.map(({ date }) => lastOfWeek(life, date)));
        for (const weeks of Map.groupBy(sundays, (date) => date.slice(0, 7)).values()) {
          expect(weeks.length).toBeLessThanOrEqual(life.rules.freezesPerMonth);
        }
      }),
      RUNS,
    );
  });

  it('grows to full strength with every day done, as long as any is asked', () => {
    fc.assert(
      fc.property(lives, (life) => {
        const long = alwaysDone({
          ...life,
          span: { ...life.span, endDate: null, vacations: [] },
          today: addDays(life.span.startDate, 2000),
        });
        const { strength, streak, adherence } = standingOf(long);
        expect(strength).toBeGreaterThan(0.99);
        expect(streak.current).toBe(streak.longest);
        expect(adherence.done).toBe(adherence.counted);
      }),
      { numRuns: 100 },
    );
  });
});

describe('what changes later', () => {
  it('is no worse for any days done, be they backfilled or new', () => {
    fc.assert(
      fc.property(withDays, ([life, days]) => {
        expectNoWorse(standingOf(changed(life, (date) => days.has(date), DONE)), standingOf(life));
      }),
      RUNS,
    );
  });

  it('is no worse for a single day done, whether the skip of it is taken back or kept', () => {
    fc.assert(
      fc.property(lives, fc.nat(), fc.boolean(), (life, at, skipped) => {
        const chosen = life.records[at % life.records.length]?.date;
        const done = changed(life, (date) => date === chosen, { ...DONE, skipped });
        expectNoWorse(standingOf(done), standingOf(life));
      }),
      RUNS,
    );
  });

  it('is no worse for an outage than for reminders that went out', () => {
    fc.assert(
      fc.property(withDays, ([life, days]) => {
        const reminded = changed(life, (date) => days.has(date), { reminded: 'proven' });
        const outage = changed(life, (date) => days.has(date), { reminded: 'unproven' });
        expectNoWorse(standingOf(outage), standingOf(reminded));
      }),
      RUNS,
    );
  });

  it('leaves settled days as they were', () => {
    fc.assert(
      fc.property(lives, fc.nat({ max: 40 }), (life, later) => {
        const before = standingOf(life);
        const after = standingOf({ ...life, today: addDays(life.today, later) });
        const byWeeks = life.rules.schedule.kind === 'timesPerWeek';
        const settledBefore = byWeeks ? weekOf(life.today) : life.today;
        const settled = before.days.filter(({ date }) => date < settledBefore);
        expect(after.days.slice(0, settled.length)).toEqual(settled);
      }),
      RUNS,
    );
  });
});

describe('a day of which nothing is asked', () => {
  const next = (life: Life): string => addDays(life.today, 1);
  const open = livesByDays.map((life): Life => ({ ...life, span: { ...life.span, endDate: null, vacations: [] } }));
  /** As it stands when today is over and was done, so that the day after is all that is new. */
  const settled = (life: Life): Life => changed(life, (date) => date === life.today, DONE);

  it.each<[string, (life: Life) => Life]>([
    ['vacation', (life) => ({ ...life, span: { ...life.span, vacations: [{ from: next(life), to: next(life) }] } })],
    [
      'skipped',
      (life) => ({
        ...life,
        records: [...life.records, { date: next(life), done: 0, amount: 0, skipped: true, reminded: 'proven' }],
      }),
    ],
    [
      'outage',
      (life) => ({
        ...life,
        records: [...life.records, { date: next(life), done: 0, amount: 0, skipped: false, reminded: 'unproven' }],
      }),
    ],
  ])('changes nothing: %s', (_, neutral) => {
    fc.assert(
      fc.property(open, (given) => {
        const life = settled(given);
        const before = standingOf(life);
        // The day after the neutral one is today, so that the neutral one is judged.
        const after = standingOf({ ...neutral(life), today: addDays(life.today, 2) });
        const { streak, strength, adherence } = after;
        expect({ streak, strength, adherence }).toEqual({
          ...{ streak: before.streak, strength: before.strength, adherence: before.adherence },
        });
      }),
      RUNS,
    );
  });

  it('changes nothing: a whole week of vacation, in a habit of x times a week', () => {
    fc.assert(
      fc.property(livesByWeeks, (given) => {
        const sunday = addDays(weekOf(given.today), 6);
        const life = { ...given, today: sunday, span: { ...given.span, endDate: null, vacations: [] } };
        const vacations = [{ from: addDays(sunday, 8), to: addDays(sunday, 14) }];
        const before = standingOf({ ...life, today: addDays(sunday, 8) });
        const after = standingOf({ ...life, today: addDays(sunday, 15), span: { ...life.span, vacations } });
        expect(after.streak).toEqual(before.streak);
        expect(after.strength).toBe(before.strength);
        expect(after.adherence).toEqual(before.adherence);
      }),
      RUNS,
    );
  });
});

function lastOfWeek({ span: { endDate } }: Life, date: string): string {
  const sunday = addDays(weekOf(date), 6);
  return endDate !== null && endDate < sunday ? endDate : sunday;
}
