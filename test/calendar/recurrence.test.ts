import fc from 'fast-check';
import { RRuleTemporal } from 'rrule-temporal';
import { describe, expect, it, test, vi } from 'vitest';
import { checkRrule, datesBetween, nextDate } from '../../shared/calendar/recurrence.ts';
import { type ReminderRule, WEEKDAY_CODES } from '../../shared/domain/reminders/rule.ts';
import { type PlainRrule, plainDates, writeRrule } from './plain-recurrence.ts';

const rule = (given: Partial<ReminderRule>): ReminderRule => ({ times: ['09:00'], ...given });
/** Of a rule that begins on 2026-03-02, a Monday. */
const first = (rrule: string, many: number, startDate = '2026-03-02') =>
  datesBetween(rule({ rrule, startDate }), startDate, startDate, '2040-01-01').slice(0, many).join(' ');

describe('a recurrence', () => {
  it.each([
    ['every second Tuesday', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU', '2026-03-03 2026-03-17 2026-03-31 2026-04-14'],
    ['Monday, Wednesday, Friday', 'FREQ=WEEKLY;BYDAY=MO,WE,FR', '2026-03-02 2026-03-04 2026-03-06 2026-03-09'],
    ['weekly: on the weekday it began', 'FREQ=WEEKLY', '2026-03-02 2026-03-09 2026-03-16 2026-03-23'],
    ['every third day', 'FREQ=DAILY;INTERVAL=3', '2026-03-02 2026-03-05 2026-03-08 2026-03-11'],
    ['the last Friday of the month', 'FREQ=MONTHLY;BYDAY=-1FR', '2026-03-27 2026-04-24 2026-05-29 2026-06-26'],
    [
      'the last working day',
      'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
      '2026-03-31 2026-04-30 2026-05-29 2026-06-30',
    ],
    ['the 31st, in months that have one', 'FREQ=MONTHLY;BYMONTHDAY=31', '2026-03-31 2026-05-31 2026-07-31 2026-08-31'],
    ['the last day of the month', 'FREQ=MONTHLY;BYMONTHDAY=-1', '2026-03-31 2026-04-30 2026-05-31 2026-06-30'],
    ['29 February, in years that have one', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29', '2028-02-29 2032-02-29 2036-02-29'],
    ['yearly: on the date it began', 'FREQ=YEARLY', '2026-03-02 2027-03-02 2028-03-02 2029-03-02'],
    ['three times', 'FREQ=DAILY;COUNT=3', '2026-03-02 2026-03-03 2026-03-04'],
    ['until a date', 'FREQ=DAILY;UNTIL=20260304', '2026-03-02 2026-03-03 2026-03-04'],
    ['until a moment: its date', 'FREQ=DAILY;UNTIL=20260304T000000Z', '2026-03-02 2026-03-03 2026-03-04'],
    ['Friday the 13th', 'FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13', '2026-03-13 2026-11-13 2027-08-13 2028-10-13'],
    ['the Monday of the 20th week', 'FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO', '2026-05-11 2027-05-17 2028-05-15 2029-05-14'],
    ['small letters, with its name', 'rrule:freq=daily;count=2', '2026-03-02 2026-03-03'],
  ])('%s', (_, rrule, dates) => {
    expect(first(rrule, 4)).toBe(dates);
  });

  it('counts from its start date, not from where it is looked at', () => {
    const given = rule({ rrule: 'FREQ=WEEKLY;INTERVAL=2;COUNT=4', startDate: '2026-03-02' });
    expect(datesBetween(given, '2026-03-20', '2026-03-10', '2027-01-01')).toEqual([
      '2026-03-16',
      '2026-03-30',
      '2026-04-13',
    ]);
    expect(nextDate(given, '2026-03-20', '2026-04-14')).toBeNull();
  });

  it('counts from the anchor where it has no start date', () => {
    const given = rule({ rrule: 'FREQ=WEEKLY;INTERVAL=2' });
    expect(nextDate(given, '2026-03-03', '2026-03-04')).toBe('2026-03-17');
    expect(nextDate(given, '2026-03-10', '2026-03-04')).toBe('2026-03-10');
  });

  it('loses the dates that are no day of the rule, and counts them', () => {
    const given = rule({ rrule: 'FREQ=DAILY;COUNT=7', startDate: '2026-03-02', days: ['SA', 'SU'] });
    expect(datesBetween(given, '', '2026-01-01', '2026-12-31')).toEqual(['2026-03-07', '2026-03-08']);
  });
});

const code = fc.constantFrom(...WEEKDAY_CODES);
const some = <Value>(...values: Value[]) =>
  fc.option(fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 }), { nil: undefined });
