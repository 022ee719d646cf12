import { describe, expect, it, test } from 'vitest';
import { localAt, resolveSlot } from '../../shared/calendar/slots.ts';
import { upcomingFires } from '../../shared/calendar/upcoming-fires.ts';
import { changesOf, slotsAround, type Trouble, wallClock } from './wall-clock.ts';
import { zoneNames } from './zone-names.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const QUARTERS = Array.from({ length: 96 }, (_, i) => new Date(i * 900_000).toISOString().slice(11, 16));
const dateOf = (wallMs: number) => new Date(wallMs).toISOString().slice(0, 10);

interface Fire {
  localDate: string;
  localTime: string;
  atMs: number;
  resolved: Trouble;
}

/** What the clock itself says of the 96 slots of two days before the instant, its own and two after: by instant, then by slot. */
const expectedAround = (clock: (ms: number) => number, aroundMs: number): Fire[] => {
  const judge = slotsAround(clock, aroundMs);
  const firstDayMs = Math.floor(clock(aroundMs) / DAY_MS) * DAY_MS - 2 * DAY_MS;
  const fires = Array.from({ length: 5 * 96 }, (_, i) => {
    const wallMs = firstDayMs + i * 900_000;
    return { localDate: dateOf(wallMs), localTime: QUARTERS[i % 96] ?? '', ...judge(wallMs) };
  });
  // Sorting is stable, and they are in the order of their slots.
  return fires.sort((a, b) => a.atMs - b.atMs);
};

/** Ours, of a rule with 96 times that is due on those five dates. */
const firesOf = (expected: Fire[], timeZone: string): Fire[] => {
  const dates = expected.map(({ localDate }) => localDate).sort();
  const [startDate = '', endDate = ''] = [dates[0], dates.at(-1)];
  const beginning = { atMs: (expected[0]?.atMs ?? 0) - DAY_MS, date: startDate };
  return upcomingFires({ times: QUARTERS, startDate, endDate }, beginning, timeZone, 10_000);
};

const line = ({ localDate, localTime, atMs, resolved }: Fire) =>
  `${localDate} ${localTime} ${new Date(atMs).toISOString()} ${resolved}`;

describe('every zone', () => {
  const from = Date.UTC(2026, 0, 1);
  const to = Date.UTC(2028, 0, 1);

  test('fires each slot of each date around each change of two years once, at the right instant', () => {
    const seen = { zones: 0, changes: 0, gap: 0, overlap: 0, absent: 0 };
    for (const timeZone of zoneNames()) {
      const clock = wallClock(timeZone);
      const changes = changesOf(clock, from, to, 6 * HOUR_MS);
      for (const aroundMs of [from + 45 * DAY_MS, ...changes]) {
        const expected = expectedAround(clock, aroundMs);
        expect(firesOf(expected, timeZone).map(line), timeZone).toEqual(expected.map(line));
        for (const { resolved } of expected) if (resolved) seen[resolved] += 1;
      }
      seen.zones += 1;
      seen.changes += changes.length;
    }
    // What the judge itself has found, lest it looked away.
    expect(seen.zones).toBeGreaterThan(550);
    expect(seen.changes).toBeGreaterThan(600);
    expect(Math.min(seen.gap, seen.overlap)).toBeGreaterThan(1000);
  }, 60_000);
});

