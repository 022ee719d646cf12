/** Something that conditions may read was changed from outside: a trait, a tag, an entitlement, a check-in in another program. */
import { broughtAboutBy, type Draft, underWay } from './draft.ts';
import type { EventVerdict } from './messages.ts';
import { follow, lookAround, tellStep } from './walk.ts';

/** Looks again at what the journey waits for and watches. Not remembered: to look once more is harmless. */
export function takeChange(draft: Draft): EventVerdict {
  const { state } = draft;
  if (underWay(state)) return 'early';
  if (state.status !== 'active') return 'notAwaited';
  if (lookAround(draft) || state.pending?.kind !== 'hold') return 'accepted';
  const outcome = tellStep(draft, { type: 'changed' });
  if (!outcome) return 'accepted';
  state.stepsSincePause = 0;
  broughtAboutBy(draft, {});
  follow(draft, outcome);
  return 'accepted';
}
