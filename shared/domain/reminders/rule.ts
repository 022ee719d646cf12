/** When a reminder is due, as a creator says it: local times on local dates. */

export const WEEKDAY_CODES = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
export type WeekdayCode = (typeof WEEKDAY_CODES)[number];

export interface ReminderRule {
  /** `HH:MM`, in order. */
  times: string[];
  days?: WeekdayCode[];
  /** RFC 5545; it chooses dates. */
  rrule?: string;
  startDate?: string;
  endDate?: string;
  date?: { on: string; plusDays?: number };
  after?: { event: string; days?: number };
}
