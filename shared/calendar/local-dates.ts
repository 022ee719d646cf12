/** Local dates as days counted from 1 January 1970, and times of day in milliseconds: no zone is in it. */
export const DAY_MS = 86_400_000;

/** Dates whose texts are kept: planners ask for the same few weeks again and again. */
const DATES_KEPT = 20_000;
const textsOfDays = new Map<number, string>();
const daysOfTexts = new Map<string, number>();

/** The day of a date `YYYY-MM-DD`. Throws a RangeError where the calendar has no such date. */
export function dayOf(date: string): number {
  const known = daysOfTexts.get(date);
  if (known !== undefined) return known;
  const day = Date.parse(`${date}T00:00:00Z`) / DAY_MS;
  if (!Number.isInteger(day) || dateOf(day) !== date) throw new RangeError(`${date} is no date`);
  return day;
}

/** The date of a day: `2026-03-02`. */
export function dateOf(day: number): string {
  const known = textsOfDays.get(day);
  if (known !== undefined) return known;
  const date = new Date(day * DAY_MS).toISOString().slice(0, 10);
  if (textsOfDays.size >= DATES_KEPT) {
    textsOfDays.clear();
    daysOfTexts.clear();
  }
  textsOfDays.set(day, date);
  daysOfTexts.set(date, day);
  return date;
}

/** From 0, Monday, to 6. 1 January 1970 was a Thursday. */
export const weekdayOf = (day: number): number => (((day + 3) % 7) + 7) % 7;

/** Since midnight, of a time `HH:MM`. */
export function timeOfDayMs(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return (hours * 60 + minutes) * 60_000;
}
