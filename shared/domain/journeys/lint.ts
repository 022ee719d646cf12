/**
 * Reads a definition for what no schema can see: `lint(definition) -> Finding[]`. It presumes a parsed definition, whose
 * shape zod has checked. A definition without errors cannot get stuck: every step it can reach leads on, asks, waits or ends.
 */
import { defaultNext, type ProgramDefinition } from './definition.ts';
import { type Finding, fieldPath, pathInStep, stepFinding } from './findings.ts';
import { checkRounds } from './lint-rounds.ts';
import { checkVariables } from './lint-variables.ts';
import type { StepKey } from './state.ts';
import { checkBraces, checkText } from './steps/fields.ts';
import { kindOf, type Step } from './steps/index.ts';
import type { Exit, StepFinding } from './steps/kind.ts';

/** Everything that is wrong, in the order of the steps. */
export function lint(definition: ProgramDefinition): Finding[] {
  const findings = [
    ...checkKeys(definition),
    ...checkSignals(definition),
    ...checkTargets(definition),
    ...checkReach(definition),
    ...checkRounds(definition),
    ...checkVariables(definition),
    ...checkSteps(definition),
  ];
  const position = new Map(definition.steps.map(({ key }, i) => [key, i]));
  const rank = ({ stepKey }: Finding) => (stepKey === null ? -1 : (position.get(stepKey) ?? 0));
  return findings.sort((a, b) => rank(a) - rank(b));
}

/** Whether a definition with these findings may be published. */
export function isPublishable(findings: Finding[]): boolean {
  return findings.every(({ severity }) => severity !== 'error');
}

function checkSteps({ steps, language }: ProgramDefinition): Finding[] {
  return steps.flatMap((step, i) =>
    [...checkTexts(step), ...(kindOf(step).check?.(step, language) ?? [])].map((finding) =>
      stepFinding(i, step.key, finding),
    ),
  );
}

/** What is shown to a person may not turn out blank; labels are shown as they stand. */
function checkTexts(step: Step): StepFinding[] {
  const texts = kindOf(step).texts?.(step) ?? [];
  return texts.flatMap(({ text, path, role }) => {
    if (role === 'button' || role === 'title') return [];
    return role === 'prompt' ? checkBraces(text, path) : checkText(text, path);
  });
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

function checkReach({ steps, signals }: ProgramDefinition): Finding[] {
  const positions = new Map(steps.map(({ key }, i) => [key, i]));
  const reached = new Set<number>();
  const open = [0, ...signals.map(({ goTo }) => positions.get(goTo ?? ''))];
  while (open.length > 0) {
    const position = open.pop();
    const step = position === undefined ? undefined : steps[position];
    if (!step || position === undefined || reached.has(position)) continue;
    reached.add(position);
    for (const { to } of kindOf(step).exits(step)) open.push(positions.get(to ?? defaultNext(steps, position) ?? ''));
  }
  return steps.flatMap((step, i): Finding[] => {
    if (reached.has(i)) return [];
    const message = `Nothing leads to "${step.key}".`;
    const remedy = 'Lead to it from another step, or take it out.';
    return [
      { code: 'unreachableStep', severity: 'warning', stepKey: step.key, path: pathInStep(i, []), message, remedy },
    ];
  });
}
