/** A simulation under way. The turns are those of production; only the world is made up. */
import { postponement } from '../../channels/delivery-time.ts';
import { dateIn } from '../calendar.ts';
import type { ProgramDefinition } from '../definition.ts';
import { factsAfter } from '../facts.ts';
import type { BookkeepingCommand, EffectAnswer, JourneyEvent } from '../messages.ts';
import type { JourneyEffect } from '../run.ts';
import type { EffectRef } from '../state.ts';
import type { Send, Turn } from '../turn.ts';
import { type KnownOutcome, type MessageRules, turns } from '../turns.ts';
import type { Persona } from './persona.ts';
import { afterOutages, type Planned } from './persona-events.ts';
import { type SimulatedRoute, simulatedRoute } from './simulated-channels.ts';
import { answerInTime, planPress } from './simulated-person.ts';
import { begin, instantOf, plan, type Run, say, stateOf } from './simulation-state.ts';
import { tellRecord } from './transcript.ts';

/** What happens next; a paused coachee does not reply. At the same instant: events from outside, replies, then times due. */
export function takeNext(run: Run): Planned | null {
  const { answer, outside, persona, startMs } = run;
  if (answer) {
    run.answer = null;
    return { atMs: run.nowMs, event: answer };
  }
  const reply = stateOf(run).status === 'active' ? run.reply : null;
  const candidates = [outside[0], reply, dueOf(run)].filter((one) => one !== null && one !== undefined);
  const next = candidates.reduce<Planned | null>((first, one) => (first && first.atMs <= one.atMs ? first : one), null);
  if (!next) return null;
  if (next === outside[0]) outside.shift();
  if (next === run.reply) run.reply = null;
  return persona.outages ? { ...next, atMs: afterOutages(persona, startMs, next.atMs) } : next;
}

function dueOf({ journey }: Run): Planned | null {
  const effect = journey?.effect;
  if (effect?.kind !== 'wait' || effect.dueAtMs === null) return null;
  const { stepKey = '', occurrence = 0, dueAtMs } = effect;
  return { atMs: dueAtMs, event: { type: 'due', stepKey, occurrence } };
}

/** Takes an event through the turns of a decision, and does what they say. */
export function feed(run: Run, event: JourneyEvent): void {
  const { definition, journey, facts, nowMs, timeZone, deps } = run;
  const before = journey?.effect;
  const taken = turns(
    {
      ...{
        definition,
        run: journey,
        event,
        facts,
        nowMs,
        timeZone,
        calendar: deps,
        inPlace: true,
        untold: true,
        msPerDay: null,
      },
      keyOf: (stepKey, occurrence) => `${stepKey}/${occurrence}`,
    },
    rulesOf(run),
  );
  let effect = before;
  for (const one of taken) {
    for (const command of one.bookkeeping) book(run, command);
    if (one.send) tellSend(run, one.send, one.postponed === true);
    if (one.run.effect !== effect) tellWait(run, one);
    effect = one.run.effect;
    run.journey = one.run;
  }
  if (effect && effect !== before) perform(run, effect, taken.at(-1)?.send ?? null);
}

/** Every message is handed over at once, unless the coachee's wishes are against it or no channel takes it. */
function rulesOf(run: Run): MessageRules {
  const { deliveryPolicy } = run.persona;
  const outcomeOf = (send: Send) => outcomeBy(routeOf(run, send));
  if (!deliveryPolicy) return { outcomeOf, isNew: () => true };
  return {
    outcomeOf,
    isNew: () => true,
    postpone: (send, journeyNowMs, already) => {
      const local = run.deps.formatLocal(journeyNowMs, run.timeZone);
      const sentToday = (run.sentOn.get(dateIn(local)) ?? 0) + already;
      return send.prompted ? null : postponement(deliveryPolicy, { local, sentToday });
    },
  };
}

const SENT: KnownOutcome = { outcome: 'sent' };
const outcomeBy = (route: SimulatedRoute): KnownOutcome => (route.channel === null ? route.outcome : SENT);

const routeOf = (run: Run, { key, content }: Send): SimulatedRoute =>
  simulatedRoute(run.persona, content ?? run.kept.get(key), run.nowMs - run.startMs);

function book(run: Run, command: BookkeepingCommand): void {
  run.facts = factsAfter(run.facts, command);
  if (command.type !== 'Record') return;
  const { stepKey, kind } = command.record;
  if (kind === 'entered' && stepKey !== null) run.reached.add(stepKey);
  if (run.depth === 0) run.log.witness?.recorded(command.record, instantOf(run));
  const text = tellRecord(command.record);
  if (text !== null) say(run, { from: 'event', stepKey, text });
}

