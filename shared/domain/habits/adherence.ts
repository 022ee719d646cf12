/** How much of what was asked was done, over days, habits, coachees, programs, cohorts. */
import type { EvaluatedDay } from './evaluate.ts';

/** In days: of those counted, so many were done. */
export interface Adherence {
  done: number;
  counted: number;
}

/**
 * What was begun, missed or frozen was asked and not done: a freeze saves the streak, it does not embellish what was done. Of days on which
 * nothing was asked, those count on which it was done all the same.
 */
export function adherenceOf(days: EvaluatedDay[]): Adherence {
  const done = days.filter(({ status }) => status === 'done').length;
  const lacking = days.filter(
    ({ status }) => status === 'missed' || status === 'partial' || status === 'frozen',
  ).length;
  return { done, counted: done + lacking };
}

/** Each day weighs the same, whoever's and of whichever habit it is. */
export function joinedAdherence(all: Adherence[]): Adherence {
  return {
    done: all.reduce((sum, { done }) => sum + done, 0),
    counted: all.reduce((sum, { counted }) => sum + counted, 0),
  };
}

/** 0..1; null where nothing counted. */
export function adherenceRate({ done, counted }: Adherence): number | null {
  return counted === 0 ? null : done / counted;
}