const weekdays = (numbered: boolean) =>
  fc.option(
    fc.uniqueArray(
      fc.record({ nth: numbered ? fc.option(fc.constantFrom(1, 2, 4, 5, -1, -2)) : fc.constant(null), code }),
      {
        minLength: 1,
        maxLength: 3,
        selector: ({ nth, code: day }) => `${nth}${day}`,
      },
    ),
    { nil: undefined },
  );
const ends = fc.oneof(
  { weight: 2, arbitrary: fc.constant({}) },
  fc.record({ count: fc.integer({ min: 1, max: 60 }) }),
  fc.record({ until: fc.constantFrom('2026-12-31', '2025-02-28', '2024-02-29') }),
);
const interval = fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 7 }));
const byMonth = some(1, 2, 3, 6, 12);
const byMonthDay = some(1, 13, 29, 30, 31, -1, -2, -31);
const plainRrule: fc.Arbitrary<PlainRrule> = fc
  .oneof(
    fc.record({ freq: fc.constant('DAILY' as const), byMonth, byMonthDay, byDay: weekdays(false) }),
    fc.record({ freq: fc.constant('WEEKLY' as const), byMonth, byDay: weekdays(false), bySetPos: some(1, 2, -1) }),
    fc.record({
      freq: fc.constant('MONTHLY' as const),
      byMonth,
      byMonthDay,
      byDay: weekdays(true),
      bySetPos: some(1, 2, -1),
    }),
    fc.record({
      freq: fc.constant('YEARLY' as const),
      byMonth,
      byMonthDay,
      byDay: weekdays(true),
      bySetPos: some(1, 2, -1),
    }),
    fc.record({
      freq: fc.constant('YEARLY' as const),
      byMonth,
      byMonthDay,
      byYearDay: some(1, 60, 200, 366, -1, -366),
      byDay: weekdays(false),
      bySetPos: some(1, -1),
    }),
  )
  .chain((parts) => fc.tuple(fc.constant(parts), ends, interval, code))
  .map(([parts, end, every, wkst]) => ({ ...parts, ...end, interval: every, wkst }));
const day = (from: string, to: string) =>
  fc
    .integer({ min: Date.parse(from) / 86_400_000, max: Date.parse(to) / 86_400_000 })
    .map((n) => new Date(n * 86_400_000).toISOString().slice(0, 10));

test('any recurrence chooses what the RFC says, word by word', () => {
  let chosen = 0;
  fc.assert(
    fc.property(plainRrule, day('2020-01-01', '2026-01-01'), day('2023-01-01', '2026-06-01'), (plain, start, from) => {
      const rrule = writeRrule(plain);
      fc.pre(checkRrule(rrule) === null);
      const expected = plainDates(plain, start, '2027-12-31').filter((date) => date >= from);
      chosen += expected.length;
      expect(datesBetween(rule({ rrule, startDate: start }), start, from, '2027-12-31'), rrule).toEqual(expected);
      const soon = expected.find((date) => date >= from) ?? null;
      if (soon !== null) expect(nextDate(rule({ rrule }), start, from), rrule).toBe(soon);
    }),
    { numRuns: 150 },
  );
  expect(chosen).toBeGreaterThan(1000);
});

test('weeks of the year are those of ISO 8601, also where they reach into another year', () => {
  const days = Array.from({ length: 3653 }, (_, i) => new Date(Date.UTC(2020, 0, 1 + i)));
  for (const [numbers, weekday] of [
    [[1], 'MO'],
    [[1, 53], 'SU'],
    [[20], 'WE'],
    [[-1], 'SU'],
    [[52, -53], 'FR'],
  ] as const) {
    const expected = days.filter(
      (one) => isInWeek(one, [...numbers]) && WEEKDAY_CODES[(one.getUTCDay() + 6) % 7] === weekday,
    );
    const rrule = `FREQ=YEARLY;BYWEEKNO=${numbers};BYDAY=${weekday}`;
    for (const startDate of ['2019-03-04', '2001-01-01']) {
      const dates = datesBetween(rule({ rrule, startDate }), startDate, '2020-01-01', '2029-12-31');
      expect(dates, rrule).toEqual(expected.map((one) => one.toISOString().slice(0, 10)));
    }
  }
});

/** A week belongs to the year that its Thursday lies in. */
const isInWeek = (date: Date, numbers: number[]): boolean => {
  const weekOf = (one: number) => {
    const thursday = new Date(one + (3 - ((new Date(one).getUTCDay() + 6) % 7)) * 86_400_000);
    const year = thursday.getUTCFullYear();
    return { year, number: 1 + Math.floor((thursday.getTime() - Date.UTC(year, 0)) / (7 * 86_400_000)) };
  };
  const { year, number } = weekOf(date.getTime());
  const last = weekOf(Date.UTC(year, 11, 28)).number;
  return numbers.includes(number) || numbers.includes(number - last - 1);
};

