/** Variables in texts and conditions that can never have a value, or that cannot have one yet. */
import type { ProgramDefinition, SignalDeclaration } from '../definition.ts';
import type { VariablePath } from '../known.ts';
import type { StepKey } from '../state.ts';
import { conditionReadings } from '../steps/condition.ts';
import { textReadings } from '../steps/fields.ts';
import { kindOf, type Step } from '../steps/index.ts';
import type { Reading } from '../steps/kind.ts';
import { type Finding, fieldPath, pathInStep } from './findings.ts';
import type { Graph } from './graph.ts';
import { earlyReading } from './variables-order.ts';

interface Sources {
  steps: Map<StepKey, Step>;
  signals: Map<string, SignalDeclaration>;
  /** Those of which check-ins may come. */
  habits: Set<string | null | undefined>;
}

/** Without its place. */
export type Problem = Omit<Finding, 'stepKey' | 'path'>;

export function checkVariables(definition: ProgramDefinition, graph: Graph): Finding[] {
  const { steps, signals } = definition;
  const sources: Sources = {
    steps: new Map(steps.map((step) => [step.key, step])),
    signals: new Map(signals.map((signal) => [signal.name, signal])),
    habits: new Set(steps.flatMap((step) => [kindOf(step).checksIn?.(step), kindOf(step).givesHabit?.(step)])),
  };
  const early = earlyReading(graph);
  const watched = watchedReadings(definition).flatMap((reading) => {
    const problem = problemWith(reading, sources);
    return problem ? [{ ...problem, stepKey: null, path: fieldPath(reading.path) }] : [];
  });
  const read = steps.flatMap((step, i) => [
    ...checkAwaited(step, i, sources),
    ...readingsOf(step).flatMap((reading) => {
      const problem = problemWith(reading, sources) ?? early(reading, i);
      return problem ? [{ ...problem, stepKey: step.key, path: pathInStep(i, reading.path) }] : [];
    }),
  ]);
  return [...watched, ...read];
}

function watchedReadings({ goals = [], exits = [] }: ProgramDefinition): Reading[] {
  return [
    ...goals.flatMap(({ when }, i) => conditionReadings(when, ['goals', i, 'when'])),
    ...exits.flatMap(({ when }, i) => conditionReadings(when, ['exits', i, 'when'])),
  ];
}

function readingsOf(step: Step): Reading[] {
  const { texts, reads } = kindOf(step);
  return [...(texts?.(step) ?? []).flatMap(({ text, path }) => textReadings(text, path)), ...(reads?.(step) ?? [])];
}

function checkAwaited(step: Step, position: number, { signals }: Sources): Finding[] {
  const awaited = kindOf(step).awaits?.(step);
  if (!awaited || signals.has(awaited.signal)) return [];
  return [
    {
      ...{ code: 'unknownSignal', severity: 'error', stepKey: step.key, path: pathInStep(position, awaited.path) },
      message: `The program declares no signal "${awaited.signal}", so it is never let in.`,
      remedy: 'Declare it among the signals of the program, or name one that is declared.',
    },
  ];
}

function problemWith({ variable, inText }: Reading, sources: Sources): Problem | null {
  const [root, name = '', ...rest] = variable;
  const written = variable.join('.');
  switch (root) {
    case 'coachee':
      return name === 'name' && rest.length === 0
        ? null
        : unknown(written, 'Of the coachee only coachee.name is known.');
    case 'traits':
      return name !== '' && rest.length === 0 ? null : unknown(written, 'Write traits.name, with nothing after it.');
    case 'answers':
      if (gift(sources.steps.get(name)) !== 'answer') {
        return unknown(written, `No question or buttons are called "${name}".`);
      }
      return rest.length === 0 ? null : unknown(written, 'An answer has no fields.');
    case 'results':
      return problemWithResult(written, sources.steps.get(name), variable);
    case 'signals':
      return problemWithSignal(written, sources.signals.get(name), rest);
    case 'adherence':
      if (!inText) return sources.habits.has(name) ? null : habitNotAsked(name);
  }
  return unknown(written, 'Variables begin with coachee, traits, answers, results or signals.');
}

function gift(step: Step | undefined): 'answer' | 'result' | null {
  return (step && kindOf(step).gives?.(step)) ?? null;
}

function problemWithResult(written: string, step: Step | undefined, [, name, ...rest]: VariablePath): Problem | null {
  if (!step || gift(step) !== 'result') return unknown(written, `No step that is called "${name}" keeps a result.`);
  const { resultFields } = kindOf(step);
  if (!resultFields || (rest.length === 1 && resultFields.includes(rest[0] ?? ''))) return null;
  return unknown(written, `The result of "${name}" has: ${resultFields.join(', ')}.`);
}

function problemWithSignal(written: string, signal: SignalDeclaration | undefined, rest: string[]): Problem | null {
  if (!signal) return unknown(written, 'This program declares no such signal.');
  if (rest.length === 1 && Object.hasOwn(signal.payload, rest[0] ?? '')) return null;
  const fields = Object.keys(signal.payload).join(', ') || 'no fields';
  return unknown(written, `The payload of "${signal.name}" has: ${fields}.`);
}

function unknown(written: string, remedy: string): Problem {
  return { code: 'unknownVariable', severity: 'error', message: `"${written}" can never have a value.`, remedy };
}

/** A warning only: another program may ask for it. */
function habitNotAsked(habit: string): Problem {
  return {
    ...{ code: 'habitNotAsked', severity: 'warning' },
    message: `No check-in of this program asks for the habit "${habit}", and no step gives it.`,
    remedy: 'Add a checkin or a habit step for it, unless coachees keep it by other ways.',
  };
}
