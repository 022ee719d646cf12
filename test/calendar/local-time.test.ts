import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { resolveExactly } from '../../shared/calendar/exact-rules.ts';
import { formatLocal, isTimeZone, resolveWait } from '../../shared/calendar/local-time.ts';
import type { WaitRule, Weekday } from '../../shared/domain/journeys/messages.ts';

const WEEKDAYS: Weekday[] = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

const zone = fc.constantFrom(
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'America/Nuuk',
  'America/Havana',
  'Africa/Casablanca',
  'Asia/Kolkata',
  'UTC',
);
const anyInstant = fc.integer({ min: Date.UTC(2005, 0), max: Date.UTC(2040, 0) });
/** Within two days of some change of the zone's offset, where there is one. */
const nearChange = fc.tuple(anyInstant, fc.integer({ min: -172_800_000, max: 172_800_000 }));
const minute = fc.integer({ min: 0, max: 1439 });
const timeOf = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
const rule: fc.Arbitrary<WaitRule> = fc.oneof(
  fc
    .record({ days: fc.nat(400), hours: fc.nat(50), minutes: fc.nat(100), seconds: fc.integer({ min: 1, max: 99 }) })
    .map((parts) => ({ kind: 'duration' as const, ...parts })),
  fc
    .record({ time: minute.map(timeOf), afterDays: fc.nat(40) })
    .map((parts) => ({ kind: 'localTime' as const, ...parts })),
  fc
    .record({ time: minute.map(timeOf), weekday: fc.constantFrom(...WEEKDAYS) })
    .map((parts) => ({ kind: 'weekday' as const, ...parts })),
);

function changeNear(aboutMs: number, timeZone: string): number {
  const at = Temporal.Instant.fromEpochMilliseconds(aboutMs).toZonedDateTimeISO(timeZone);
  return at.getTimeZoneTransition('next')?.epochMilliseconds ?? aboutMs;
}

function wallOf(epochMs: number, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(timeZone);
}

/** Hours by which a gap has moved a wall time; 0 where there was none. */
function hoursMoved(dueMs: number, time: string, timeZone: string): number {
  const wall = wallOf(dueMs, timeZone).toPlainTime();
  return wall.since(Temporal.PlainTime.from(time)).total('hours');
}