/** Changes that have broken calendars: how many of the day's 96 slots are in which trouble. */
const FAMOUS: [string, string, string, Partial<Record<'gap' | 'overlap' | 'absent', number>>][] = [
  ['an hour in the night', 'Europe/Berlin', '2026-03-29', { gap: 4 }],
  ['an hour at midnight', 'Asia/Beirut', '2022-03-27', { gap: 4 }],
  ['an hour at midnight', 'Africa/Cairo', '2023-04-28', { gap: 4 }],
  ['an hour at midnight', 'America/Sao_Paulo', '2018-11-04', { gap: 4 }],
  ['an hour at midnight', 'America/Asuncion', '2023-10-01', { gap: 4 }],
  ['an hour at midnight', 'America/Havana', '2026-03-08', { gap: 4 }],
  ['an hour at midnight', 'Atlantic/Azores', '2026-03-29', { gap: 4 }],
  ['the hour before midnight, twice', 'America/Sao_Paulo', '2018-02-17', { overlap: 4 }],
  ['the hour before midnight', 'America/Nuuk', '2024-03-30', { gap: 4 }],
  ['a minute past midnight', 'America/St_Johns', '2006-04-02', { gap: 4 }],
  ['two hours a minute past midnight', 'America/St_Johns', '1988-04-03', { gap: 8 }],
  ['half an hour', 'Australia/Lord_Howe', '2026-10-04', { gap: 2 }],
  ['half an hour, twice', 'Australia/Lord_Howe', '2026-04-05', { overlap: 2 }],
  ['two hours', 'Antarctica/Troll', '2026-03-29', { gap: 8 }],
  ['winter time for Ramadan', 'Africa/Casablanca', '2026-02-15', { overlap: 4 }],
  ['and back', 'Africa/Casablanca', '2026-03-22', { gap: 4 }],
  ['half an hour for good', 'Asia/Pyongyang', '2018-05-04', { gap: 2 }],
  ['half an hour for good, twice', 'America/Caracas', '2007-12-09', { overlap: 2 }],
  ['three quarters of an hour and some seconds', 'Africa/Monrovia', '1972-01-07', { gap: 3 }],
  ['a Friday', 'Pacific/Apia', '2011-12-30', { absent: 96 }],
  ['a Friday', 'Pacific/Fakaofo', '2011-12-30', { absent: 96 }],
  ['a Saturday', 'Pacific/Kwajalein', '1993-08-21', { absent: 96 }],
  ['the last day of a year', 'Pacific/Kiritimati', '1994-12-31', { absent: 96 }],
  ['the last day of a year', 'Asia/Manila', '1844-12-31', { absent: 96 }],
];

describe('a change that skips or repeats', () => {
  it.each(FAMOUS)('%s in %s on %s', (_, timeZone, date, troubles) => {
    const expected = expectedAround(wallClock(timeZone), resolveSlot(date, '00:00', timeZone).atMs);
    expect(firesOf(expected, timeZone).map(line)).toEqual(expected.map(line));
    const onDate = expected.filter(({ localDate, resolved }) => localDate === date && resolved !== null);
    const groups = [...Map.groupBy(onDate, ({ resolved }) => resolved ?? '')];
    expect(Object.fromEntries(groups.map(([trouble, slots]) => [trouble, slots.length]))).toEqual(troubles);
  });

  it.each([
    ['a gap: the later instant', '2026-03-29', '02:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z', 'gap'],
    ['an overlap: the first', '2026-10-25', '02:30', 'Europe/Berlin', '2026-10-25T00:30:00.000Z', 'overlap'],
    ['midnight that never was', '2026-03-08', '00:00', 'America/Havana', '2026-03-08T05:00:00.000Z', 'gap'],
    ['a date that never was', '2011-12-30', '08:30', 'Pacific/Apia', '2011-12-30T18:30:00.000Z', 'absent'],
    ['a day that came twice', '1867-10-19', '12:00', 'America/Juneau', '1867-10-18T20:57:41.000Z', 'overlap'],
    ['no trouble', '2026-05-04', '09:00', 'Asia/Kathmandu', '2026-05-04T03:15:00.000Z', null],
  ])('%s', (_, date, time, timeZone, instant, resolved) => {
    expect(resolveSlot(date, time, timeZone)).toEqual({ atMs: Date.parse(instant), resolved });
  });
});

test('localAt shows what the clock shows', () => {
  for (const timeZone of ['Europe/Berlin', 'Pacific/Apia', 'Australia/Lord_Howe', 'America/St_Johns', 'Asia/Manila']) {
    const clock = wallClock(timeZone);
    for (let ms = Date.UTC(2010, 0); ms < Date.UTC(2013, 0); ms += 7 * HOUR_MS + 61_000) {
      const wall = new Date(clock(ms)).toISOString();
      expect(localAt(ms, timeZone), timeZone).toEqual({ date: wall.slice(0, 10), time: wall.slice(11, 16) });
    }
  }
});

test('what is no date and what is no zone throws', () => {
  for (const date of ['2026-02-30', '2026-13-01', '26-01-01', 'soon', '']) {
    expect(() => resolveSlot(date, '09:00', 'UTC'), date).toThrow(RangeError);
  }
  expect(() => resolveSlot('2026-05-04', '09:00', 'Mars/Base')).toThrow(RangeError);
});
