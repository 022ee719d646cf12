/** What becomes of a reviewer's word. */
import { broughtAboutBy, type Draft, refuse, remember } from './draft.ts';
import type { EventVerdict, JourneyEvent } from './messages.ts';
import { follow, tellStep } from './walk.ts';

export function takeReview(draft: Draft, review: Extract<JourneyEvent, { type: 'review' }>): EventVerdict {
  const { state } = draft;
  const { pending } = state;
  const isOpen =
    pending?.kind === 'hold' &&
    pending.of === 'review' &&
    pending.stepKey === review.stepKey &&
    pending.occurrence === review.occurrence;
  if (!isOpen) return 'notAwaited';
  if (state.status !== 'active') return refuse(draft, review, `The journey is ${state.status}.`);
  const text = review.verdict === 'edited' ? review.text : null;
  const outcome = tellStep(draft, { type: 'reviewed', verdict: review.verdict, text, note: review.note ?? null });
  if (!outcome) return 'notAwaited';
  remember(draft, review.id);
  state.stepsSincePause = 0;
  broughtAboutBy(draft, {});
  follow(draft, outcome);
  return 'accepted';
}
