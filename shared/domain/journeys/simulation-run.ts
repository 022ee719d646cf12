/** A simulation under way: its clock, what was said, and what is still to come. */

import { type ProgramDefinition, placeOf } from './definition.ts';
import { factsAfter } from './facts.ts';
import { advanceInPlace, initialState } from './machine.ts';
import type { Decision, EffectAnswer, EffectCommand, JourneyEvent, MessageButton, WaitRule } from './messages.ts';
import { type Persona, pressOf, replyOf } from './persona.ts';
import type { CoacheeFacts, EffectRef, JourneyState, StepKey } from './state.ts';
import { durationSeconds } from './steps/fields.ts';
import { kindOf } from './steps/index.ts';
import { tellRecord } from './transcript.ts';

export interface CalendarDeps {
  resolveWait(rule: WaitRule, at: { nowMs: number; timeZone: string }): number;
  formatLocal(epochMs: number, timeZone: string): string;
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

export interface Planned {
  atMs: number;
  event: JourneyEvent;
  /** What a person says with it, for the transcript. */
  said?: { stepKey: StepKey; text: string };
}

export interface Run {
  definition: ProgramDefinition;
  persona: Persona;
  deps: CalendarDeps;
  nowMs: number;
  state: JourneyState;
  facts: CoacheeFacts;
  transcript: TranscriptEntry[];
  reached: Set<StepKey>;
  /** Signals, pauses and presses to come, in order of time. */
  outside: Planned[];
  /** The answer to a send or webhook: it comes before all else. */
  answer: EffectAnswer | null;
  due: Planned | null;
  /** When the latest wait is due, and since which occurrence: a re-ask does not put it off. */
  resolved: { stepKey: StepKey; since: number; atMs: number } | null;
  reply: Planned | null;
  met: Map<StepKey, number>;
  eventCount: number;
}

/** A run that has not started. Throws a RangeError when `startAt` is no instant. */
export function begin(definition: ProgramDefinition, persona: Persona, deps: CalendarDeps): Run {
  const nowMs = Date.parse(persona.startAt);
  if (Number.isNaN(nowMs)) throw new RangeError(`startAt ${persona.startAt} is no instant`);
  return {
    definition,
    persona,
    deps,
    nowMs,
    state: initialState(),
    facts: { name: persona.name, traits: persona.traits ?? {}, tags: persona.tags ?? [] },
    transcript: [],
    reached: new Set(),
    outside: outsideEvents(persona, nowMs),
    answer: null,
    due: null,
    resolved: null,
    reply: null,
    met: new Map(),
    eventCount: 0,
  };
}

function outsideEvents({ signals = [], pauses = [] }: Persona, startMs: number): Planned[] {
  const planned: Planned[] = signals.map(({ after, name, payload }, i) => ({
    atMs: startMs + durationSeconds(after) * 1000,
    event: { type: 'signal', id: `signal-${i}`, name, payload },
  }));
  for (const [i, pause] of pauses.entries()) {
    const atMs = startMs + durationSeconds(pause.after) * 1000;
    planned.push({ atMs, event: { type: 'pause', id: `pause-${i}` } });
    planned.push({ atMs: atMs + durationSeconds(pause.for) * 1000, event: { type: 'resume', id: `resume-${i}` } });
  }
  return planned.sort((a, b) => a.atMs - b.atMs);
}

/** What happens next; a paused coachee does not reply. At the same instant: events from outside, replies, then times due. */
export function takeNext(run: Run): Planned | null {
  const { answer, outside, due, state } = run;
  if (answer) {
    run.answer = null;
    return { atMs: run.nowMs, event: answer };
  }
  const reply = state.status === 'active' ? run.reply : null;
  const candidates = [outside[0], reply, due].filter((one) => one !== null && one !== undefined);
  const next = candidates.reduce<Planned | null>((first, one) => (first && first.atMs <= one.atMs ? first : one), null);
  if (next === outside[0]) outside.shift();
  if (next === run.reply) run.reply = null;
  if (next === run.due) run.due = null;
  return next;
}

/** Tells the machine, and does what it decides. */
export function feed(run: Run, event: JourneyEvent): void {
  const decision = advanceInPlace(run.definition, run.state, { event, facts: run.facts });
  run.state = decision.state;
  for (const command of decision.commands) carryOut(run, command);
}

function carryOut(run: Run, command: Decision['commands'][number]): void {
  switch (command.type) {
    case 'Record': {
      const { stepKey } = command.record;
      if (command.record.kind === 'entered' && stepKey !== null) run.reached.add(stepKey);
      const text = tellRecord(command.record);
      if (text !== null) say(run, 'event', stepKey, text);
      return;
    }
    case 'SetTrait':
    case 'SetTag':
      run.facts = factsAfter(run.facts, command);
      return;
    default:
      perform(run, command);
  }
}

/** A new effect takes the place of what was outstanding. */
function perform(run: Run, effect: EffectCommand): void {
  run.due = null;
  run.reply = null;
  switch (effect.type) {
    case 'Deliver':
    case 'Ask': {
      const { stepKey, occurrence, message } = effect;
      say(run, 'program', stepKey, message.text, message.buttons);
      run.answer = { type: 'delivered', outcome: 'sent', stepKey, occurrence };
      if (effect.type === 'Deliver') planPress(run, effect, message.buttons);
      return;
    }
    case 'CallWebhook':
      run.answer = webhookAnswer(run.persona, effect);
      return;
    case 'WaitUntil':
      planDue(run, effect);
      if (effect.forReply) planReply(run, effect.stepKey);
      return;
    case 'End':
      return;
  }
}

function planDue(
  run: Run,
  { rule, forReply, since, stepKey, occurrence }: EffectCommand & { type: 'WaitUntil' },
): void {
  if (!rule) return;
  const { timeZone } = run.persona;
  const known = run.resolved?.stepKey === stepKey && run.resolved.since === since ? run.resolved.atMs : null;
  const atMs = known ?? run.deps.resolveWait(rule, { nowMs: run.nowMs, timeZone });
  run.resolved = { stepKey, since, atMs };
  run.due = { atMs, event: { type: 'due', stepKey, occurrence } };
  if (!forReply) say(run, 'event', stepKey, `Waits until ${run.deps.formatLocal(atMs, timeZone)}.`);
}

function planReply(run: Run, stepKey: StepKey): void {
  const { pending } = run.state;
  const place = placeOf(run.definition, stepKey);
  const samples = place && kindOf(place.step).replies?.(place.step);
  if (pending?.kind !== 'reply' || !samples) return;
  const text = replyOf(run.persona, { stepKey, misses: pending.misses, met: meet(run, stepKey) }, samples);
  if (text === null) return;
  run.reply = { atMs: replyAt(run), event: { type: 'reply', id: nextId(run), text }, said: { stepKey, text } };
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
export function say(
  run: Run,
  from: TranscriptEntry['from'],
  stepKey: StepKey | null,
  text: string,
  buttons: MessageButton[] = [],
) {
  const local = run.deps.formatLocal(run.nowMs, run.persona.timeZone);
  run.transcript.push({ atMs: run.nowMs, local, from, stepKey, text, buttons });
}