describe('resolveWait', () => {
  it('agrees with the calendar everywhere', () => {
    fc.assert(
      fc.property(rule, anyInstant, zone, (given, nowMs, timeZone) => {
        expect(resolveWait(given, { nowMs, timeZone })).toBe(resolveExactly(given, nowMs, timeZone));
      }),
      { numRuns: 2000 },
    );
  });

  it('agrees with the calendar around every change of the clocks, and lies after now', () => {
    fc.assert(
      fc.property(rule, nearChange, zone, (given, [aboutMs, awayMs], timeZone) => {
        const nowMs = changeNear(aboutMs, timeZone) + awayMs;
        const dueMs = resolveWait(given, { nowMs, timeZone });
        expect(dueMs).toBe(resolveExactly(given, nowMs, timeZone));
        expect(dueMs).toBeGreaterThan(nowMs);
      }),
      { numRuns: 2000 },
    );
  });

  it('a time of day is that time of day, or where a gap skips it, a little later', () => {
    fc.assert(
      fc.property(minute.map(timeOf), fc.nat(3), nearChange, zone, (time, afterDays, [aboutMs, awayMs], timeZone) => {
        const nowMs = changeNear(aboutMs, timeZone) + awayMs;
        const dueMs = resolveWait({ kind: 'localTime', time, afterDays }, { nowMs, timeZone });
        const moved = hoursMoved(dueMs, time, timeZone);
        expect([0, 0.5, 1, -23, -23.5]).toContain(moved);
        if (moved !== 0)
          expect(Math.abs(changeNear(dueMs - 7_200_000, timeZone) - dueMs)).toBeLessThanOrEqual(3_600_000);
      }),
      { numRuns: 1000 },
    );
  });

  it('a weekday is that weekday, and at most eight days off', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...WEEKDAYS),
        minute.map(timeOf),
        anyInstant,
        zone,
        (weekday, time, nowMs, timeZone) => {
          const dueMs = resolveWait({ kind: 'weekday', weekday, time }, { nowMs, timeZone });
          if (hoursMoved(dueMs, time, timeZone) === 0) {
            expect(WEEKDAYS[wallOf(dueMs, timeZone).dayOfWeek - 1]).toBe(weekday);
          }
          expect(dueMs - nowMs).toBeLessThanOrEqual(8 * 86_400_000);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('days keep the wall time, hours are exact', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), anyInstant, zone, (days, nowMs, timeZone) => {
        const nowSecondMs = Math.floor(nowMs / 1000) * 1000;
        const at = wallOf(nowSecondMs, timeZone);
        const dueMs = resolveWait({ kind: 'duration', days }, { nowMs: nowSecondMs, timeZone });
        if (hoursMoved(dueMs, at.toPlainTime().toString(), timeZone) === 0) {
          const due = wallOf(dueMs, timeZone).toPlainDateTime();
          expect(due.toPlainDate().equals(at.toPlainDate().add({ days })) || timeZone === 'Pacific/Apia').toBe(true);
        }
        expect(resolveWait({ kind: 'duration', hours: days }, { nowMs, timeZone })).toBe(nowMs + days * 3_600_000);
      }),
    );
  });

  it.each<[string, WaitRule, string, string, string]>([
    [
      'later today',
      { kind: 'localTime', time: '09:00' },
      '2026-05-04T06:59:00Z',
      'Europe/Berlin',
      'Mon 2026-05-04T09:00:00+02:00',
    ],
    [
      'not now but tomorrow',
      { kind: 'localTime', time: '09:00' },
      '2026-05-04T07:00:00Z',
      'Europe/Berlin',
      'Tue 2026-05-05T09:00:00+02:00',
    ],
    [
      'a gap: the later instant',
      { kind: 'localTime', time: '02:30' },
      '2026-03-28T12:00:00Z',
      'Europe/Berlin',
      'Sun 2026-03-29T03:30:00+02:00',
    ],
    [
      'an overlap: the first',
      { kind: 'localTime', time: '02:30' },
      '2026-10-24T12:00:00Z',
      'Europe/Berlin',
      'Sun 2026-10-25T02:30:00+02:00',
    ],
    [
      'an overlap: once',
      { kind: 'localTime', time: '02:30' },
      '2026-10-25T00:45:00Z',
      'Europe/Berlin',
      'Mon 2026-10-26T02:30:00+01:00',
    ],
    [
      'half an hour of summer',
      { kind: 'localTime', time: '02:15' },
      '2026-10-03T10:00:00Z',
      'Australia/Lord_Howe',
      'Sun 2026-10-04T02:45:00+11:00',
    ],
    [
      'a day that was skipped: the next',
      { kind: 'localTime', time: '09:00', afterDays: 1 },
      '2011-12-29T20:00:00Z',
      'Pacific/Apia',
      'Sat 2011-12-31T09:00:00+14:00',
    ],
    [
      'a Friday that never was: the next one',
      { kind: 'weekday', weekday: 'friday', time: '09:00' },
      '2011-12-28T20:00:00Z',
      'Pacific/Apia',
      'Fri 2012-01-06T09:00:00+14:00',
    ],
    [
      'a gap before midnight',
      { kind: 'weekday', weekday: 'saturday', time: '23:30' },
      '2024-03-27T10:00:00Z',
      'America/Nuuk',
      'Sun 2024-03-31T00:30:00-01:00',
    ],
    [
      'today, if it is still ahead',
      { kind: 'weekday', weekday: 'monday', time: '20:00' },
      '2026-05-04T06:00:00Z',
      'Europe/Berlin',
      'Mon 2026-05-04T20:00:00+02:00',
    ],
    [
      'next week, if not',
      { kind: 'weekday', weekday: 'monday', time: '08:00' },
      '2026-05-04T06:00:00Z',
      'Europe/Berlin',
      'Mon 2026-05-11T08:00:00+02:00',
    ],
    [
      'a date',
      { kind: 'date', date: '2026-12-24', time: '17:00' },
      '2026-05-04T06:00:00Z',
      'America/New_York',
      'Thu 2026-12-24T17:00:00-05:00',
    ],
    [
      'a date that is past: the date',
      { kind: 'date', date: '2026-01-01', time: '00:00' },
      '2026-05-04T06:00:00Z',
      'UTC',
      'Thu 2026-01-01T00:00:00+00:00',
    ],
    [
      'a date that was put off',
      { kind: 'date', date: '2026-03-28', time: '09:00', plusDays: 2 },
      '2026-03-27T06:00:00Z',
      'Europe/Berlin',
      'Mon 2026-03-30T09:00:00+02:00',
    ],
    [
      'a day across the change',
      { kind: 'duration', days: 1 },
      '2026-03-28T12:00:00Z',
      'Europe/Berlin',
      'Sun 2026-03-29T13:00:00+02:00',
    ],
    [
      '24 hours across the change',
      { kind: 'duration', hours: 24 },
      '2026-03-28T12:00:00Z',
      'Europe/Berlin',
      'Sun 2026-03-29T14:00:00+02:00',
    ],
  ])('%s', (_, given, now, timeZone, due) => {
    const dueMs = resolveWait(given, { nowMs: Date.parse(now), timeZone });
    expect(formatLocal(dueMs, timeZone)).toBe(due);
  });

  it('throws for what is no zone and no date', () => {
    const at = { nowMs: 0, timeZone: 'UTC' };
    expect(() => resolveWait({ kind: 'date', date: '2026-02-30', time: '09:00' }, at)).toThrow(RangeError);
    expect(() => resolveWait({ kind: 'localTime', time: '09:00' }, { ...at, timeZone: 'Mars/Base' })).toThrow(
      RangeError,
    );
  });
});

it('formatLocal shows what the calendar shows', () => {
  fc.assert(
    fc.property(anyInstant, zone, (epochMs, timeZone) => {
      const at = wallOf(Math.floor(epochMs / 1000) * 1000, timeZone);
      const weekday = at.toLocaleString('en', { weekday: 'short' });
      expect(formatLocal(epochMs, timeZone)).toBe(`${weekday} ${at.toString({ timeZoneName: 'never' })}`);
    }),
    { numRuns: 1000 },
  );
});

it.each([
  ['Europe/Berlin', true],
  ['UTC', true],
  ['Asia/Calcutta', true],
  ['+02:00', false],
  ['Mars/Base', false],
  ['', false],
])('isTimeZone(%j) is %s', (name, known) => {
  expect(isTimeZone(name)).toBe(known);
});
