/** The calendar as the domain needs it; shared/calendar is the one that knows time zones. */
import type { WaitRule } from './state.ts';

export interface Calendar {
  /** The instant that a rule means, in epoch milliseconds, seen from `nowMs`; a date may be past. */
  resolveWait(rule: WaitRule, at: { nowMs: number; timeZone: string }): number;
  /** What a clock there shows: `Mon 2026-03-02T09:00:00+01:00`. */
  formatLocal(epochMs: number, timeZone: string): string;
}

/** The date in what `formatLocal` gives: `2026-03-02`. */
export const dateIn = (local: string): string => local.slice(4, 14);
/** The time of day in what `formatLocal` gives: `09:00`. */
export const timeIn = (local: string): string => local.slice(15, 20);
