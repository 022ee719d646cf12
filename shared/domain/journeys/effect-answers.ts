/** What becomes of the shell's answers to effects: deliveries, webhooks, times that have come. */
import { placeOf } from './definition.ts';
import type { Draft } from './draft.ts';
import type { EventVerdict } from './messages.ts';
import type { EffectAnswer, JourneyState } from './state.ts';
import { kindOf } from './steps/index.ts';
import type { StepEvent, StepOutcome } from './steps/kind.ts';
import { contextOf, follow, park } from './walk.ts';

export function takeAnswer(draft: Draft, answer: EffectAnswer): EventVerdict {
  const { state } = draft;
  if (!awaits(state, answer)) return 'notAwaited';
  if (state.status === 'paused') {
    if (state.held) return 'duplicate';
    state.held = { ...answer };
    return 'accepted';
  }
  if (answer.type === 'delivered' && answer.outcome === 'failed') {
    const why = answer.reason ?? 'the provider refused it';
    draft.record('notSent', { why });
    park(draft, `The message of step ${answer.stepKey} could not be sent: ${why}`);
    return 'accepted';
  }
  const outcome = tellStep(draft, stepEvent(answer, state));
  if (!outcome) return 'notAwaited';
  if (answer.type === 'due') state.stepsSincePause = 0;
  follow(draft, outcome);
  return 'accepted';
}

/** What the current step says to that; null when it does not wait for such a thing. */
export function tellStep(draft: Draft, event: StepEvent): StepOutcome | null {
  const place = placeOf(draft.definition, draft.state.at ?? '');
  return (place && kindOf(place.step).on?.(place.step, event, contextOf(draft))) ?? null;
}

/** Whether it is the answer to just what is pending; an older one comes late and moves nothing. */
function awaits({ pending }: JourneyState, { type, stepKey, occurrence }: EffectAnswer): boolean {
  if (pending?.stepKey !== stepKey || pending.occurrence !== occurrence) return false;
  if (type === 'due') return pending.kind === 'time' || pending.kind === 'reply';
  return pending.kind === (type === 'delivered' ? 'delivery' : 'webhook');
}

function stepEvent(answer: EffectAnswer, { pending }: JourneyState): StepEvent {
  if (answer.type === 'due') return { type: 'due' };
  const reason = answer.reason ?? null;
  if (answer.type === 'webhookAnswered') {
    return { type: 'webhookAnswered', ok: answer.ok, result: answer.result ?? null, reason };
  }
  const misses = pending?.kind === 'delivery' ? pending.misses : 0;
  // A failed delivery parks the journey before a step is asked.
  const outcome = answer.outcome === 'failed' ? 'dropped' : answer.outcome;
  return { type: 'delivered', outcome, reason, misses };
}
