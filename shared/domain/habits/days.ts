/** Arithmetic on dates as texts, 'YYYY-MM-DD'. They are days of a calendar, no instants: no time zone has a say here. */
import { WEEKDAY_CODES, type WeekdayCode } from '../reminders/rule.ts';

const DAY_MS = 86_400_000;
/** The first Monday of the epoch, 1970-01-05, in days. */
const FIRST_MONDAY = 4;

export function addDays(date: string, days: number): string {
  return textOf(numberOf(date) + days);
}

/** From the first to the second; negative where the second is earlier. */
export function daysBetween(from: string, to: string): number {
  return numberOf(to) - numberOf(from);
}

export function weekdayOf(date: string): WeekdayCode {
  return WEEKDAY_CODES[sinceMonday(date)] ?? 'MO';
}

/** The Monday of its week. */
export function weekOf(date: string): string {
  return addDays(date, -sinceMonday(date));
}

/** All dates from the first to the last, both included; none where the last is earlier. */
export function datesFrom(first: string, last: string): string[] {
  const start = numberOf(first);
  return Array.from({ length: Math.max(0, numberOf(last) - start + 1) }, (_, i) => textOf(start + i));
}

/**
 * The day of the habit that a local moment belongs to (`time` is HH:MM), be it a check-in or the slot of a reminder: with a day that starts at 02:00,
 * half past one is yesterday still.
 */
export function habitDayOf({ date, time }: { date: string; time: string }, dayStart: string): string {
  return time < dayStart ? addDays(date, -1) : date;
}

/** The last day on which a habit is kept; without one it goes on. */
export interface Ending {
  endDate?: string | null | undefined;
}

/** The last day was before that date. */
export function isOver({ endDate }: Ending, date: string): boolean {
  return typeof endDate === 'string' && endDate < date;
}

/** The date is one of those from the first to the last day, both included. */
export function isWithin(span: { startDate: string } & Ending, date: string): boolean {
  return date >= span.startDate && !isOver(span, date);
}

function sinceMonday(date: string): number {
  return (((numberOf(date) - FIRST_MONDAY) % 7) + 7) % 7;
}

/** Days since the epoch. */
function numberOf(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS;
}

function textOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