describe('what no rule may say is refused in a plain sentence', () => {
  it.each([
    ['DTSTART:20260302T090000\nRRULE:FREQ=DAILY', 'DTSTART is not taken: the rule begins on startDate.'],
    ['FREQ=DAILY;TZID=Europe/Berlin', 'TZID is not taken: a reminder follows the time zone of the coachee.'],
    ['FREQ=DAILY;BYHOUR=9', 'BYHOUR is not taken: the times of the rule say the hour.'],
    ['FREQ=DAILY;BYMINUTE=30', 'BYMINUTE is not taken: the times of the rule say the hour.'],
    ['FREQ=DAILY;BYSECOND=1', 'BYSECOND is not taken: the times of the rule say the hour.'],
    ['FREQ=HOURLY', 'FREQ=HOURLY is not taken: a rule chooses dates, its times say the hour.'],
    ['FREQ=MINUTELY', 'FREQ=MINUTELY is not taken: a rule chooses dates, its times say the hour.'],
    ['FREQ=SECONDLY', 'FREQ=SECONDLY is not taken: a rule chooses dates, its times say the hour.'],
    ['FREQ=FORTNIGHTLY', 'FREQ is DAILY, WEEKLY, MONTHLY or YEARLY.'],
    ['INTERVAL=2', 'FREQ is missing: DAILY, WEEKLY, MONTHLY or YEARLY.'],
    ['every day', '"EVERY DAY" is no part of a rule, such as FREQ=WEEKLY.'],
    ['FREQ=DAILY;', '"" is no part of a rule, such as FREQ=WEEKLY.'],
    ['FREQ=DAILY;FREQ=WEEKLY', '"FREQ" is given twice.'],
    ['FREQ=DAILY;INTERVAL=0', 'INTERVAL is a number from 1 to 1000000.'],
    ['FREQ=DAILY;COUNT=1e3', 'COUNT is a number from 1 to 1000000.'],
    ['FREQ=DAILY;UNTIL=20260230', 'UNTIL is a date such as 20261231.'],
    ['FREQ=DAILY;COUNT=2;UNTIL=20261231', 'COUNT and UNTIL are not taken together.'],
    ['FREQ=WEEKLY;BYDAY=MONDAY', 'BYDAY lists weekdays, such as MO,WE, or all with a number, such as 1TU,-1FR.'],
    ['FREQ=MONTHLY;BYDAY=1MO,TU', 'BYDAY lists weekdays, such as MO,WE, or all with a number, such as 1TU,-1FR.'],
    ['FREQ=WEEKLY;BYDAY=2TU', 'Weekdays with a number do not go with FREQ=WEEKLY.'],
    ['FREQ=MONTHLY;BYDAY=2TU;BYMONTHDAY=8', 'Weekdays with a number do not go with BYMONTHDAY.'],
    ['FREQ=WEEKLY;BYMONTHDAY=1', 'BYMONTHDAY does not go with FREQ=WEEKLY.'],
    ['FREQ=MONTHLY;BYMONTHDAY=32', 'BYMONTHDAY lists numbers from 1 to 31, or from -1 counted from the end.'],
    ['FREQ=YEARLY;BYMONTH=-1', 'BYMONTH lists numbers from 1 to 12.'],
    ['FREQ=MONTHLY;BYYEARDAY=1', 'BYYEARDAY does not go with FREQ=MONTHLY.'],
    ['FREQ=YEARLY;BYWEEKNO=20', 'BYWEEKNO needs BYDAY: which days of the week.'],
    ['FREQ=MONTHLY;BYSETPOS=1', 'BYSETPOS needs another part to choose from, such as BYDAY.'],
    ['FREQ=DAILY;BYDAY=MO;BYSETPOS=1', 'BYSETPOS does not go with FREQ=DAILY.'],
    ['FREQ=DAILY;WKST=1', 'WKST is a weekday: MO to SU.'],
    ['FREQ=MONTHLY;RSCALE=HEBREW', 'RSCALE is not known here.'],
  ])('%j', (rrule, sentence) => {
    expect(checkRrule(rrule)).toBe(sentence);
    expect(() => nextDate(rule({ rrule }), '2026-03-02', '2026-03-02')).toThrow(RangeError);
  });

  test('any text is read or refused, and what is read can be looked up', () => {
    const freq = fc.constantFrom('FREQ=DAILY', 'FREQ=MONTHLY', 'FREQ=YEARLY');
    const part = fc.constantFrom('BYDAY=MO', 'BYDAY=9FR', 'COUNT=1', 'UNTIL=20270101', 'X=1', '=', '__PROTO__=1');
    const parts = fc
      .tuple(freq, fc.uniqueArray(part, { maxLength: 3 }))
      .map(([first, others]) => [first, ...others].join(';'));
    let read = 0;
    fc.assert(
      fc.property(fc.oneof(fc.string(), parts), (rrule) => {
        if (checkRrule(rrule) !== null) return;
        read += 1;
        const next = nextDate(rule({ rrule }), '2026-03-02', '2026-03-02');
        expect(next === null || next >= '2026-03-02').toBe(true);
      }),
      { numRuns: 500 },
    );
    expect(read).toBeGreaterThan(10);
  });
});