function tellSend(run: Run, send: Send, postponed: boolean): void {
  const { key, stepKey, occurrence, content, awaitsReply } = send;
  const message = content ?? run.kept.get(key);
  if (!message) return;
  if (postponed) {
    run.kept.set(key, message);
    return;
  }
  const { channel } = routeOf(run, send);
  run.kept.delete(key);
  if (channel === null) return;
  say(run, { from: 'program', stepKey, text: message.text, buttons: message.buttons });
  const at = instantOf(run);
  run.log.witness?.sent(channel, awaitsReply, at);
  if (run.persona.deliveryPolicy) run.sentOn.set(dateIn(at.local), (run.sentOn.get(dateIn(at.local)) ?? 0) + 1);
  if (!awaitsReply) planPress(run, { stepKey, occurrence }, message.buttons);
}

function tellWait(run: Run, { run: { effect, state, resolved } }: Turn): void {
  if (effect.kind !== 'wait' || effect.dueAtMs === null || state.pending?.kind !== 'time' || !resolved) return;
  run.log.witness?.waits(instantOf(run));
  const text = () => `Waits until ${run.deps.formatLocal(resolved.dueAtMs, run.timeZone)}.`;
  say(run, { from: 'event', stepKey: state.at, text });
}

/** Does what a decision ends with, or lets a person do their part in it. */
function perform(run: Run, effect: JourneyEffect, send: Send | null): void {
  run.reply = null;
  switch (effect.kind) {
    case 'webhook':
      run.answer = webhookAnswer(run.persona, effect);
      return;
    case 'coach': {
      const { stepKey, occurrence } = effect;
      const written = run.persona.modelDown
        ? { ok: false, reason: 'The model is down.' }
        : { ok: true, text: `(The model writes: ${effect.call.prompt})`.slice(0, 1000) };
      run.answer = { type: 'coachAnswered', stepKey, occurrence, ...written };
      return;
    }
    case 'subprogram':
      liveSubprogram(run, effect);
      return;
    case 'wait':
      answerInTime(run);
      return;
    // A decision takes so many turns and no more: the message that it ends with is answered in the next.
    case 'send': {
      const { stepKey, occurrence } = effect;
      const outcome = send ? outcomeBy(routeOf(run, send)) : SENT;
      run.answer = { type: 'delivered', stepKey, occurrence, ...outcome };
      return;
    }
    case 'end':
      return;
  }
}

/** Lives the other program to its end, then tells when and how it was over. */
function liveSubprogram(run: Run, { stepKey, occurrence, call }: Extract<JourneyEffect, { kind: 'subprogram' }>): void {
  const ref = { stepKey, occurrence };
  run.answer = { type: 'subprogramStarted', ok: true, ...ref };
  const definition = run.depth < DEEPEST ? (run.deps.program?.(call.program) ?? null) : null;
  const child = definition && live(run, definition);
  const status = child && stateOf(child).status === 'exited' ? 'exited' : 'finished';
  const outcome = (child && stateOf(child).outcome) ?? 'completed';
  plan(run, {
    atMs: child?.nowMs ?? run.nowMs,
    event: { type: 'subprogramEnded', id: `ended-${stepKey}-${occurrence}`, status, outcome, ...ref },
  });
}

/** An end to programs that contain themselves. */
const EVENTS_OF_SUBPROGRAM = 2000;
const DEEPEST = 3;

function live(parent: Run, definition: ProgramDefinition): Run {
  const { persona, deps, nowMs, startMs, facts, timeZone, log, met, sentOn } = parent;
  const alone = { ...persona, signals: [], pauses: [], purchases: [], moves: [] };
  const child = begin(definition, alone, deps, log);
  Object.assign(child, { facts, timeZone, met, sentOn, startMs, nowMs, depth: parent.depth + 1 });
  feed(child, { type: 'start' });
  for (let events = 0; events < EVENTS_OF_SUBPROGRAM && stateOf(child).status === 'active'; events += 1) {
    if (!step(child)) break;
  }
  parent.facts = child.facts;
  return child;
}

/** Lets the next thing happen; false when nothing ever will. */
export function step(run: Run): boolean {
  const next = takeNext(run);
  if (!next) return false;
  takePlace(run, next);
  return true;
}

export function takePlace(run: Run, next: Planned): void {
  run.nowMs = Math.max(run.nowMs, next.atMs);
  if (next.said) say(run, { from: 'coachee', ...next.said });
  if (next.change && 'timeZone' in next.change) run.timeZone = next.change.timeZone;
  if (next.change && 'entitlement' in next.change) {
    run.facts = { ...run.facts, entitlements: [...run.facts.entitlements, next.change.entitlement] };
  }
  if (run.depth === 0) run.log.witness?.comes?.(next.event, instantOf(run));
  feed(run, next.event);
}

function webhookAnswer({ webhookResults = {} }: Persona, { stepKey, occurrence }: EffectRef): EffectAnswer {
  const given = Object.hasOwn(webhookResults, stepKey) ? webhookResults[stepKey] : undefined;
  const ref = { type: 'webhookAnswered' as const, stepKey, occurrence };
  if (given && 'failure' in given) return { ...ref, ok: false, reason: given.failure };
  return { ...ref, ok: true, result: given?.result ?? {} };
}
