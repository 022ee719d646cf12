/** Where journeys of one version of a program land in another one, and why. Pure: the preview, the decision and the undo ask the same function. */
import { type ProgramDefinition, placeOf } from './definition.ts';
import type { JourneyState, StepKey } from './state.ts';

/** What becomes of the journeys at a step: on at another step, back to the beginning, or to the end with that outcome. */
export type Target = { goTo: StepKey } | { restart: true } | { finish: string };

/** By the old version's step. What it names is mapped, also where the step would have stayed the same. */
export type StepMapping = Record<StepKey, Target>;

export type Lands = 'same' | 'mapped' | 'restart' | 'finish' | 'conflict';

export interface Landing {
  lands: Lands;
  /** The step in the new version; in a conflict the one that has no place there. Null: not begun yet, or at the end. */
  stepKey: StepKey | null;
  /** In plain language. */
  why: string;
  /** The step is of the kind that the journey stands at: what it waits for goes on, and nothing is sent again. */
  keeps: boolean;
  /** Of `finish`. */
  outcome?: string;
}

/** How a decision takes a journey to another version: where it lands, or back to the state that it had before. */
export interface Arrival {
  /** The version's number. */
  version: number;
  landing: Landing | { lands: 'back'; state: JourneyState; why: string };
}

/** Where a journey of `from` that stands at `at` (null: not begun) lands in `to`. Total: what has no place is a conflict. */
export function landingOf(
  from: ProgramDefinition,
  to: ProgramDefinition,
  { at }: Pick<JourneyState, 'at'>,
  mapping: StepMapping = {},
): Landing {
  if (at === null) return { lands: 'same', stepKey: null, why: 'It has not begun yet.', keeps: true };
  const target = Object.hasOwn(mapping, at) ? mapping[at] : undefined;
  const old = placeOf(from, at)?.step.type;
  if (target) return mapped(to, { at, old }, target);
  const now = placeOf(to, at)?.step.type;
  if (now === undefined) return conflict(at, `The new version has no step ${at}.`);
  // A journey may be parked at a step that its own version has not.
  if (old !== undefined && old !== now) return conflict(at, `Step ${at} was of the kind ${old} and is now ${now}.`);
  return { lands: 'same', stepKey: at, why: `Step ${at} is there, of the same kind.`, keeps: true };
}

function mapped(to: ProgramDefinition, { at, old }: { at: StepKey; old: string | undefined }, target: Target): Landing {
  if ('finish' in target) {
    const why = `The mapping ends it with ${target.finish}.`;
    return { lands: 'finish', stepKey: null, why, keeps: false, outcome: target.finish };
  }
  if ('restart' in target) {
    const first = to.steps[0]?.key ?? null;
    return { lands: 'restart', stepKey: first, why: 'The mapping lets it begin anew.', keeps: false };
  }
  const now = placeOf(to, target.goTo)?.step.type;
  if (now === undefined) return conflict(at, `The mapping names ${target.goTo}, which the new version has not.`);
  const keeps = old === now;
  const how = keeps
    ? 'and goes on with what it waits for'
    : `which is entered (it was ${old ?? 'nowhere'}, now ${now})`;
  return { lands: 'mapped', stepKey: target.goTo, why: `The mapping takes it to ${target.goTo}, ${how}.`, keeps };
}

function conflict(stepKey: StepKey, why: string): Landing {
  return { lands: 'conflict', stepKey, why, keeps: false };
}

/** What is wrong with a mapping, by the field within it: steps that the versions do not have. */
export function mappingErrors(
  from: ProgramDefinition,
  to: ProgramDefinition,
  mapping: StepMapping,
): { path: string; message: string }[] {
  return Object.entries(mapping).flatMap(([key, target]) => [
    ...(placeOf(from, key) ? [] : [{ path: key, message: 'The old version has no such step.' }]),
    ...('goTo' in target && !placeOf(to, target.goTo)
      ? [{ path: `${key}.goTo`, message: `The new version has no step ${target.goTo}.` }]
      : []),
  ]);
}
