/** Pause, resume, skip, shift, unlock, exit, retry: what a coachee, a creator or an ops engineer may ask of a journey. */
import { lookAgain } from './changes.ts';
import { placeOf } from './definition.ts';
import { broughtAboutBy, type Draft, refuse, remember, underWay } from './draft.ts';
import { takeAnswer } from './effect-answers.ts';
import type { EventVerdict, JourneyEvent } from './messages.ts';
import type { JsonValue, Shift } from './state.ts';
import { abandon, end, normalNext, walkTo } from './walk.ts';

type Control = Extract<
  JourneyEvent,
  { type: 'pause' | 'skip' | 'exit' | 'retry' } | { type: 'resume' } | { type: 'shift' } | { type: 'unlock' }
>;
type ControlOf<Type extends 'resume' | 'shift' | 'unlock'> = Extract<Control, { type: Type }>;

export function control(draft: Draft, event: Control): EventVerdict {
  switch (event.type) {
    case 'pause':
      return pause(draft, event);
    case 'resume':
      return resume(draft, event);
    case 'skip':
      return skip(draft, event);
    case 'retry':
      return retry(draft, event);
    case 'shift':
      return shift(draft, event);
    case 'unlock':
      return unlock(draft, event);
    case 'exit':
      remember(draft, event.id);
      abandon(draft);
      end(draft, 'exited', event.reason ?? 'exited');
      return 'accepted';
  }
}

/** Holds the position; a timer that runs goes on running, and what it brings is held too. */
function pause(draft: Draft, event: Control): EventVerdict {
  if (draft.state.status !== 'active') return refuse(draft, event, `The journey is ${draft.state.status}.`);
  remember(draft, event.id);
  draft.state.status = 'paused';
  draft.record('paused', whyOf(event));
  return 'accepted';
}

/** Takes in what came meanwhile; with `shift` a wait that ended goes on for as long as it still had to. */
function resume(draft: Draft, event: ControlOf<'resume'>): EventVerdict {
  const { state } = draft;
  const { mode = 'compress', paused, lateSeconds } = event;
  if (state.status !== 'paused') return refuse(draft, event, `The journey is ${state.status}, not paused.`);
  remember(draft, event.id);
  state.status = 'active';
  broughtAboutBy(draft, {});
  draft.record('resumed', { ...whyOf(event), ...(event.mode && { mode }) });
  const { held } = state;
  state.held = null;
  if (lookAgain(draft)) return 'accepted';
  const shifts = mode === 'shift' && paused !== undefined;
  if (shifts) putOffBy(draft, paused);
  if (held && !(shifts && held.type === 'due')) {
    takeAnswer(draft, held.type === 'due' && lateSeconds !== undefined ? { ...held, lateSeconds } : held);
  }
  return 'accepted';
}

/** Puts every date that is still to come off: that of the present wait, and those that steps name. */
function shift(draft: Draft, event: ControlOf<'shift'>): EventVerdict {
  const { state } = draft;
  if (state.status !== 'active') return refuse(draft, event, `The journey is ${state.status}.`);
  if (underWay(state)) return 'early';
  remember(draft, event.id);
  broughtAboutBy(draft, {});
  draft.record('shifted', { days: event.days, ...whyOf(event) });
  putOffBy(draft, { days: event.days, seconds: 0 });
  return 'accepted';
}

function putOffBy(draft: Draft, by: Shift): void {
  const { state } = draft;
  const { days, seconds } = state.shift ?? { days: 0, seconds: 0 };
  state.shift = { days: days + by.days, seconds: seconds + by.seconds };
  const { pending } = state;
  if (pending?.kind === 'time' || pending?.kind === 'reply' || pending?.kind === 'hold') {
    draft.effect({ type: 'ShiftWait', by });
  }
}

/** Opens a step by name, or goes on from what the journey is held at. A question is not held: it is to be answered or skipped. */
function unlock(draft: Draft, event: ControlOf<'unlock'>): EventVerdict {
  const { state } = draft;
  const { stepKey } = event;
  if (state.status !== 'active') return refuse(draft, event, `The journey is ${state.status}.`);
  if (underWay(state)) return 'early';
  if (stepKey !== undefined && !placeOf(draft.definition, stepKey)) {
    return refuse(draft, event, `This version of the program has no step ${stepKey}.`);
  }
  const { pending } = state;
  if (stepKey === undefined && pending?.kind !== 'time' && pending?.kind !== 'hold') {
    return refuse(draft, event, 'The journey is not held by anything.');
  }
  draft.record('unlocked', { stepKey: stepKey ?? null, ...whyOf(event) });
  const next = stepKey ?? nextOf(draft);
  moveFreely(draft, event.id);
  walkTo(draft, next);
  return 'accepted';
}

/** Where the journey goes when its present wait is over: from before its beginning to the first step. */
function nextOf(draft: Draft) {
  const { pending, at } = draft.state;
  return pending?.kind === 'time' && (pending.opens || pending.enters) ? at : normalNext(draft);
}

/** Leaves the current step by its normal next, whatever it waits for or failed at. */
function skip(draft: Draft, event: Control): EventVerdict {
  const { state } = draft;
  if (state.status === 'paused') return refuse(draft, event, 'The journey is paused: resume it first.');
  if (underWay(state)) return 'early';
  draft.record('skipped', whyOf(event));
  const next = nextOf(draft);
  moveFreely(draft, event.id);
  walkTo(draft, next);
  return 'accepted';
}

/** Enters the step at which the journey is parked once more, with new occurrences for whatever it sends. */
function retry(draft: Draft, event: Control): EventVerdict {
  const { state } = draft;
  if (state.status !== 'parked') return refuse(draft, event, `The journey is ${state.status}, not parked.`);
  draft.record('retried', whyOf(event));
  moveFreely(draft, event.id);
  walkTo(draft, state.at);
  return 'accepted';
}

function moveFreely(draft: Draft, eventId: string): void {
  remember(draft, eventId);
  abandon(draft);
  broughtAboutBy(draft, {});
  draft.state.status = 'active';
  draft.state.parkedReason = null;
  draft.state.stepsSincePause = 0;
}

function whyOf({ reason }: Control): { [name: string]: JsonValue } {
  return reason === undefined ? {} : { why: reason };
}
