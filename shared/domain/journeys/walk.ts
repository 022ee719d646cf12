/** Walks from step to step until one of them needs the world: an effect, a wait, a park, or the end. */
import { placeOf, type WatchedExit } from './definition.ts';
import {
  broughtAboutBy,
  type Draft,
  keepAnswer,
  knownTo,
  lastOccurrence,
  nextRef,
  underWay,
  withEntry,
} from './draft.ts';
import { factsAfter } from './facts.ts';
import type { BookkeepingCommand } from './messages.ts';
import type { EffectRef, Shift, StepKey, WaitRule } from './state.ts';
import { kindOf } from './steps/index.ts';
import type { Change, Move, StepContext, StepEvent, StepOutcome } from './steps/kind.ts';
import { tooLate } from './steps/late.ts';
import { noteGoals, watchedExit } from './watch.ts';

/**
 * More steps than this without time, a person or a signal in between, and the journey is parked. A program that lints
 * clean has 500 steps and no such round, save one of questions to somebody who may not be asked.
 */
const STEPS_WITHOUT_PAUSE_MAX = 1000;

export function contextOf(draft: Draft): StepContext {
  const { rounds = {}, at } = draft.state;
  const round = at !== null && Object.hasOwn(rounds, at) ? (rounds[at] ?? 0) : 0;
  return { known: knownTo(draft), language: draft.definition.language, round };
}

/** Enters that step (null: completes the journey) and those that follow at once. */
export function walkTo(draft: Draft, target: StepKey | null): void {
  let key: StepKey | null | undefined = target;
  while (typeof key === 'string') {
    const exit = watchedExit(draft);
    key = exit ? leaveBy(draft, exit) : enter(draft, key);
  }
  if (key !== null) return;
  noteGoals(draft);
  end(draft, 'finished', 'completed');
}

/** Looks whether something that the program watches for has come about while the journey stands still; true when that led it elsewhere. */
export function lookAround(draft: Draft): boolean {
  if (draft.state.status !== 'active' || underWay(draft.state)) return false;
  const exit = watchedExit(draft);
  if (!exit) return false;
  broughtAboutBy(draft, {});
  abandon(draft);
  const key = leaveBy(draft, exit);
  if (key !== undefined) walkTo(draft, key);
  return true;
}

function leaveBy(draft: Draft, { outcome, goTo }: WatchedExit): StepKey | undefined {
  const { state } = draft;
  draft.record('left', { outcome, goTo: goTo ?? null });
  if (goTo === undefined) return end(draft, 'exited', outcome);
  state.left = [...(state.left ?? []), outcome];
  return goTo;
}

/** Takes back what was asked of others for the sake of the step that is being left. */
export function abandon(draft: Draft): void {
  const { pending } = draft.state;
  if (!pending) return;
  const { stepKey, occurrence } = pending;
  if (pending.kind === 'delivery' && pending.postponed) draft.commands.push({ type: 'Withdraw', stepKey, occurrence });
  if (pending.kind !== 'hold') return;
  if (pending.of === 'review') {
    draft.commands.push({ type: 'CloseReview', status: 'withdrawn', stepKey, occurrence });
  }
  if (pending.of === 'subprogram') draft.commands.push({ type: 'LeaveSubprogram', stepKey, occurrence });
}

/** What the current step says to that; null when it does not wait for such a thing. */
export function tellStep(draft: Draft, event: StepEvent): StepOutcome | null {
  const place = placeOf(draft.definition, draft.state.at ?? '');
  return (place && kindOf(place.step).on?.(place.step, event, contextOf(draft))) ?? null;
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
  const outcome = kindOf(place.step).enter(place.step, contextOf(draft));
  return wasSaid(draft, key, outcome) ? normalNext(draft) : carryOut(draft, outcome);
}

/** A journey that begins anew does not say again what it has said and what nobody is to answer. */
function wasSaid(draft: Draft, key: StepKey, { move }: StepOutcome): boolean {
  const { state } = draft;
  if (!state.restarted || lastOccurrence(state, key) === 0) return false;
  if (move !== 'deliver' && move !== 'askCoach') return false;
  draft.record('skipped', { why: 'It was said before the journey began anew.' });
  return true;
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
    case 'hold':
      return begin(draft, outcome, ref ?? nextRef(draft, stepKey));
    default:
      return begin(draft, outcome, state.pending || !ref ? nextRef(draft, stepKey) : ref);
  }
}

type Effect = Exclude<Move, { move: 'goOn' | 'goTo' | 'park' | 'finish' }>;

function isEffect({ move }: Move): boolean {
  return move !== 'goOn' && move !== 'goTo' && move !== 'park' && move !== 'finish';
}

