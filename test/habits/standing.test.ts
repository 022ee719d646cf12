import { describe, expect, it } from 'vitest';
import type { HabitRules } from '../../shared/domain/habits/rules.ts';
import { drawn, standingOf, statusesOf } from './standing-cases.ts';

const weekly = (times: number): Partial<HabitRules> => ({ schedule: { kind: 'timesPerWeek', times } });
const days = (picture: string, rules: Partial<HabitRules> = {}, span = {}) => statusesOf(drawn(picture, rules, span));
const streak = (picture: string, rules: Partial<HabitRules> = {}, span = {}) => {
  const { current, longest } = standingOf(drawn(picture, rules, span)).streak;
  return [current, longest];
};

// Pictures begin on Monday, 1 June 2026, and end today: x done, . missed with a reminder, - missed without any due, ? missed with a reminder
// that failed, s skipped, h an amount of 1.

describe('a habit of certain days', () => {
  it('counts today once it is done, and is not broken by a today that is open', () => {
    expect(streak('xxx')).toEqual([3, 3]);
    expect(streak('xxx.')).toEqual([3, 3]);
    expect(days('x.')).toEqual(['done', 'open']);
    expect(streak('xxx.x')).toEqual([1, 3]);
  });

  it('misses a day only if its reminder provably went out, or none was due', () => {
    expect(days('.-?x')).toEqual(['missed', 'missed', 'excused', 'done']);
    expect(streak('xx?x')).toEqual([3, 3]);
    expect(streak('xx-x')).toEqual([1, 2]);
  });

  it('is neither extended nor broken by what was skipped, on vacation or a day of rest', () => {
    const vacations = [{ from: '2026-06-03', to: '2026-06-04' }];
    expect(days('xs..x', {}, { vacations })).toEqual(['done', 'skipped', 'vacation', 'vacation', 'done']);
    expect(streak('xs..x', {}, { vacations })).toEqual([2, 2]);
    expect(days('xxxxx..x', { restDays: ['SA', 'SU'] }).slice(5)).toEqual(['rest', 'rest', 'done']);
    expect(streak('xxxxx..x', { restDays: ['SA', 'SU'] })).toEqual([6, 6]);
  });

  it('is extended by what is done on a day on which nothing was asked', () => {
    const vacations = [{ from: '2026-06-02', to: '2026-06-03' }];
    expect(days('xx..', {}, { vacations })).toEqual(['done', 'done', 'vacation', 'open']);
    expect(streak('xx..', {}, { vacations })).toEqual([2, 2]);
  });

  it('asks on chosen weekdays, or every n days from the first on', () => {
    const days3 = { schedule: { kind: 'everyNDays' as const, n: 3 } };
    expect(days('x..x..x', days3)).toEqual(['done', 'notDue', 'notDue', 'done', 'notDue', 'notDue', 'done']);
    expect(streak('x..x..x', days3)).toEqual([3, 3]);
    const some = { schedule: { kind: 'weekdays' as const, days: ['MO' as const, 'WE' as const] } };
    expect(days('x...', some)).toEqual(['done', 'notDue', 'missed', 'notDue']);
  });

  it('forgives the first misses of each month, while there are freezes', () => {
    const life = drawn('x..x.x', { freezesPerMonth: 2 });
    expect(statusesOf(life)).toEqual(['done', 'frozen', 'frozen', 'done', 'missed', 'done']);
    expect(standingOf(life).freezesLeft).toBe(0);
    expect(standingOf({ ...life, today: '2026-07-01' }).freezesLeft).toBe(2);
    // What is forgiven was not done all the same.
    expect(standingOf(life).adherence).toEqual({ done: 3, counted: 6 });
  });

  it('is done by several check-ins, or by an amount, and begun by less', () => {
    const twice: Partial<HabitRules> = { measure: { kind: 'yesNo', timesPerDay: 2 } };
    expect(days('xx', twice)).toEqual(['partial', 'open']);
    const amount: Partial<HabitRules> = { measure: { kind: 'amount', target: 4, unit: 'glasses' } };
    const begun = standingOf(drawn('hh.', amount));
    expect(begun.days.map(({ status, progress, amount }) => ({ status, progress, amount }))).toEqual([
      { status: 'partial', progress: 0.25, amount: 1 },
      { status: 'partial', progress: 0.25, amount: 1 },
      { status: 'open', progress: 0, amount: 0 },
    ]);
    expect(begun.streak.longest).toBe(0);
    expect(begun.strength).toBeGreaterThan(0);
    expect(begun.adherence).toEqual({ done: 0, counted: 2 });
  });

  it('takes amounts that binary fractions miss by a hair for reached', () => {
    const life = drawn('h', { measure: { kind: 'amount', target: 0.8, unit: 'l' } });
    const records = life.records.map((record) => ({ ...record, amount: 0.7 + 0.1 }));
    expect(0.7 + 0.1).toBeLessThan(0.8);
    expect(statusesOf({ ...life, records })).toEqual(['done']);
  });

  it('ends with its last day, and has no days before its first', () => {
    expect(days('xx...', {}, { endDate: '2026-06-02' })).toEqual(['done', 'done']);
    const early = { ...drawn('x'), today: '2026-05-31' };
    expect(standingOf(early)).toMatchObject({ days: [], streak: { current: 0, longest: 0 }, strength: 0 });
  });
});

