/** Goals and exits that a program watches for. */
import type { ProgramDefinition } from '../definition.ts';
import { holdsAtStart } from '../steps/condition.ts';
import { type Finding, fieldPath } from './findings.ts';

export function checkWatches({ goals = [], exits = [], steps }: ProgramDefinition): Finding[] {
  const keys = new Set(steps.map(({ key }) => key));
  return [
    ...exits.flatMap(({ when, outcome, goTo }, i) => [
      ...(goTo !== undefined && !keys.has(goTo) ? [unknownStep(outcome, goTo, i)] : []),
      ...(exits.some((other, j) => j < i && other.outcome === outcome && (other.goTo ?? goTo) !== undefined)
        ? [duplicateExit(outcome, i)]
        : []),
      ...(holdsAtStart(when) ? [exitFromTheStart(outcome, i)] : []),
    ]),
    ...goals.flatMap(({ goal, when }, i) => [
      ...(goals.findIndex((other) => other.goal === goal) < i ? [duplicateGoal(goal, i)] : []),
      ...(holdsAtStart(when) ? [goalFromTheStart(goal, i)] : []),
    ]),
  ];
}

function unknownStep(outcome: string, goTo: string, position: number): Finding {
  return {
    ...{ code: 'unknownStep', severity: 'error', stepKey: null, path: fieldPath(['exits', position, 'goTo']) },
    message: `The exit "${outcome}" goes to "${goTo}", which is no step here.`,
    remedy: 'Name an existing step, or leave the field out to end the journey.',
  };
}

/** An exit that leads to a step does so once, and is known by its outcome. Two that end the journey may share one. */
function duplicateExit(outcome: string, position: number): Finding {
  return {
    ...{ code: 'duplicateExit', severity: 'error', stepKey: null, path: fieldPath(['exits', position, 'outcome']) },
    message: `Two exits are called "${outcome}", so that once one was taken the other is not looked at any more.`,
    remedy: 'Give each exit that leads to a step an outcome of its own.',
  };
}

function exitFromTheStart(outcome: string, position: number): Finding {
  return {
    ...{ code: 'exitFromTheStart', severity: 'error', stepKey: null, path: fieldPath(['exits', position, 'when']) },
    message: `The exit "${outcome}" is taken by everybody before the first step: nobody has answered anything yet.`,
    remedy: 'Join the condition with one that comes about later, e.g. {"answer": "mood", "exists": true}.',
  };
}

function duplicateGoal(goal: string, position: number): Finding {
  return {
    ...{ code: 'duplicateGoal', severity: 'warning', stepKey: null, path: fieldPath(['goals', position, 'goal']) },
    message: `The goal "${goal}" is watched for twice, and is noted once.`,
    remedy: 'Join the two conditions by any.',
  };
}

function goalFromTheStart(goal: string, position: number): Finding {
  return {
    ...{ code: 'goalFromTheStart', severity: 'warning', stepKey: null, path: fieldPath(['goals', position, 'when']) },
    message: `The goal "${goal}" is reached by everybody before the first step: nobody has answered anything yet.`,
    remedy: 'Join the condition with one that comes about later, e.g. {"answer": "mood", "exists": true}.',
  };
}
