/**
 * A program's definition as the machine reads it: parsed, so every default is filled in. Its schema is composed in
 * shared/contracts/programs.ts, where the compiler holds the two against each other.
 */
import type { ChannelKind } from '../channels/deliveries.ts';
import type { StepKey } from './state.ts';
import type { Condition } from './steps/condition.ts';
import type { Step } from './steps/index.ts';

export type SignalFieldKind = 'text' | 'number' | 'boolean';

/** A custom signal: what an integrator may send in by name. All fields of the payload are required. */
export interface SignalDeclaration {
  name: string;
  payload: Record<string, SignalFieldKind>;
  /** The step the journey goes to when it comes; without one only its payload is kept. */
  goTo?: StepKey | undefined;
}

/** Reached as soon as `when` holds, whatever the journey is doing. */
export interface WatchedGoal {
  goal: string;
  when: Condition;
}

/** Leaves whatever the journey is doing as soon as `when` holds: to `goTo`, or to the end with `outcome`. */
export interface WatchedExit {
  when: Condition;
  outcome: string;
  goTo?: StepKey | undefined;
}

/** When a coachee may live the program once more: after its end, never, or so many days after its end. */
export type Reentry = 'afterEnd' | 'never' | { afterDays: number };

/** What enrolls a coachee by itself: an integrator's event, a tag that is put on, another program (by slug) that was finished. */
export type EnrollmentTrigger = { event: string } | { tag: string } | { finished: string };

/** Texts in one more language, by where they stand: `<step key>.<path>`, e.g. `welcome.text` or `mood.answer.options.0.label`. */
export type Translation = Record<string, string>;

export interface ProgramDefinition {
  v: 1;
  /** The name under which files and other programs know it, unique for its creator. */
  slug?: string | undefined;
  title: string;
  /** BCP 47, e.g. `en` or `pt-BR`: that of the texts in the steps. */
  language: string;
  /** Where it is to be lived; lint holds the texts against what these channels take. Any channel when not given. */
  channels?: ChannelKind[] | undefined;
  /** By language (BCP 47). A coachee whose language is not among them reads the steps' own texts. */
  translations?: Record<string, Translation> | undefined;
  enrollment?: { reentry?: Reentry | undefined; on?: EnrollmentTrigger[] | undefined } | undefined;
  signals: SignalDeclaration[];
  goals?: WatchedGoal[] | undefined;
  exits?: WatchedExit[] | undefined;
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
