/** What a habit asks for. */
import type { WeekdayCode } from '../reminders/rule.ts';

export interface HabitRules {
  measure: { kind: 'yesNo'; timesPerDay?: number } | { kind: 'amount'; target: number; unit: string };
  schedule:
    | { kind: 'daily' }
    | { kind: 'weekdays'; days: WeekdayCode[] }
    | { kind: 'everyNDays'; n: number }
    | { kind: 'timesPerWeek'; times: number };
  dayStart: string;
  backfillDays: number;
  freezesPerMonth: number;
  restDays: WeekdayCode[];
}
