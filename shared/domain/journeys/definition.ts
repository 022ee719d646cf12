/**
 * A program's definition as the machine reads it: parsed, so every default is filled in. Its schema is composed in
 * shared/contracts/programs.ts, where the compiler holds the two against each other.
 */
import type { StepKey } from './state.ts';
import type { Step } from './steps/index.ts';

export type SignalFieldKind = 'text' | 'number' | 'boolean';

/** A custom signal: what an integrator may send in by name. All fields of the payload are required. */
export interface SignalDeclaration {
  name: string;
  payload: Record<string, SignalFieldKind>;
  /** The step the journey goes to when it comes; without one only its payload is kept. */
  goTo?: StepKey | undefined;
}

export interface ProgramDefinition {
  v: 1;
  title: string;
  /** BCP 47, e.g. `en` or `pt-BR`. */
  language: string;
  signals: SignalDeclaration[];
  steps: Step[];
}

interface Place {
  step: Step;
  /** Where the journey goes from here by default; null: it is completed. */
  next: StepKey | null;
}

const places = new WeakMap<ProgramDefinition, Map<StepKey, Place>>();

/** The step of that key and its normal next; undefined when the definition has none. Indexed once per definition. */
export function placeOf(definition: ProgramDefinition, key: StepKey): Place | undefined {
  let index = places.get(definition);
  if (!index) {
    index = indexSteps(definition.steps);
    places.set(definition, index);
  }
  return index.get(key);
}

/** Keys are unique in a definition that lints clean; elsewhere the first of two wins. */
function indexSteps(steps: Step[]): Map<StepKey, Place> {
  const index = new Map<StepKey, Place>();
  for (const [position, step] of steps.entries()) {
    if (!index.has(step.key)) index.set(step.key, { step, next: defaultNext(steps, position) });
  }
  return index;
}

/** `next` where the step names one, else the step that follows in the list, else null (the end). */
export function defaultNext(steps: Step[], position: number): StepKey | null {
  const step = steps[position];
  const named = step && 'next' in step ? step.next : undefined;
  return named ?? steps[position + 1]?.key ?? null;
}