describe('strength', () => {
  it('is half after 13 days of a daily habit, as in Loop Habit Tracker', () => {
    expect(standingOf(drawn('x'.repeat(13))).strength).toBeCloseTo(0.5, 10);
  });

  it('takes as many days at any frequency as Loop takes: 13 over the root of it', () => {
    const every4 = { schedule: { kind: 'everyNDays' as const, n: 4 } };
    // Half way after 26 days: six and a half due days; 7 of them stand for 28 days.
    expect(standingOf(drawn('x---'.repeat(7), every4)).strength).toBeCloseTo(1 - 0.5 ** (28 / 26), 10);
    const weeks = standingOf(drawn('x------'.repeat(4), weekly(1)));
    expect(weeks.strength).toBeCloseTo(1 - 0.5 ** ((28 * Math.sqrt(1 / 7)) / 13), 10);
  });

  it('loses little by one miss after a long time', () => {
    const { strength } = standingOf(drawn(`${'x'.repeat(100)}.x`));
    expect(strength).toBeGreaterThan(0.94);
    expect(strength).toBeLessThan(standingOf(drawn('x'.repeat(102))).strength);
  });
});

describe('a habit of x times a week', () => {
  it('counts weeks, the running one as soon as it is complete', () => {
    expect(streak('x.x.x.. xx..x.. x.', weekly(3))).toEqual([2, 2]);
    expect(streak('x.x.x.. xx..x.. xxx', weekly(3))).toEqual([3, 3]);
    expect(standingOf(drawn('x', weekly(1))).streak.unit).toBe('weeks');
  });

  it('is asked nothing of single days while a week is complete, or runs', () => {
    expect(days('x.x.x.. x..', weekly(3)).slice(0, 8)).toEqual([
      ...['done', 'notDue', 'done', 'notDue', 'done', 'notDue', 'notDue'],
      'done',
    ]);
    expect(days('x..', weekly(3))).toEqual(['done', 'notDue', 'open']);
  });

  it('misses what a week lacked on its last days', () => {
    expect(days('x...... .', weekly(3))).toEqual([
      ...['done', 'notDue', 'notDue', 'notDue', 'notDue', 'missed', 'missed'],
      'open',
    ]);
    expect(streak('xxx.... x...... xxx....', weekly(3))).toEqual([1, 1]);
    expect(standingOf(drawn('x...... .', weekly(3))).adherence).toEqual({ done: 1, counted: 3 });
  });

  it('excuses a week that the days without reminder, or those skipped, could have completed', () => {
    expect(streak('xxx.... x.??... xxx....', weekly(3))).toEqual([2, 2]);
    expect(streak('xxx.... x.s?... xxx....', weekly(3))).toEqual([2, 2]);
    expect(days('x.??... .', weekly(3)).slice(0, 7)).toEqual([
      ...['done', 'notDue', 'excused', 'excused', 'notDue', 'notDue', 'notDue'],
    ]);
    // One day would not have been enough.
    expect(streak('xxx.... x..?... xxx....', weekly(3))).toEqual([1, 1]);
    expect(days('x..?... .', weekly(3)).slice(0, 7)).toEqual([
      ...['done', 'notDue', 'notDue', 'excused', 'notDue', 'notDue', 'missed'],
    ]);
  });

  it('needs proportionally less of a week that is not wholly its own, and nothing of a short one', () => {
    // From Thursday on: 4 of 7 days, so 1.7 of 3 times.
    const start = { startDate: '2026-06-04' };
    expect(streak('...x... .', weekly(3), start)).toEqual([1, 1]);
    expect(streak('....... x......', weekly(3), start)).toEqual([0, 0]);
    // On Sunday alone 0.4 times.
    expect(days('....... .', weekly(3), { startDate: '2026-06-07' })).toEqual(['notDue', 'open']);
    const vacations = [{ from: '2026-06-08', to: '2026-06-13' }];
    expect(streak('xxx.... ....... xxx....', weekly(3), { vacations })).toEqual([2, 2]);
  });

  it('forgives a week by one freeze of the month that it ends in', () => {
    const life = drawn('xxx.... x...... xxx....', { ...weekly(3), freezesPerMonth: 1 });
    expect(standingOf(life)).toMatchObject({ streak: { current: 2, longest: 2 }, freezesLeft: 0 });
    expect(statusesOf(life).slice(7, 14).join(' ')).toBe('done notDue notDue notDue notDue frozen frozen');
  });

  it('is the same as every day, of seven times a week', () => {
    const picture = 'xxxxxxx xx?xxsx xxxxxxx xxx.xxx x';
    expect(days(picture, weekly(7))).toEqual(days(picture));
  });
});

it.each([
  ['certain days', {}],
  ['x times a week', weekly(3)],
])('takes a moment for ten years of %s', (_, rules) => {
  const life = drawn('x.x?s.x'.repeat(521), { freezesPerMonth: 2, ...rules });
  const tookMs = Array.from({ length: 10 }, () => {
    const before = performance.now();
    expect(standingOf(life).days).toHaveLength(3647);
    return performance.now() - before;
  });
  // The best of ten is a few milliseconds; what goes over all days for each of them takes seconds.
  expect(Math.min(...tookMs)).toBeLessThan(150);
});
