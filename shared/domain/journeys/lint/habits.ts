/** Habits that are ended and were never given. */
import type { ProgramDefinition } from '../definition.ts';
import { kindOf } from '../steps/index.ts';
import { type Finding, pathInStep } from './findings.ts';

export function checkHabits({ steps }: ProgramDefinition): Finding[] {
  const given = new Set(steps.map((step) => kindOf(step).givesHabit?.(step)));
  return steps.flatMap((step, i) => {
    const ended = kindOf(step).endsHabit?.(step) ?? null;
    return ended === null || given.has(ended) ? [] : [neverGiven(ended, step.key, i)];
  });
}

/** A warning only: another program, or a person, may have given it. */
function neverGiven(habit: string, stepKey: string, position: number): Finding {
  return {
    ...{ code: 'habitNeverGiven', severity: 'warning', stepKey, path: pathInStep(position, ['habit']) },
    message: `No step of this program gives the habit "${habit}" that is ended here.`,
    remedy: 'Name the habit that was given, unless another program or a person gives it.',
  };
}
