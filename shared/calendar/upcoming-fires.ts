/** What a reminder's rule comes to for somebody in a zone: its next fires, as the preview shows them. */
import type { ReminderRule } from '../domain/reminders/rule.ts';
import { dateOf, dayOf } from './local-dates.ts';
import { datesBetween } from './recurrence.ts';
import { localAt, resolveSlot, type SlotTrouble } from './slots.ts';

/** `localDate` and `localTime` are the rule's own slot, `atMs` its instant in epoch milliseconds. */
export interface UpcomingFire {
  localDate: string;
  localTime: string;
  atMs: number;
  resolved: SlotTrouble | null;
}

/** Where a preview begins: the instant, and the local date that a recurrence without a start date counts from. */
export interface Beginning {
  atMs: number;
  date: string;
}

const DAYS_PER_LOOK = 366;
/** A rule that is rarer than that is shown as far as here. */
const YEARS_SHOWN = 100;
/** A gap or an absent date moves a slot by a day at most: slots of two dates may change places, or come after the beginning. */
const DAYS_MOVED = 2;

/** `moment`: an instant with an offset or `Z`, or a date or date-time of the zone's clocks. Throws a RangeError for an unknown zone. */
export function beginningOf(moment: string, timeZone: string): Beginning {
  const [date = '', time] = moment.split('T');
  if (time === undefined) return { date, atMs: resolveSlot(date, '00:00', timeZone).atMs };
  if (/[Z+-]/.test(time)) {
    const atMs = Date.parse(moment);
    return { date: localAt(atMs, timeZone).date, atMs };
  }
  const seconds = Number(time.slice(6) || 0);
  return { date, atMs: resolveSlot(date, time.slice(0, 5), timeZone).atMs + Math.round(seconds * 1000) };
}

/**
 * The first `count` fires on or after the beginning, by instant and then by slot; fewer where the rule ends, or has no more
 * within a hundred years. Slots on a date that a zone skips are among them, as `absent`.
 */
export function upcomingFires(rule: ReminderRule, from: Beginning, timeZone: string, count: number): UpcomingFire[] {
  const fires: UpcomingFire[] = [];
  let lastDate: string | null = null;
  for (const date of datesFrom(rule, from.date)) {
    if (lastDate !== null && date > lastDate) break;
    for (const time of rule.times) {
      const { atMs, resolved } = resolveSlot(date, time, timeZone);
      if (atMs >= from.atMs) fires.push({ localDate: date, localTime: time, atMs, resolved });
    }
    if (fires.length >= count) lastDate ??= dateOf(dayOf(date) + DAYS_MOVED);
  }
  return fires.sort((a, b) => a.atMs - b.atMs || compare(slotOf(a), slotOf(b))).slice(0, count);
}

/** In their order, from a little before the anchor on. */
function* datesFrom(rule: ReminderRule, anchor: string): Generator<string> {
  const first = dayOf(anchor) - DAYS_MOVED;
  const last = first + YEARS_SHOWN * DAYS_PER_LOOK;
  for (let day = first; day < last; day += DAYS_PER_LOOK) {
    yield* datesBetween(rule, anchor, dateOf(day), dateOf(day + DAYS_PER_LOOK - 1));
  }
}

const slotOf = ({ localDate, localTime }: UpcomingFire): string => `${localDate}T${localTime}`;

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
