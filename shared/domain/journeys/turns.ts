/**
 * The turns of one decision: on from the event for as long as nothing from outside is needed. A message whose outcome is known (the web chat needs no
 * provider), one that may not go yet, one that joins the next, and a time that is past already are answered at once.
 */
import { factsAfter } from './facts.ts';
import { joinTexts, sendOfJoined } from './joined.ts';
import type { DeliveryOutcome, JourneyEvent, WaitRule } from './messages.ts';
import { brief } from './summary.ts';
import { type Send, type Turn, type TurnInput, turn } from './turn.ts';

export interface KnownOutcome {
  outcome: DeliveryOutcome;
  reason?: string;
}

export interface Postponement {
  rule: WaitRule;
  why: string;
}

/** What a shell knows of messages. */
export interface MessageRules {
  /** How the message of that key has ended already, or ends by being written down; null: a provider must be asked. */
  outcomeOf: (send: Send) => KnownOutcome | null;
  /** Whether the ledger has never heard of it. */
  isNew: (key: string) => boolean;
  /** Why it may not go at that instant (journey time), after `already` others of this decision; null: it may. */
  postpone?: (send: Send, journeyNowMs: number, already: number) => Postponement | null;
}

/** A decision is to stay within milliseconds: after so many the next one goes on. */
const MOST_TURNS = 20;

/** Takes the event and what follows from it at once; one turn at least. */
export const turns = (input: TurnInput, rules: MessageRules): [Turn, ...Turn[]] => {
  const first = turn(input);
  const taken: [Turn, ...Turn[]] = [first];
  let { facts } = input;
  let joined: Send[] = [];
  for (let last = first; taken.length < MOST_TURNS; ) {
    const answer = answerTo(last, rules, taken);
    if (answer?.type === 'postponed') last.postponed = true;
    if (answer?.type === 'delivered' && answer.outcome === 'merged' && last.send) {
      joined.push(last.send);
      last.send = null;
    } else if (last.send && answer?.type !== 'postponed') {
      const together = joinTexts(last.send, joined);
      if (together) last.send = together;
      else flush(taken, joined, rules);
      joined = [];
    }
    if (!answer) break;
    facts = last.bookkeeping.reduce(factsAfter, facts);
    last = turn({ ...input, facts, run: last.run, event: answer });
    taken.push(last);
  }
  flush(taken, joined, rules);
  return input.untold ? taken : tellingAll(taken);
};

/** What can be answered without leaving the decision. */
const answerTo = ({ send, run, journeyNowMs }: Turn, rules: MessageRules, taken: Turn[]): JourneyEvent | null => {
  if (send) {
    const { stepKey, occurrence } = send;
    const already = taken.filter((one) => one.send !== null && one.send !== send && !one.postponed).length;
    const postponement = rules.postpone?.(send, journeyNowMs, already);
    if (postponement) return { type: 'postponed', stepKey, occurrence, ...postponement };
    if (send.mayMerge && rules.isNew(send.key)) return { type: 'delivered', stepKey, occurrence, outcome: 'merged' };
    const known = rules.outcomeOf(send);
    return known && { type: 'delivered', stepKey, occurrence, ...known };
  }
  const { effect, state, resolved } = run;
  const isPast =
    effect.kind === 'wait' && effect.dueAtMs !== null && resolved !== null && resolved.dueAtMs <= journeyNowMs;
  if (!isPast || state.pending?.kind !== 'time' || state.status !== 'active') return null;
  return { type: 'due', stepKey: state.pending.stepKey, occurrence: state.pending.occurrence };
};

/** Sends the messages that have joined before whatever the journey does next. */
const flush = (taken: Turn[], joined: Send[], rules: MessageRules): void => {
  const last = taken.at(-1);
  const send = sendOfJoined(joined);
  if (!last || !send) return;
  taken.splice(-1, 0, { ...last, bookkeeping: [], send });
  if (rules.outcomeOf(send)) return;
  const { stepKey, occurrence, key } = send;
  const effect = { kind: 'send' as const, stepKey, occurrence, key, summary: `Send ${joined.length} messages in one` };
  last.run = { ...last.run, effect, after: last.run.effect };
};

/** Lets the wait that a decision ends with tell what was said before it: ops see no send of its own for that. */
const tellingAll = (taken: [Turn, ...Turn[]]): [Turn, ...Turn[]] => {
  const last = taken.at(-1);
  if (taken.length === 1 || last?.run.effect.kind !== 'wait') return taken;
  const said = taken.flatMap(({ run: { effect }, send }) => (send && effect.kind === 'send' ? [effect.summary] : []));
  if (said.length === 0) return taken;
  const effect = { ...last.run.effect, summary: brief(`${last.run.effect.summary}, after ${said.join(', ')}`) };
  taken[taken.length - 1] = { ...last, run: { ...last.run, effect } };
  return taken;
};
