/** A simulation under way: its clock, what was said, and what is still to come. The turns are those of production; only the world is made up. */
import { postponement } from '../channels/delivery-time.ts';
import { type Calendar, dateIn } from './calendar.ts';
import { type ProgramDefinition, placeOf } from './definition.ts';
import { factsAfter } from './facts.ts';
import { localized } from './localize.ts';
import { initialState } from './machine.ts';
import type { BookkeepingCommand, EffectAnswer, JourneyEvent, MessageButton, OutgoingMessage } from './messages.ts';
import { type Persona, pressOf, replyOf } from './persona.ts';
import { afterOutages, outsideEvents, type Planned } from './persona-events.ts';
import type { JourneyEffect, JourneyRun } from './run.ts';
import type { CoacheeFacts, EffectRef, JourneyState, StepKey } from './state.ts';
import { kindOf } from './steps/index.ts';
import { tellRecord } from './transcript.ts';
import type { Send, Turn } from './turn.ts';
import { type MessageRules, turns } from './turns.ts';

export type { Planned } from './persona-events.ts';

export interface SimulationDeps extends Calendar {
  /** The newest version of the program with that slug; a subprogram that nobody knows is over at once. */
  program?: (slug: string) => ProgramDefinition | null;
}

export interface TranscriptEntry {
  atMs: number;
  local: string;
  from: 'program' | 'coachee' | 'event';
  stepKey: StepKey | null;
  text: string;
  buttons: MessageButton[];
}

const REPLY_DELAY_SECONDS = 60;
const REVIEW_DELAY_SECONDS = 3600;

export interface Run {
  definition: ProgramDefinition;
  persona: Persona;
  deps: SimulationDeps;
  startMs: number;
  nowMs: number;
  timeZone: string;
  /** Null before the start. */
  journey: JourneyRun | null;
  facts: CoacheeFacts;
  transcript: TranscriptEntry[];
  reached: Set<StepKey>;
  /** Signals, pauses and presses to come, in order of time. */
  outside: Planned[];
  /** The answer to a webhook or the like: it comes before all else. */
  answer: EffectAnswer | null;
  reply: Planned | null;
  /** The question, text or hold that was last given to a person to answer. */
  given: string;
  /** Messages that were postponed, by key. */
  kept: Map<string, OutgoingMessage>;
  /** Messages said, by local date. */
  sentOn: Map<string, number>;
  met: Map<StepKey, number>;
  eventCount: number;
}

/** A run that has not started. Throws a RangeError when `startAt` is no instant. */
export function begin(definition: ProgramDefinition, persona: Persona, deps: SimulationDeps): Run {
  const startMs = Date.parse(persona.startAt);
  if (Number.isNaN(startMs)) throw new RangeError(`startAt ${persona.startAt} is no instant`);
  const { name, language = null, traits = {}, tags = [], entitlements = [], timeZone } = persona;
  return {
    definition: localized(definition, language),
    ...{ persona, deps, startMs, timeZone, nowMs: startMs, journey: null },
    facts: { id: name, name, language, traits, tags, entitlements, checkIns: {} },
    transcript: [],
    reached: new Set(),
    outside: outsideEvents(persona, startMs),
    ...{ answer: null, reply: null, given: '' },
    kept: new Map(),
    sentOn: new Map(),
    met: new Map(),
    eventCount: 0,
  };
}

export const stateOf = ({ journey }: Run): JourneyState => journey?.state ?? initialState();

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
      ...{ definition, run: journey, event, facts, nowMs, timeZone, calendar: deps, inPlace: true, msPerDay: null },
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
  if (effect && effect !== before) perform(run, effect);
}

/** Every message is handed over at once, unless the coachee's wishes are against it. */
function rulesOf(run: Run): MessageRules {
  const { deliveryPolicy } = run.persona;
  const outcomeOf = () => ({ outcome: 'sent' as const });
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

function book(run: Run, command: BookkeepingCommand): void {
  run.facts = factsAfter(run.facts, command);
  if (command.type !== 'Record') return;
  const { stepKey, kind } = command.record;
  if (kind === 'entered' && stepKey !== null) run.reached.add(stepKey);
  const text = tellRecord(command.record);
  if (text !== null) say(run, 'event', stepKey, text);
}

function tellSend(run: Run, { key, stepKey, occurrence, content, awaitsReply }: Send, postponed: boolean): void {
  const message = content ?? run.kept.get(key);
  if (!message) return;
  if (postponed) {
    run.kept.set(key, message);
    return;
  }
  run.kept.delete(key);
  say(run, 'program', stepKey, message.text, message.buttons);
  const date = dateIn(run.deps.formatLocal(run.nowMs, run.timeZone));
  run.sentOn.set(date, (run.sentOn.get(date) ?? 0) + 1);
  if (!awaitsReply) planPress(run, { stepKey, occurrence }, message.buttons);
}

function tellWait(run: Run, { run: { effect, state, resolved } }: Turn): void {
  if (effect.kind !== 'wait' || effect.dueAtMs === null || state.pending?.kind !== 'time' || !resolved) return;
  say(run, 'event', state.at, `Waits until ${run.deps.formatLocal(resolved.dueAtMs, run.timeZone)}.`);
}

/** Does what a decision ends with, or lets a person do their part in it. */
function perform(run: Run, effect: JourneyEffect): void {
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
      planReply(run);
      planReview(run);
      return;
    case 'send':
    case 'end':
      return;
  }
}

