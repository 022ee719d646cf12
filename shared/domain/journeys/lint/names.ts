/** Names that are given twice, and names of steps that are not there. */
import type { ProgramDefinition } from '../definition.ts';
import type { StepKey } from '../state.ts';
import { kindOf } from '../steps/index.ts';
import type { Exit } from '../steps/kind.ts';
import { type Finding, fieldPath, pathInStep } from './findings.ts';

export function checkNames(definition: ProgramDefinition): Finding[] {
  return [...checkKeys(definition), ...checkSignals(definition), ...checkTargets(definition)];
}

function checkKeys({ steps }: ProgramDefinition): Finding[] {
  const first = new Map<StepKey, number>();
  return steps.flatMap(({ key }, i) => {
    const earlier = first.get(key);
    if (earlier === undefined) {
      first.set(key, i);
      return [];
    }
    return [duplicate('duplicateStepKey', `Steps ${earlier + 1} and ${i + 1} are both called "${key}".`, i, key)];
  });
}

function duplicate(code: string, message: string, position: number, stepKey: StepKey): Finding {
  const remedy = 'Give each step a key of its own, and mend what refers to it.';
  return { code, severity: 'error', stepKey, path: pathInStep(position, ['key']), message, remedy };
}

function checkSignals({ signals, steps }: ProgramDefinition): Finding[] {
  const keys = new Set(steps.map(({ key }) => key));
  return signals.flatMap(({ name, goTo }, i): Finding[] => [
    ...(signals.findIndex((other) => other.name === name) < i
      ? [signalFinding('duplicateSignal', `The signal "${name}" is declared twice.`, [i, 'name'])]
      : []),
    ...(goTo !== undefined && !keys.has(goTo)
      ? [signalFinding('unknownStep', `The signal "${name}" goes to "${goTo}", which is no step here.`, [i, 'goTo'])]
      : []),
  ]);
}

function signalFinding(code: string, message: string, path: (string | number)[]): Finding {
  const remedy = code === 'unknownStep' ? 'Name an existing step.' : 'Declare each signal once.';
  return { code, severity: 'error', stepKey: null, path: fieldPath(['signals', ...path]), message, remedy };
}

function checkTargets({ steps }: ProgramDefinition): Finding[] {
  const keys = new Set(steps.map(({ key }) => key));
  return steps.flatMap((step, i) =>
    targetsOf(step).flatMap(({ to, path }): Finding[] => {
      if (to === null || keys.has(to)) return [];
      const message = `"${to}" is no step of this program.`;
      const remedy = 'Name an existing step, or leave the field out to go on to the step that follows.';
      return [
        { code: 'unknownStep', severity: 'error', stepKey: step.key, path: pathInStep(i, path), message, remedy },
      ];
    }),
  );
}

/** Its exits, and its `next` even where no exit uses it. */
function targetsOf(step: ProgramDefinition['steps'][number]): Pick<Exit, 'to' | 'path'>[] {
  const named = kindOf(step)
    .exits(step)
    .filter(({ to }) => to !== null);
  const next = 'next' in step && step.next !== undefined ? [{ to: step.next, path: ['next'] }] : [];
  return [...named, ...next];
}
