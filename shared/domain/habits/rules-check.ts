/** What of a habit's rules cannot be kept by anybody, each part being fine by itself. */
import type { HabitRules } from './rules.ts';

/** In a plain sentence, with the field that it is about; null where nothing is wrong. */
export function faultOf({ schedule, restDays }: HabitRules): { path: string; message: string } | null {
  const askedDays = 7 - new Set(restDays).size;
  if (askedDays === 0) return { path: 'restDays', message: 'One day of the week at least is none of rest.' };
  if (schedule.kind === 'weekdays' && schedule.days.every((day) => restDays.includes(day))) {
    return { path: 'restDays', message: 'They are all the weekdays on which the habit is asked.' };
  }
  if (schedule.kind === 'timesPerWeek' && schedule.times > askedDays) {
    return { path: 'schedule.times', message: `Rest days leave ${askedDays} days of the week.` };
  }
  return null;
}
