import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, datesFrom, daysBetween, habitDayOf, weekdayOf, weekOf } from '../../shared/domain/habits/days.ts';
import { WEEKDAY_CODES } from '../../shared/domain/reminders/rule.ts';

const dates = fc.integer({ min: -20_000, max: 40_000 }).map((days) => addDays('2000-01-01', days));

describe('dates as texts', () => {
  it.each([
    ['2026-02-28', 1, '2026-03-01'],
    ['2028-02-28', 1, '2028-02-29'],
    ['2026-01-01', -1, '2025-12-31'],
    ['2026-10-25', 365, '2027-10-25'],
  ])('%s and %i days is %s', (date, days, expected) => {
    expect(addDays(date, days)).toBe(expected);
    expect(daysBetween(date, expected)).toBe(days);
  });

  it.each([
    ['2026-06-01', 'MO', '2026-06-01'],
    ['2026-06-07', 'SU', '2026-06-01'],
    ['2026-01-01', 'TH', '2025-12-29'],
    ['1969-12-31', 'WE', '1969-12-29'],
  ])('%s is a %s of the week of %s', (date, weekday, monday) => {
    expect(weekdayOf(date)).toBe(weekday);
    expect(weekOf(date)).toBe(monday);
  });

  it('counts there and back, and every week has the same seven days', () => {
    fc.assert(
      fc.property(dates, fc.integer({ min: -4000, max: 4000 }), (date, days) => {
        expect(daysBetween(date, addDays(date, days))).toBe(days);
        expect(datesFrom(weekOf(date), addDays(weekOf(date), 6)).map(weekdayOf)).toEqual([...WEEKDAY_CODES]);
      }),
    );
  });

  it('lists no dates where the last is before the first', () => {
    expect(datesFrom('2026-06-02', '2026-06-01')).toEqual([]);
    expect(datesFrom('2026-06-01', '2026-06-03')).toEqual(['2026-06-01', '2026-06-02', '2026-06-03']);
  });
});

it.each([
  ['01:30', '02:00', '2026-05-31'],
  ['02:00', '02:00', '2026-06-01'],
  ['23:59', '02:00', '2026-06-01'],
  ['00:00', '00:00', '2026-06-01'],
  ['11:58', '11:59', '2026-05-31'],
])('at %s of 1 June, with a day that starts at %s, it is %s', (time, dayStart, day) => {
  expect(habitDayOf({ date: '2026-06-01', time }, dayStart)).toBe(day);
});
