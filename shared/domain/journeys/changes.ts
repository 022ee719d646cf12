/** Something that conditions may read was changed from outside: a trait, a tag, an entitlement, a check-in in another program. */
import { broughtAboutBy, type Draft, underWay } from './draft.ts';
import type { EventVerdict } from './messages.ts';
import { follow, lookAround, tellStep } from './walk.ts';

/** Looks again at what the journey waits for and watches. Not remembered: to look once more is harmless. */
export function takeChange(draft: Draft): EventVerdict {
  const { state } = draft;
  if (underWay(state)) return 'early';
  if (state.status !== 'active') return 'notAwaited';
  lookAgain(draft);
  return 'accepted';
}

/** True when that led the journey on. */
export function lookAgain(draft: Draft): boolean {
  const { state } = draft;
  if (lookAround(draft)) return true;
  const outcome = state.pending?.kind === 'hold' ? tellStep(draft, { type: 'changed' }) : null;
  if (!outcome) return false;
  state.stepsSincePause = 0;
  broughtAboutBy(draft, {});
  follow(draft, outcome);
  return true;
}
