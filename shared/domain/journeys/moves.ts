/**
 * What becomes of a journey that is taken to another version of its program. The definition of the decision is that version's already. What is pending
 * keeps its ref, also where its step has another key now: buttons, reviews, held messages and ends of subprograms come back under it, and nothing that
 * was sent is sent again. Occurrences are never taken back, so no key is used twice.
 */
import { lookAgain } from './changes.ts';
import { placeOf } from './definition.ts';
import { broughtAboutBy, type Draft, lastOccurrence, nextRef, refuse, remember, underWay } from './draft.ts';
import type { EventVerdict, JourneyEvent } from './messages.ts';
import type { Landing } from './migrate.ts';
import type { JourneyState, Pending, StepKey, WaitRule } from './state.ts';
import { kindOf } from './steps/index.ts';
import type { StepOutcome } from './steps/kind.ts';
import { abandon, contextOf, end, putOff, walkTo } from './walk.ts';

type Migrate = Extract<JourneyEvent, { type: 'migrate' }>;

/** Refused where there is no place for it, or where nobody said which; early while a send or the like is under way. */
export function takeMove(draft: Draft, event: Migrate): EventVerdict {
  const { state } = draft;
  const { arrival } = event;
  if (!arrival) return refuse(draft, event, 'It is not known where to.');
  const { landing, version } = arrival;
  if (landing.lands === 'conflict') return refuse(draft, event, landing.why);
  if (underWay(state)) return 'early';
  remember(draft, event.id);
  const to = landing.lands === 'back' ? landing.state.at : landing.stepKey;
  draft.record('moved', { version, lands: landing.lands, from: state.at, to, why: landing.why });
  if (landing.lands === 'back') giveBack(draft, landing.state);
  else if (landing.lands === 'finish') {
    abandon(draft);
    end(draft, 'finished', landing.outcome ?? 'completed');
  } else arrive(draft, landing);
  return 'accepted';
}

function arrive(draft: Draft, { lands, keeps, ...landing }: Landing): void {
  const { state, definition } = draft;
  // Who waits for the beginning begins with whatever is first now.
  const begins = lands === 'same' && state.pending?.kind === 'time' && state.pending.opens;
  const stepKey = begins ? (definition.steps[0]?.key ?? null) : landing.stepKey;
  if (stepKey === null) return;
  if (keeps && stays(draft, stepKey)) {
    const isElsewhere = state.at !== stepKey;
    state.at = stepKey;
    if (state.status === 'parked') isElsewhere && standStill(draft, stepKey);
    else goOnWaiting(draft);
    return;
  }
  abandon(draft);
  broughtAboutBy(draft, {});
  state.held = null;
  state.stepsSincePause = 0;
  if (lands === 'restart') state.restarted = true;
  if (state.status === 'parked') standStill(draft, stepKey);
  else if (state.status === 'paused') enterOnResume(draft, stepKey);
  else walkTo(draft, stepKey);
}

/** Whether what is pending is just what that step would wait for by now; where not, the step is entered. */
function stays(draft: Draft, stepKey: StepKey): boolean {
  const { pending } = draft.state;
  if (pending === null || pending.kind === 'delivery' || isBeforeStep(pending)) return true;
  const waits = waitOf(draft, stepKey, pending);
  return waits?.kind === pending.kind && (pending.kind !== 'hold' || waits.of === pending.of);
}

const isBeforeStep = (pending: Pending): boolean =>
  pending.kind === 'time' && (pending.opens === true || pending.enters === true);

interface Waits {
  kind: 'time' | 'reply' | 'hold';
  of?: string;
  rule: WaitRule | null;
}

/** What a step waits for once it has said what it says; null: it waits for nothing. */
function waitOf(draft: Draft, stepKey: StepKey, pending: Pending): Waits | null {
  const place = placeOf(draft.definition, stepKey);
  if (!place) return null;
  const kind = kindOf(place.step);
  const context = contextOf({ ...draft, state: { ...draft.state, at: stepKey } });
  let outcome: StepOutcome | null = kind.enter(place.step, context);
  if (outcome.move === 'ask' || outcome.move === 'deliver') {
    const misses = 'misses' in pending ? pending.misses : 0;
    outcome = kind.on?.(place.step, { type: 'delivered', outcome: 'sent', reason: null, misses }, context) ?? null;
  }
  switch (outcome?.move) {
    case 'wait':
      return { kind: 'time', rule: putOff(outcome.rule, draft.state.shift) };
    case 'awaitReply':
      return { kind: 'reply', rule: outcome.timeout };
    case 'hold':
      return { kind: 'hold', of: outcome.of, rule: outcome.timeout };
    case 'runSubprogram':
      return { kind: 'hold', of: 'subprogram', rule: null };
    default:
      return null;
  }
}

/** Goes on with what is pending, by the new version's rules: its exits, its condition, its time. */
function goOnWaiting(draft: Draft): void {
  const { state } = draft;
  if (state.status === 'active' && lookAgain(draft)) return;
  const { pending, at } = state;
  if (!pending || at === null || state.held || pending.kind === 'delivery' || isBeforeStep(pending)) return;
  const waits = waitOf(draft, at, pending);
  if (!waits) return;
  const { stepKey, occurrence } = pending;
  const since = pending.kind === 'reply' ? occurrence - pending.misses : occurrence;
  const forReply = pending.kind === 'reply';
  draft.effect({ type: 'WaitUntil', rule: waits.rule, forReply, since, anew: true, stepKey, occurrence });
}

/** A parked journey stays so; `retry` enters the step. */
function standStill(draft: Draft, stepKey: StepKey): void {
  const { state } = draft;
  state.at = stepKey;
  state.pending = null;
  const occurrence = lastOccurrence(state, stepKey);
  draft.effect({ type: 'WaitUntil', rule: null, forReply: false, since: occurrence, stepKey, occurrence });
}

/** A paused journey is at the step but has not entered it: the time for it comes at once, is held, and is taken in on resume. */
function enterOnResume(draft: Draft, stepKey: StepKey): void {
  const { state } = draft;
  const ref = nextRef(draft, stepKey);
  state.at = stepKey;
  state.pending = { kind: 'time', enters: true, ...ref };
  const rule: WaitRule = { kind: 'duration', seconds: 0 };
  draft.effect({ type: 'WaitUntil', rule, forReply: false, since: ref.occurrence, ...ref });
}

/** Everything is as it was, save what must not be forgotten; the shell puts back what was outstanding then. */
function giveBack(draft: Draft, before: JourneyState): void {
  const { state } = draft;
  const { handled, pending } = state;
  const isSame = pending?.stepKey === before.pending?.stepKey && pending?.occurrence === before.pending?.occurrence;
  if (!isSame) abandon(draft);
  const occurrences = { ...state.occurrences };
  for (const key of Object.keys(before.occurrences)) {
    occurrences[key] = Math.max(lastOccurrence(state, key), lastOccurrence(before, key));
  }
  for (const name of Object.keys(state)) delete (state as Partial<JourneyState>)[name as keyof JourneyState];
  Object.assign(state, before, { handled, occurrences });
}
