/**
 * Which local dates a reminder's rule is due on. Bounded in time and memory whatever the rule: a rule that comes due nowhere
 * is answered like any other.
 */
import { type Rrule, readRrule } from '../domain/reminders/rrule.ts';
import { type ReminderRule, WEEKDAY_CODES } from '../domain/reminders/rule.ts';
import { dateOf, dayOf, weekdayOf } from './local-dates.ts';
import { daysInYear } from './rrule-dates.ts';

export { checkRrule } from '../domain/reminders/rrule.ts';

/** After so many years nextDate gives up: 29 February comes again within eight, also around 2100. */
const YEARS_AHEAD = 12;
/** A pattern that does not depend on its first date is asked for from here, so that all who have it share the answers. */
const LONG_AGO = '1600-01-01';

/**
 * The dates from `from` to `to` (both inclusive, `YYYY-MM-DD`), in their order. `anchor` is what a recurrence without a start
 * date counts from, and the date of the event of a rule with `after`.
 * Throws a RangeError for what is no date and for a recurrence that readRrule refuses.
 */
export function datesBetween(rule: ReminderRule, anchor: string, from: string, to: string): string[] {
  const first = Math.max(dayOf(from), rule.startDate === undefined ? -Infinity : dayOf(rule.startDate));
  const last = Math.min(dayOf(to), rule.endDate === undefined ? Infinity : dayOf(rule.endDate));
  return candidates(rule, anchor, first, last)
    .filter((day) => day >= first && day <= last && isOnWeekday(rule, day))
    .map(dateOf);
}

/** The first date on or after `from`; null when there is none within 12 years. Otherwise like datesBetween. */
export function nextDate(rule: ReminderRule, anchor: string, from: string): string | null {
  const first = dayOf(from);
  const last = dayOf(yearsLater(from, YEARS_AHEAD));
  // A week is enough for most rules; what is rarer is looked for by the year, as it is kept.
  let start = first;
  while (start <= last) {
    const end = Math.min(last, start === first ? first + 6 : lastOfYear(start));
    const [next] = datesBetween(rule, anchor, dateOf(start), dateOf(end));
    if (next !== undefined) return next;
    start = end + 1;
  }
  return null;
}

function candidates({ rrule, startDate, date, after }: ReminderRule, anchor: string, first: number, last: number) {
  if (date) return [dayOf(date.on) + (date.plusDays ?? 0)];
  if (after) return [dayOf(anchor) + (after.days ?? 0)];
  if (rrule === undefined) return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
  return chosenDays(parsed(rrule), startDate ?? anchor, first, last);
}

function chosenDays(rrule: Rrule, start: string, first: number, last: number): number[] {
  const from = Math.max(first, dayOf(start));
  const to = Math.min(last, rrule.until === null ? Infinity : dayOf(rrule.until));
  if (from > to) return [];
  const begin = rrule.isAnchored || start < LONG_AGO ? start : LONG_AGO;
  let left = rrule.count === null ? Infinity : rrule.count - countBefore(rrule, begin, yearOf(from));
  const days: number[] = [];
  for (let year = yearOf(from); year <= yearOf(to) && left > 0; year += 1) {
    const ofYear = daysInYear(rrule.pattern, begin, year).slice(0, left);
    left -= ofYear.length;
    days.push(...ofYear.filter((day) => day >= from && day <= to));
  }
  return days;
}

/** How many dates lie in the years before. */
function countBefore({ pattern, count }: Rrule, start: string, year: number): number {
  let total = 0;
  for (let before = yearOf(dayOf(start)); before < year && total < (count ?? 0); before += 1) {
    total += daysInYear(pattern, start, before).length;
  }
  return total;
}

function isOnWeekday({ days }: ReminderRule, day: number): boolean {
  const code = WEEKDAY_CODES[weekdayOf(day)];
  return days === undefined || (code !== undefined && days.includes(code));
}

const RRULES_KEPT = 1000;
const parsedRrules = new Map<string, Rrule>();

function parsed(text: string): Rrule {
  const known = parsedRrules.get(text);
  if (known) return known;
  const read = readRrule(text);
  if ('refused' in read) throw new RangeError(read.refused);
  if (parsedRrules.size >= RRULES_KEPT) parsedRrules.clear();
  parsedRrules.set(text, read.rrule);
  return read.rrule;
}

const yearOf = (day: number): number => Number(dateOf(day).slice(0, 4));

const lastOfYear = (day: number): number => dayOf(`${dateOf(day).slice(0, 4)}-12-31`);

/** 29 February becomes the 28th; 9999 is the last year. */
function yearsLater(date: string, years: number): string {
  const year = String(Math.min(9999, Number(date.slice(0, 4)) + years)).padStart(4, '0');
  return date.endsWith('-02-29') ? `${year}-02-28` : `${year}${date.slice(4)}`;
}
