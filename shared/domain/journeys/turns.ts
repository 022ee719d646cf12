/**
 * The turns of one decision. A message whose outcome is known at once (the web chat needs no provider) is answered within the
 * decision, and the journey goes on to what it must wait for; any other message is the decision's end.
 */
import { factsAfter } from './facts.ts';
import type { DeliveryOutcome } from './messages.ts';
import { type Turn, type TurnInput, turn } from './turn.ts';

export interface KnownOutcome {
  outcome: DeliveryOutcome;
  reason?: string;
}

/** A decision is to stay within milliseconds: after so many the next one goes on. */
const MOST_TURNS = 20;

/** Takes the event, and `delivered` for every message whose outcome `outcomeOf` gives by its key; one turn at least. */
export const turns = (input: TurnInput, outcomeOf: (key: string) => KnownOutcome | null): [Turn, ...Turn[]] => {
  const first = turn(input);
  const taken: [Turn, ...Turn[]] = [first];
  let { facts } = input;
  for (let last = first; last.message !== null && taken.length < MOST_TURNS; taken.push(last)) {
    const { key, stepKey, occurrence } = last.message;
    const known = outcomeOf(key);
    if (!known) break;
    facts = last.bookkeeping.reduce(factsAfter, facts);
    last = turn({ ...input, facts, run: last.run, event: { type: 'delivered', stepKey, occurrence, ...known } });
  }
  return taken;
};
