/** What is said of a habit's day, be it pressed, written or sent, as the check-in that is kept. */
import type { CheckInAct } from './check-ins.ts';
import type { HabitRules } from './rules.ts';
import type { HabitAct } from './understand.ts';

export interface ReportedCheckIn {
  act: CheckInAct;
  done: boolean;
  /** In the habit's unit; null where nothing is counted. */
  amount: number | null;
}

/** `soFar`: the day's amount before. Done of what is counted is all that is still lacking. */
export function checkInOf(measure: HabitRules['measure'], act: HabitAct, soFar: number): ReportedCheckIn {
  if (act.kind === 'skip') return { act: 'skip', done: false, amount: null };
  if (act.kind === 'notDone') return { act: 'checkIn', done: false, amount: null };
  if (act.kind === 'amount') return { act: 'checkIn', done: true, amount: act.amount };
  const amount = measure.kind === 'amount' ? Math.max(0, measure.target - soFar) : null;
  return { act: 'checkIn', done: true, amount };
}
