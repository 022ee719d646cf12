/**
 * Wait rules resolved by the calendar of `Temporal`, right across every change of a zone's offset. A local time that a
 * change skips is the later instant; one that comes twice is the first (RFC 5545, Temporal's 'compatible').
 */
import { Temporal } from 'temporal-polyfill';
import type { WaitRule, Weekday } from '../domain/journeys/messages.ts';

const WEEKDAYS: Weekday[] = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const SKIPPED_DAY_HOURS = 24;

/** The instant, in epoch milliseconds. Throws a RangeError for an unknown zone and for a date that is none. */
export function resolveExactly(rule: WaitRule, nowMs: number, timeZone: string): number {
  const now = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone);
  switch (rule.kind) {
    case 'duration': {
      const { days = 0, hours = 0, minutes = 0, seconds = 0 } = rule;
      return now.add({ days }).add({ hours, minutes, seconds }).epochMilliseconds;
    }
    case 'localTime':
      return firstAfter(now, now.toPlainDate().add({ days: rule.afterDays ?? 0 }), rule.time, 1);
    case 'weekday': {
      const days = (WEEKDAYS.indexOf(rule.weekday) + 1 - now.dayOfWeek + 7) % 7;
      return firstAfter(now, now.toPlainDate().add({ days }), rule.time, 7);
    }
    case 'date': {
      const at = Temporal.PlainDate.from(rule.date, { overflow: 'reject' }).add({ days: rule.plusDays ?? 0 });
      return instantOf(at, rule.time, timeZone).epochMilliseconds;
    }
  }
}

/** The first of `date`, `date` + `stepDays`, ... whose `time` lies after now. */
function firstAfter(now: Temporal.ZonedDateTime, date: Temporal.PlainDate, time: string, stepDays: number): number {
  for (let candidate = date; ; candidate = candidate.add({ days: stepDays })) {
    const at = instantOf(candidate, time, now.timeZoneId);
    const isSkippedWeekday = stepDays === 7 && at.hoursLate >= SKIPPED_DAY_HOURS;
    if (at.epochMilliseconds > now.epochMilliseconds && !isSkippedWeekday) return at.epochMilliseconds;
  }
}

/** `hoursLate`: by how much a gap has moved it; 24 when the zone skipped the whole day (Pacific/Apia, 30 December 2011). */
function instantOf(date: Temporal.PlainDate, time: string, timeZone: string) {
  const wanted = date.toPlainDateTime(Temporal.PlainTime.from(time));
  const got = wanted.toZonedDateTime(timeZone, { disambiguation: 'compatible' });
  const hoursLate = wanted.until(got.toPlainDateTime()).total('hours');
  return { epochMilliseconds: got.epochMilliseconds, hoursLate };
}
