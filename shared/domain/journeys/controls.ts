/** Pause, resume, skip, exit, retry: what a coachee, a creator or an ops engineer may ask of a journey. */
import { type Draft, refuse, remember, underWay } from './draft.ts';
import { takeAnswer } from './effect-answers.ts';
import type { EventVerdict, JourneyEvent } from './messages.ts';
import type { JsonValue } from './state.ts';
import { end, normalNext, walkTo } from './walk.ts';

type Control = Extract<JourneyEvent, { type: 'pause' | 'resume' | 'skip' | 'exit' | 'retry' }>;

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
    case 'exit':
      remember(draft, event.id);
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

function resume(draft: Draft, event: Control): EventVerdict {
  const { state } = draft;
  if (state.status !== 'paused') return refuse(draft, event, `The journey is ${state.status}, not paused.`);
  remember(draft, event.id);
  state.status = 'active';
  draft.record('resumed', whyOf(event));
  const { held } = state;
  state.held = null;
  if (held) takeAnswer(draft, held);
  return 'accepted';
}

/** Leaves the current step by its normal next, whatever it waits for or failed at. */
function skip(draft: Draft, event: Control): EventVerdict {
  const { state } = draft;
  if (state.status === 'paused') return refuse(draft, event, 'The journey is paused: resume it first.');
  if (underWay(state)) return 'early';
  draft.record('skipped', whyOf(event));
  moveFreely(draft, event.id);
  walkTo(draft, normalNext(draft));
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
  draft.state.status = 'active';
  draft.state.parkedReason = null;
  draft.state.stepsSincePause = 0;
}

function whyOf({ reason }: Control): { [name: string]: JsonValue } {
  return reason === undefined ? {} : { why: reason };
}
