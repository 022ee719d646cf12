/** Walks from step to step until one of them needs the world: an effect, a wait, a park, or the end. */
import { placeOf } from './definition.ts';
import { type Draft, keepAnswer, knownTo, lastOccurrence, nextRef, withEntry } from './draft.ts';
import type { EffectRef, StepKey } from './state.ts';
import { kindOf } from './steps/index.ts';
import type { Change, Move, StepContext, StepOutcome } from './steps/kind.ts';

/**
 * More steps than this without time, a person or a signal in between, and the journey is parked. A program that lints
 * clean has 500 steps and no such round, save one of questions to somebody who may not be asked.
 */
const STEPS_WITHOUT_PAUSE_MAX = 1000;

export function contextOf(draft: Draft): StepContext {
  return { known: knownTo(draft), language: draft.definition.language };
}

/** Enters that step (null: completes the journey) and those that follow at once. */
export function walkTo(draft: Draft, target: StepKey | null): void {
  let key: StepKey | null | undefined = target;
  while (typeof key === 'string') key = enter(draft, key);
  if (key === null) end(draft, 'finished', 'completed');
}

/** Does what the current step's answer to an event says, and walks on if it leads on. */
export function follow(draft: Draft, outcome: StepOutcome): void {
  const key = carryOut(draft, outcome);
  if (key !== undefined) walkTo(draft, key);
}

/** The step's normal next; null when it is the last one or not there. */
export function normalNext({ definition, state }: Draft): StepKey | null {
  return state.at === null ? null : (placeOf(definition, state.at)?.next ?? null);
}

/** Gives the key of the step to enter next, null at the end of the program, undefined when the walk stops here. */
function enter(draft: Draft, key: StepKey): StepKey | null | undefined {
  const { state } = draft;
  const place = placeOf(draft.definition, key);
  state.at = key;
  state.pending = null;
  if (!place) return park(draft, `This version of the program has no step ${key}.`);
  if (state.stepsSincePause >= STEPS_WITHOUT_PAUSE_MAX) {
    return park(draft, `More than ${STEPS_WITHOUT_PAUSE_MAX} steps followed each other without a pause.`);
  }
  state.stepsSincePause += 1;
  draft.record('entered', { type: place.step.type });
  return carryOut(draft, kindOf(place.step).enter(place.step, contextOf(draft)));
}

function carryOut(draft: Draft, outcome: StepOutcome): StepKey | null | undefined {
  const { state } = draft;
  const stepKey = state.at ?? '';
  // What the changes are about: the effect that was answered, else the one that this step begins, if any.
  const ref = state.pending ?? (isEffect(outcome) ? nextRef(draft, stepKey) : null);
  for (const change of outcome.changes ?? []) apply(draft, stepKey, change, ref);
  switch (outcome.move) {
    case 'goOn':
      return normalNext(draft);
    case 'goTo':
      return outcome.stepKey;
    case 'park':
      return park(draft, outcome.reason);
    case 'finish':
      return end(draft, 'finished', outcome.outcome);
    case 'awaitReply':
      return begin(draft, outcome, ref ?? nextRef(draft, stepKey));
    default:
      return begin(draft, outcome, state.pending || !ref ? nextRef(draft, stepKey) : ref);
  }
}

type Effect = Exclude<Move, { move: 'goOn' | 'goTo' | 'park' | 'finish' }>;

function isEffect({ move }: Move): boolean {
  return move !== 'goOn' && move !== 'goTo' && move !== 'park' && move !== 'finish';
}

function begin(draft: Draft, effect: Effect, { stepKey, occurrence }: EffectRef): undefined {
  const ref = { stepKey, occurrence };
  const { state } = draft;
  switch (effect.move) {
    case 'deliver':
      state.pending = { kind: 'delivery', misses: 0, ...ref };
      return draft.effect({ type: 'Deliver', message: effect.message, ...ref });
    case 'ask':
      state.pending = { kind: 'delivery', misses: effect.misses, ...ref };
      return draft.effect({ type: 'Ask', message: effect.message, ...ref });
    case 'awaitReply': {
      const misses = state.pending?.kind === 'delivery' ? state.pending.misses : 0;
      state.pending = { kind: 'reply', misses, ...ref };
      // Each miss was followed by one re-ask, so this is the first asking of the visit: its timeout runs on.
      const since = occurrence - misses;
      return draft.effect({ type: 'WaitUntil', rule: effect.timeout, forReply: true, since, ...ref });
    }
    case 'wait':
      state.pending = { kind: 'time', ...ref };
      return draft.effect({ type: 'WaitUntil', rule: effect.rule, forReply: false, since: occurrence, ...ref });
    case 'callWebhook': {
      const { url, body, timeoutSeconds } = effect;
      state.pending = { kind: 'webhook', ...ref };
      return draft.effect({ type: 'CallWebhook', url, body, timeoutSeconds, ...ref });
    }
  }
}

/** Writes down what a step (the current one or, for a pressed button, an earlier one) has brought about. */
export function apply(draft: Draft, stepKey: StepKey, change: Change, ref: EffectRef | null): void {
  const { state, facts } = draft;
  if ('record' in change) {
    draft.record(change.record, change.detail, ref ?? { stepKey });
  } else if ('answer' in change) {
    keepAnswer(draft, stepKey, change.answer);
  } else if ('result' in change) {
    state.results = withEntry(draft, state.results, stepKey, change.result);
  } else if ('goal' in change) {
    if (!state.goals.includes(change.goal)) state.goals = [...state.goals, change.goal];
  } else if ('trait' in change) {
    const { trait: name, value } = change;
    draft.facts = { ...facts, traits: { ...facts.traits, [name]: value } };
    draft.commands.push({ type: 'SetTrait', name, value });
  } else {
    const { tag, present } = change;
    const others = facts.tags.filter((one) => one !== tag);
    draft.facts = { ...facts, tags: present ? [...others, tag] : others };
    draft.commands.push({ type: 'SetTag', tag, present });
  }
}

/** Stops here until `retry`, `skip` or `exit`; the reason is for the creator, in plain language. */
export function park(draft: Draft, reason: string): undefined {
  const { state } = draft;
  const stepKey = state.at ?? '';
  draft.record('parked', { reason });
  state.status = 'parked';
  state.parkedReason = reason;
  state.pending = null;
  const occurrence = lastOccurrence(state, stepKey);
  return draft.effect({ type: 'WaitUntil', rule: null, forReply: false, since: occurrence, stepKey, occurrence });
}

/** The journey is over. */
export function end(draft: Draft, status: 'finished' | 'exited', outcome: string): undefined {
  const { state } = draft;
  draft.record(status, { outcome });
  state.status = status;
  state.parkedReason = null;
  state.outcome = outcome;
  state.at = null;
  state.pending = null;
  state.held = null;
  return draft.effect({ type: 'End', status, outcome });
}
