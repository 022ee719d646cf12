/** When a reminder is due: local dates and local times of day. What instants they are depends on the coachee's zone. */

export const WEEKDAY_CODES = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
/** As RFC 5545 writes weekdays. */
export type WeekdayCode = (typeof WEEKDAY_CODES)[number];

/**
 * At most one of `rrule`, `date` and `after` says which dates; with none of them it is every day. `days`, `startDate` and
 * `endDate` (both inclusive) leave some of these out. Dates are `YYYY-MM-DD`.
 */
export interface ReminderRule {
  /** `HH:MM`; each is a slot on every date. */
  times: string[];
  days?: WeekdayCode[] | undefined;
  /** RFC 5545; INTERVAL and COUNT count from `startDate`. */
  rrule?: string | undefined;
  startDate?: string | undefined;
  endDate?: string | undefined;
  /** One date, so many days later; earlier where `plusDays` is negative. */
  date?: { on: string; plusDays?: number | undefined } | undefined;
  /** So many days after an event, whose date only the caller knows; before it where `days` is negative. */
  after?: { event: string; days?: number | undefined } | undefined;
}