function begin(draft: Draft, effect: Effect, { stepKey, occurrence }: EffectRef): StepKey | null | undefined {
  const ref = { stepKey, occurrence };
  const { state } = draft;
  if (state.restarted) state.restarted = undefined;
  switch (effect.move) {
    case 'deliver':
    case 'ask':
      return send(draft, effect, ref);
    case 'awaitReply': {
      const misses = state.pending?.kind === 'delivery' ? state.pending.misses : 0;
      state.pending = { kind: 'reply', misses, ...(effect.unproven && { unproven: true }), ...ref };
      // Each miss was followed by one re-ask, so this is the first asking of the visit: its timeout runs on.
      const since = occurrence - misses;
      return draft.effect({ type: 'WaitUntil', rule: effect.timeout, forReply: true, since, ...ref });
    }
    case 'hold':
      state.pending = { kind: 'hold', of: effect.of, ...ref };
      return draft.effect({ type: 'WaitUntil', rule: effect.timeout, forReply: false, since: occurrence, ...ref });
    case 'wait':
      state.pending = { kind: 'time', ...ref };
      return draft.effect({
        ...{ type: 'WaitUntil', rule: putOff(effect.rule, state.shift), forReply: false, since: occurrence },
        ...ref,
      });
    case 'callWebhook': {
      const { url, body, timeoutSeconds } = effect;
      state.pending = { kind: 'webhook', ...ref };
      return draft.effect({ type: 'CallWebhook', url, body, timeoutSeconds, ...ref });
    }
    case 'askCoach':
      state.pending = { kind: 'coach', ...ref };
      return draft.effect({ type: 'AskCoach', prompt: effect.prompt, language: draft.definition.language, ...ref });
    case 'runSubprogram':
      state.pending = { kind: 'hold', of: 'subprogram', ...ref };
      return draft.effect({ type: 'RunSubprogram', program: effect.program, ...ref });
  }
}

/** Sends, or leaves it where the step's policy says that it comes too late. */
function send(draft: Draft, { message, late, ...effect }: Extract<Effect, { message: object }>, ref: EffectRef) {
  const { state } = draft;
  const misses = effect.move === 'ask' ? effect.misses : 0;
  state.pending = { kind: 'delivery', misses, ...ref };
  const reason = tooLate(late, state.lateSeconds);
  if (reason !== null) {
    const outcome = tellStep(draft, { type: 'delivered', outcome: 'dropped', reason, misses });
    return outcome ? carryOut(draft, outcome) : normalNext(draft);
  }
  const mayMerge = late === 'merge' && state.lateSeconds !== undefined;
  return draft.effect({
    ...{ type: effect.move === 'ask' ? 'Ask' : 'Deliver', message, ...ref },
    ...(state.prompted && { prompted: true }),
    ...(mayMerge && { mayMerge }),
  });
}

/** A date that the creator wrote, put off with the journey's other dates. */
export function putOff(rule: WaitRule, shift: Shift | undefined): WaitRule {
  return rule.kind === 'date' && shift?.days ? { ...rule, plusDays: shift.days } : rule;
}

/** Writes down what a step (the current one or, for a pressed button, an earlier one) has brought about. */
export function apply(draft: Draft, stepKey: StepKey, change: Change, ref: EffectRef | null): void {
  const { state } = draft;
  if ('record' in change) {
    draft.record(change.record, change.detail, ref ?? { stepKey });
  } else if ('answer' in change) {
    keepAnswer(draft, stepKey, change.answer);
  } else if ('result' in change) {
    state.results = withEntry(draft, state.results, stepKey, change.result);
  } else if ('rounds' in change) {
    state.rounds = withEntry(draft, state.rounds ?? {}, stepKey, change.rounds);
  } else if ('goal' in change) {
    if (!state.goals.includes(change.goal)) state.goals = [...state.goals, change.goal];
  } else {
    note(draft, commandOf(change, ref ?? { stepKey, occurrence: 0 }));
  }
}

/** A change that the shell writes down too, as it does so. */
function commandOf(
  change: Exclude<
    Change,
    { record: unknown } | { answer: unknown } | { result: unknown } | { rounds: unknown } | { goal: unknown }
  >,
  { stepKey, occurrence }: EffectRef,
): BookkeepingCommand {
  const ref = { stepKey, occurrence };
  if ('trait' in change) return { type: 'SetTrait', name: change.trait, value: change.value };
  if ('tag' in change) return { type: 'SetTag', tag: change.tag, present: change.present };
  if ('checkIn' in change) return { type: 'LogCheckIn', ...change.checkIn, ...ref };
  if ('giveHabit' in change) return { type: 'GiveHabit', ...change.giveHabit, ...ref };
  if ('endHabit' in change) return { type: 'EndHabit', habit: change.endHabit, ...ref };
  if ('openReview' in change) return { type: 'OpenReview', ...change.openReview, ...ref };
  return { type: 'CloseReview', status: change.closeReview, ...ref };
}

function note(draft: Draft, command: BookkeepingCommand): void {
  draft.facts = factsAfter(draft.facts, command);
  draft.commands.push(command);
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
