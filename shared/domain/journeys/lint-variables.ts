/** Variables in texts and conditions that can never have a value. */
import type { ProgramDefinition, SignalDeclaration } from './definition.ts';
import { type Finding, pathInStep } from './findings.ts';
import type { VariablePath } from './known.ts';
import type { StepKey } from './state.ts';
import { textReadings } from './steps/fields.ts';
import { kindOf, type Step } from './steps/index.ts';
import type { Reading } from './steps/kind.ts';

interface Sources {
  gives: Map<StepKey, 'answer' | 'result' | null>;
  signals: Map<string, SignalDeclaration>;
}

export function checkVariables({ steps, signals }: ProgramDefinition): Finding[] {
  const sources: Sources = {
    gives: new Map(steps.map((step) => [step.key, kindOf(step).gives?.(step) ?? null])),
    signals: new Map(signals.map((signal) => [signal.name, signal])),
  };
  return steps.flatMap((step, i) =>
    readingsOf(step).flatMap(({ variable, path }): Finding[] => {
      const problem = problemWith(variable, sources);
      if (!problem) return [];
      const place = { stepKey: step.key, path: pathInStep(i, path) };
      return [{ code: 'unknownVariable', severity: 'error', ...place, ...problem }];
    }),
  );
}

function readingsOf(step: Step): Reading[] {
  const { texts, reads } = kindOf(step);
  return [...(texts?.(step) ?? []).flatMap(({ text, path }) => textReadings(text, path)), ...(reads?.(step) ?? [])];
}

type Problem = Pick<Finding, 'message' | 'remedy'>;

function problemWith(variable: VariablePath, sources: Sources): Problem | null {
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
      if (sources.gives.get(name) !== 'answer') return unknown(written, `No question or buttons are called "${name}".`);
      return rest.length === 0 ? null : unknown(written, 'An answer has no fields.');
    case 'results':
      return sources.gives.get(name) === 'result' ? null : unknown(written, `No webhook step is called "${name}".`);
    case 'signals':
      return problemWithSignal(written, sources.signals.get(name), rest);
    default:
      return unknown(written, 'Variables begin with coachee, traits, answers, results or signals.');
  }
}

function problemWithSignal(written: string, signal: SignalDeclaration | undefined, rest: string[]): Problem | null {
  if (!signal) return unknown(written, 'This program declares no such signal.');
  if (rest.length === 1 && Object.hasOwn(signal.payload, rest[0] ?? '')) return null;
  const fields = Object.keys(signal.payload).join(', ') || 'no fields';
  return unknown(written, `The payload of "${signal.name}" has: ${fields}.`);
}

function unknown(written: string, remedy: string): Problem {
  return { message: `"${written}" can never have a value.`, remedy };
}
