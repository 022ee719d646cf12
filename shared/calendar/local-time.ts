/**
 * Local times of coachees: from a rule to an instant, and from an instant to what their clock shows. Never in a workflow
 * (time-zone data differs between machines): in an activity whose answer is recorded, or in the simulator.
 *
 * Far from any change of the zone's offset a local time is plain arithmetic, and that is most of the time; within a day of
 * one, and for a zone's first visit, Temporal decides. A test holds the two against each other.
 */
import type { WaitRule, Weekday } from '../domain/journeys/messages.ts';
import { resolveExactly } from './exact-rules.ts';
import { DAY_MS, timeOfDayMs } from './local-dates.ts';
import { isFarFromChange, offsetSpanAt } from './offset-spans.ts';

export { isTimeZone } from '../domain/time-zone.ts';

/** 1 January 1970 was a Thursday. */
const WEEKDAYS: Weekday[] = ['thursday', 'friday', 'saturday', 'sunday', 'monday', 'tuesday', 'wednesday'];
const SHORT_WEEKDAYS = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'];

/**
 * When a rule is due, in epoch milliseconds: after `nowMs`, save for a date, which may be past.
 * A duration's days are calendar days at the same wall time; its hours, minutes and seconds are exact.
 * Throws a RangeError for an unknown zone and for a date that is none.
 */
export function resolveWait(rule: WaitRule, { nowMs, timeZone }: { nowMs: number; timeZone: string }): number {
  const span = offsetSpanAt(nowMs, timeZone);
  const dueMs = isFarFromChange(nowMs, span) ? resolveInSpan(rule, nowMs, span.offsetMs) : null;
  return dueMs !== null && isFarFromChange(dueMs, span) ? dueMs : resolveExactly(rule, nowMs, timeZone);
}

/** What the coachee's clock shows: `Mon 2026-03-02T09:00:00+01:00`. Throws a RangeError for an unknown zone. */
export function formatLocal(epochMs: number, timeZone: string): string {
  const { offsetMs } = offsetSpanAt(epochMs, timeZone);
  const localMs = epochMs + offsetMs;
  const day = Math.floor(localMs / DAY_MS);
  const second = Math.floor((localMs - day * DAY_MS) / 1000);
  const time = `${pad(Math.floor(second / 3600))}:${pad(Math.floor(second / 60) % 60)}:${pad(second % 60)}`;
  return `${formatDay(day)}T${time}${formatOffset(offsetMs)}`;
}

/** Days whose names are kept: a simulated year visits each of them thousands of times. */
const DAYS_KEPT = 4096;
const namesOfDays = new Map<number, string>();

/** `Mon 2026-03-02`, of a day counted from 1 January 1970. */
function formatDay(day: number): string {
  const known = namesOfDays.get(day);
  if (known !== undefined) return known;
  const name = `${nameOfDay(SHORT_WEEKDAYS, day * DAY_MS)} ${new Date(day * DAY_MS).toISOString().split('T')[0]}`;
  if (namesOfDays.size >= DAYS_KEPT) namesOfDays.clear();
  namesOfDays.set(day, name);
  return name;
}

/** As if the offset never changed; null where that takes more than arithmetic. */
function resolveInSpan(rule: WaitRule, nowMs: number, offsetMs: number): number | null {
  const localMs = nowMs + offsetMs;
  const todayMs = Math.floor(localMs / DAY_MS) * DAY_MS;
  switch (rule.kind) {
    case 'duration': {
      const { days = 0, hours = 0, minutes = 0, seconds = 0 } = rule;
      return nowMs + days * DAY_MS + ((hours * 60 + minutes) * 60 + seconds) * 1000;
    }
    case 'localTime': {
      const atMs = todayMs + (rule.afterDays ?? 0) * DAY_MS + timeOfDayMs(rule.time);
      return (atMs > localMs ? atMs : atMs + DAY_MS) - offsetMs;
    }
    case 'weekday': {
      const today = nameOfDay(WEEKDAYS, localMs);
      const days = (WEEKDAYS.indexOf(rule.weekday) - WEEKDAYS.indexOf(today) + 7) % 7;
      const atMs = todayMs + days * DAY_MS + timeOfDayMs(rule.time);
      return (atMs > localMs ? atMs : atMs + 7 * DAY_MS) - offsetMs;
    }
    case 'date':
      return null;
  }
}

function nameOfDay<Name>(names: Name[], localMs: number): Name {
  const day = Math.floor(localMs / DAY_MS) % 7;
  return names[(day + 7) % 7] as Name;
}

/** `+01:00`, `-03:30`; offsets of seconds (before standard time) are shown to the minute. */
function formatOffset(offsetMs: number): string {
  const minutes = Math.floor(Math.abs(offsetMs) / 60_000);
  return `${offsetMs < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

const PADDED = Array.from({ length: 60 }, (_, i) => String(i).padStart(2, '0'));

function pad(value: number): string {
  return PADDED[value] ?? String(value);
}