describe('a rule that comes due nowhere', () => {
  it.each([
    'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=3',
    'FREQ=MONTHLY;BYDAY=MO;BYSETPOS=300',
    'FREQ=MONTHLY;BYDAY=20MO',
    'FREQ=DAILY;INTERVAL=1000000',
    'FREQ=YEARLY;INTERVAL=1000000',
    'FREQ=MONTHLY;INTERVAL=12;BYMONTH=3',
    'FREQ=DAILY;INTERVAL=7;BYDAY=TU',
  ])('%s is looked for in a dozen years, and once', (rrule) => {
    const between = vi.spyOn(RRuleTemporal.prototype, 'between');
    const search = vi.spyOn(RRuleTemporal.prototype, 'next');
    const given = rule({ rrule, startDate: '2026-01-05' });
    expect(nextDate(given, '', '2026-06-01')).toBeNull();
    expect(between.mock.calls.length).toBeLessThanOrEqual(13);
    const asked = between.mock.calls.length;
    expect(nextDate(given, '', '2026-06-01')).toBeNull();
    expect(between.mock.calls.length).toBe(asked);
    expect(search).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  it('is one that begins only in a lifetime', () => {
    const given = rule({ startDate: '2199-01-01' });
    expect(nextDate(given, '', '2026-01-01')).toBeNull();
    expect(nextDate(given, '', '2190-01-01')).toBe('2199-01-01');
  });

  it('is one whose weekday is another', () => {
    expect(nextDate(rule({ rrule: 'FREQ=WEEKLY;BYDAY=TU', days: ['MO'] }), '2026-03-02', '2026-03-02')).toBeNull();
  });
});

test('coachees who began on different days share what is known of a rule', () => {
  const between = vi.spyOn(RRuleTemporal.prototype, 'between');
  const given = rule({ rrule: 'FREQ=WEEKLY;BYDAY=WE;WKST=SU' });
  for (let i = 1; i <= 28; i += 1) {
    const anchor = `2026-02-${String(i).padStart(2, '0')}`;
    expect(nextDate(given, anchor, '2026-03-01')).toBe('2026-03-04');
  }
  expect(between).toHaveBeenCalledTimes(1);
  vi.restoreAllMocks();
});

describe('without a recurrence', () => {
  const week = (given: Partial<ReminderRule>, anchor = '2026-03-02') =>
    datesBetween(rule(given), anchor, '2026-03-01', '2026-03-08')
      .map((date) => date.slice(8))
      .join(' ');
  it.each<[string, Partial<ReminderRule>, string]>([
    ['every day', {}, '01 02 03 04 05 06 07 08'],
    ['on weekdays', { days: ['SU', 'MO'] }, '01 02 08'],
    ['from a date', { startDate: '2026-03-06' }, '06 07 08'],
    ['to a date', { endDate: '2026-03-02' }, '01 02'],
    ['one date', { date: { on: '2026-03-04' } }, '04'],
    ['a week before a date', { date: { on: '2026-03-11', plusDays: -7 } }, '04'],
    ['a date on another weekday', { date: { on: '2026-03-04' }, days: ['MO'] }, ''],
    ['on the day of an event', { after: { event: 'joined' } }, '02'],
    ['three days after an event', { after: { event: 'joined', days: 3 } }, '05'],
    ['after an event, but past the end', { after: { event: 'joined', days: 3 }, endDate: '2026-03-04' }, ''],
  ])('%s', (_, given, dates) => {
    expect(week(given)).toBe(dates);
    const [first] = dates.split(' ');
    const upTo = nextDate(rule(given), '2026-03-02', '2026-03-01');
    expect(upTo).toBe(first === '' ? null : `2026-03-${first}`);
  });

  it('is empty backwards, and throws for what is no date', () => {
    expect(datesBetween(rule({}), '', '2026-03-02', '2026-03-01')).toEqual([]);
    expect(() => datesBetween(rule({}), '', '2026-02-30', '2026-03-01')).toThrow(RangeError);
    expect(() => datesBetween(rule({ date: { on: 'soon' } }), '', '2026-02-01', '2026-03-01')).toThrow(RangeError);
  });
});
