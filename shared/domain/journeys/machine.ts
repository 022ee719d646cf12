/**
 * The machine: `advance(definition, state, input) -> Decision`. It is pure: no clock, no I/O, no randomness, and it never
 * changes what it is given. It is total: whatever comes in, it answers with a decision and does not throw.
 *
 * What a shell owes it (the workflow and the simulator alike):
 * 1. The first event is `start`. The commands of a decision are done in order; the bookkeeping together with storing the
 *    state, the effect (at most one, last) after that.
 * 2. Each effect is answered by one event with the effect's ref. An answer that comes twice, or after the journey has
 *    moved on, changes nothing (`notAwaited`).
 * 3. While a send, a webhook or a text of the model's is under way, other events are kept in the order they came and fed after its answer, so that
 *    a reply which overtakes our own record of the question finds the question open. `pause`, `exit`, a pressed button of
 *    a message and a signal that only brings data may be fed at once; anything else is answered `early` and left
 *    undone, unremembered, to be fed again.
 * 4. A decision without an effect leaves what is outstanding outstanding: the timer runs on, the reply stays awaited.
 * 5. While the journey is paused its timer runs on; the answer is held in the state and taken in on resume.
 *
 * A send's ref is never used twice: a re-ask, a retry and a second visit are new occurrences. A WaitUntil `forReply` bears
 * the ref of the question it waits for, and the WaitUntil of a parked journey that of the step's last effect.
 */
import { takeChange } from './changes.ts';
import { control } from './controls.ts';
import type { ProgramDefinition } from './definition.ts';
import { type Draft, draftOf, settled } from './draft.ts';
import { takeAnswer } from './effect-answers.ts';
import type { Decision, EventVerdict, JourneyInput } from './messages.ts';
import { takeMove } from './moves.ts';
import { takeReply } from './replies.ts';
import { takeReview } from './reviews.ts';
import { takeSignal } from './signals.ts';
import type { JourneyState, WaitRule } from './state.ts';
import { storable } from './storable.ts';
import { walkTo } from './walk.ts';

/** A journey that has not started. */
export function initialState(): JourneyState {
  return {
    v: 1,
    status: 'active',
    at: null,
    occurrences: {},
    pending: null,
    held: null,
    stepsSincePause: 0,
    answers: {},
    results: {},
    signals: {},
    goals: [],
    handled: [],
    parkedReason: null,
    outcome: null,
  };
}

/**
 * Takes one event in. Gives the state after it, the commands to be done, and what became of the event; where nothing
 * changed, the very state that came in.
 */
export function advance(definition: ProgramDefinition, state: JourneyState, input: JourneyInput): Decision {
  return decide(definition, state, input, false);
}

/**
 * As `advance`, but the state that comes in is used up: its records may be written to, so that a simulation of hundreds of
 * steps does not copy hundreds of entries at each of them. Only for callers that keep no earlier state.
 */
export function advanceInPlace(definition: ProgramDefinition, state: JourneyState, input: JourneyInput): Decision {
  return decide(definition, state, input, true);
}

function decide(definition: ProgramDefinition, state: JourneyState, input: JourneyInput, inPlace: boolean): Decision {
  const refusal = verdictBeforehand(state, input);
  if (refusal) return { state, commands: [], verdict: refusal };
  const draft = draftOf(definition, state, input.facts, inPlace);
  return settled(draft, take(draft, storable(input.event)));
}

function verdictBeforehand(state: JourneyState, { event }: JourneyInput): EventVerdict | null {
  if (state.status === 'finished' || state.status === 'exited') return 'ended';
  if ('id' in event && state.handled.includes(event.id)) return 'duplicate';
  const started = state.at !== null;
  if (event.type === 'start') return started && !isBeforeStart(state) ? 'duplicate' : null;
  return started || event.type === 'exit' ? null : 'early';
}

function isBeforeStart({ pending }: JourneyState): boolean {
  return pending?.kind === 'time' && pending.opens === true;
}

function take(draft: Draft, event: JourneyInput['event']): EventVerdict {
  switch (event.type) {
    case 'start':
      return start(draft, event.notBefore ?? null);
    case 'delivered':
    case 'postponed':
    case 'webhookAnswered':
    case 'coachAnswered':
    case 'signalled':
    case 'subprogramStarted':
    case 'subprogramEnded':
    case 'due':
      return takeAnswer(draft, event);
    case 'review':
      return takeReview(draft, event);
    case 'migrate':
      return takeMove(draft, event);
    case 'changed':
      return takeChange(draft);
    case 'reply':
      return takeReply(draft, event);
    case 'signal':
      return takeSignal(draft, event);
    default:
      return control(draft, event);
  }
}

/** Goes to the first step, now or when its time has come; a start that is still awaited may move. */
function start(draft: Draft, notBefore: WaitRule | null): EventVerdict {
  const first = draft.definition.steps[0]?.key ?? null;
  if (!isBeforeStart(draft.state)) draft.record('started');
  if (notBefore === null || first === null) {
    walkTo(draft, first);
    return 'accepted';
  }
  const ref = { stepKey: first, occurrence: 0 };
  draft.state.at = first;
  draft.state.pending = { kind: 'time', opens: true, ...ref };
  draft.effect({ type: 'WaitUntil', rule: notBefore, forReply: false, since: 0, ...ref });
  return 'accepted';
}
