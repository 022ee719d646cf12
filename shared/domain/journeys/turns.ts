/**
 * The turns of one decision. A message whose outcome is known at once (the web chat needs no provider) is answered within the
 * decision, and the journey goes on to what it must wait for; any other message is the decision's end.
 */
import { factsAfter } from './facts.ts';
import type { DeliveryOutcome } from './messages.ts';
import { brief } from './summary.ts';
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
  return tellingAll(taken);
};

/** Lets the wait that a decision ends with tell what was said before it: ops see no send of its own for that. */
const tellingAll = (taken: [Turn, ...Turn[]]): [Turn, ...Turn[]] => {
  const last = taken.at(-1);
  if (taken.length === 1 || last?.run.effect.kind !== 'wait') return taken;
  const said = taken.flatMap(({ run: { effect } }) => (effect.kind === 'send' ? [effect.summary] : []));
  const effect = { ...last.run.effect, summary: brief(`${last.run.effect.summary}, after ${said.join(', ')}`) };
  taken[taken.length - 1] = { ...last, run: { ...last.run, effect } };
  return taken;
};
