/** What somebody says of a habit's day in so many words, as the check-in that is kept. */
import type { CheckInAct } from './check-ins.ts';
import type { HabitRules } from './rules.ts';

export interface HabitReport {
  act: 'done' | 'notDone' | 'skip';
  /** In the habit's unit; null: none was said. */
  amount: number | null;
}

export interface ReportedCheckIn {
  act: CheckInAct;
  done: boolean;
  amount: number | null;
}

/** `soFar`: the day's amount before. Done of what is counted, without an amount, is all that is still lacking. */
export function checkInOf(
  measure: HabitRules['measure'],
  { act, amount }: HabitReport,
  soFar: number,
): ReportedCheckIn {
  if (act === 'skip') return { act: 'skip', done: false, amount: null };
  if (act === 'notDone') return { act: 'checkIn', done: false, amount: null };
  if (measure.kind === 'yesNo') return { act: 'checkIn', done: true, amount: null };
  const added = amount ?? Math.max(0, measure.target - soFar);
  return { act: 'checkIn', done: soFar + added >= measure.target, amount: added };
}