/** Lives the other program to its end, then tells when and how it was over. */
function liveSubprogram(run: Run, { stepKey, occurrence, call }: Extract<JourneyEffect, { kind: 'subprogram' }>): void {
  const ref = { stepKey, occurrence };
  run.answer = { type: 'subprogramStarted', ok: true, ...ref };
  const definition = run.deps.program?.(call.program) ?? null;
  const child = definition && live(run, definition);
  const status = child && stateOf(child).status === 'exited' ? 'exited' : 'finished';
  const outcome = (child && stateOf(child).outcome) ?? 'completed';
  run.outside.push({
    atMs: child?.nowMs ?? run.nowMs,
    event: { type: 'subprogramEnded', id: `ended-${stepKey}-${occurrence}`, status, outcome, ...ref },
  });
  run.outside.sort((a, b) => a.atMs - b.atMs);
}

/** Deep enough for programs within programs, and an end to those that contain themselves. */
const EVENTS_OF_SUBPROGRAM = 2000;

function live(parent: Run, definition: ProgramDefinition): Run {
  const { persona, deps, nowMs, facts, timeZone, transcript, met, sentOn } = parent;
  const startAt = new Date(nowMs).toISOString();
  const { program: _, ...calendar } = deps;
  const child = begin(definition, { ...persona, startAt, signals: [], pauses: [], purchases: [], moves: [] }, calendar);
  Object.assign(child, { facts, timeZone, transcript, met, sentOn });
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
  if (next.said) say(run, 'coachee', next.said.stepKey, next.said.text);
  if (next.change && 'timeZone' in next.change) run.timeZone = next.change.timeZone;
  if (next.change && 'entitlement' in next.change) {
    run.facts = { ...run.facts, entitlements: [...run.facts.entitlements, next.change.entitlement] };
  }
  feed(run, next.event);
}

function planReply(run: Run): void {
  const { pending } = stateOf(run);
  if (pending?.kind !== 'reply' || !isGivenAnew(run, pending)) return;
  const { stepKey, misses } = pending;
  const place = placeOf(run.definition, stepKey);
  const samples = place && kindOf(place.step).replies?.(place.step);
  if (!samples) return;
  const text = replyOf(run.persona, { stepKey, misses, met: meet(run, stepKey) }, samples);
  if (text === null) return;
  run.reply = { atMs: replyAt(run), event: { type: 'reply', id: nextId(run), text }, said: { stepKey, text } };
}

function planReview(run: Run): void {
  const { pending } = stateOf(run);
  if (pending?.kind !== 'hold' || pending.of !== 'review' || !isGivenAnew(run, pending)) return;
  const { stepKey, occurrence } = pending;
  const { reviews = {} } = run.persona;
  const given = Object.hasOwn(reviews, stepKey) ? reviews[stepKey] : undefined;
  const { afterSeconds = REVIEW_DELAY_SECONDS, ...verdict } = given ?? { verdict: 'approved' as const };
  run.outside.push({
    atMs: run.nowMs + afterSeconds * 1000,
    event: { type: 'review', id: nextId(run), stepKey, occurrence, ...verdict },
  });
  run.outside.sort((a, b) => a.atMs - b.atMs);
}

/** A wait that is only counted anew is no second asking. */
function isGivenAnew(run: Run, { stepKey, occurrence }: EffectRef): boolean {
  const given = `${stepKey}/${occurrence}`;
  if (run.given === given) return false;
  run.given = given;
  return true;
}

function planPress(run: Run, { stepKey, occurrence }: EffectRef, buttons: MessageButton[]): void {
  const value = pressOf(run.persona, stepKey, meet(run, stepKey));
  const pressed = buttons.find((button) => 'value' in button && button.value === value);
  if (value === null || !pressed) return;
  const text = pressed.label;
  const chosen = { stepKey, occurrence, value };
  run.outside.push({
    atMs: replyAt(run),
    event: { type: 'reply', id: nextId(run), text, chosen },
    said: { stepKey, text },
  });
  run.outside.sort((a, b) => a.atMs - b.atMs);
}

function webhookAnswer({ webhookResults = {} }: Persona, { stepKey, occurrence }: EffectRef): EffectAnswer {
  const given = Object.hasOwn(webhookResults, stepKey) ? webhookResults[stepKey] : undefined;
  const ref = { type: 'webhookAnswered' as const, stepKey, occurrence };
  if (given && 'failure' in given) return { ...ref, ok: false, reason: given.failure };
  return { ...ref, ok: true, result: given?.result ?? {} };
}

function replyAt({ nowMs, persona }: Run): number {
  return nowMs + (persona.replyDelaySeconds ?? REPLY_DELAY_SECONDS) * 1000;
}

function nextId(run: Run): string {
  run.eventCount += 1;
  return `reply-${run.eventCount}`;
}

/** How often this step was met before. */
function meet(run: Run, stepKey: StepKey): number {
  const met = run.met.get(stepKey) ?? 0;
  run.met.set(stepKey, met + 1);
  return met;
}

/** A line of the transcript, at the run's present time. */
function say(
  run: Run,
  from: TranscriptEntry['from'],
  stepKey: StepKey | null,
  text: string,
  buttons: MessageButton[] = [],
) {
  const local = run.deps.formatLocal(run.nowMs, run.timeZone);
  run.transcript.push({ atMs: run.nowMs, local, from, stepKey, text, buttons });
}
