/** What becomes of what the coachee says or presses. */
import { placeOf } from './definition.ts';
import { broughtAboutBy, type Draft, lastOccurrence, refuse, remember, underWay } from './draft.ts';
import type { EventVerdict, JourneyEvent } from './messages.ts';
import { kindOf } from './steps/index.ts';
import { apply, follow, lookAround, tellStep } from './walk.ts';

type Reply = Extract<JourneyEvent, { type: 'reply' }>;

export function takeReply(draft: Draft, reply: Reply): EventVerdict {
  const { state } = draft;
  if (takePress(draft, reply)) return 'accepted';
  if (state.status !== 'active') return refuse(draft, reply, `The journey is ${state.status}.`);
  if (underWay(state)) return 'early';
  remember(draft, reply.id);
  const { pending } = state;
  if (pending?.kind !== 'reply' || !answersQuestion(reply, pending)) return 'notAwaited';
  const chosen = reply.chosen?.value ?? null;
  const outcome = tellStep(draft, { type: 'reply', text: reply.text, chosen, misses: pending.misses });
  if (!outcome) return 'notAwaited';
  state.stepsSincePause = 0;
  broughtAboutBy(draft, { coachee: true });
  follow(draft, outcome);
  return outcome.move === 'ask' ? 'reasked' : 'accepted';
}

/** Text answers the question that is open; a button only the very asking that carried it. */
function answersQuestion({ chosen }: Reply, pending: { stepKey: string; occurrence: number }): boolean {
  return !chosen || (chosen.stepKey === pending.stepKey && chosen.occurrence === pending.occurrence);
}

/** A button of a message is taken at any time: it is kept as that step's answer and moves nothing. */
function takePress(draft: Draft, { id, chosen }: Reply): boolean {
  if (!chosen || chosen.occurrence < 1 || chosen.occurrence > lastOccurrence(draft.state, chosen.stepKey)) return false;
  const place = placeOf(draft.definition, chosen.stepKey);
  const changes = place && kindOf(place.step).pressed?.(place.step, chosen.value);
  if (!changes) return false;
  remember(draft, id);
  const { stepKey, occurrence } = chosen;
  for (const change of changes) apply(draft, stepKey, change, { stepKey, occurrence });
  lookAround(draft);
  return true;
}
