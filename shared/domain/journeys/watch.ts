/** What a program watches for whatever its journey is doing: goals that are reached, and conditions that lead out. */
import type { WatchedExit } from './definition.ts';
import { type Draft, knownTo } from './draft.ts';
import { holds } from './steps/condition.ts';

/** Notes the goals whose conditions hold now and did not before. */
export function noteGoals(draft: Draft): void {
  const { definition, state } = draft;
  if (!definition.goals) return;
  const known = knownTo(draft);
  for (const { goal, when } of definition.goals) {
    if (state.goals.includes(goal) || !holds(when, known)) continue;
    state.goals = [...state.goals, goal];
    draft.record('goalReached', { goal });
  }
}

/** The first exit whose condition holds; one that leads to a step does so once. Goals that are reached are noted before. */
export function watchedExit(draft: Draft): WatchedExit | undefined {
  noteGoals(draft);
  const { definition, state } = draft;
  if (!definition.exits) return undefined;
  const known = knownTo(draft);
  return definition.exits.find(({ outcome, when }) => !state.left?.includes(outcome) && holds(when, known));
}
