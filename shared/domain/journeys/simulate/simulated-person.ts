/** What people do in a simulation once the journey waits for them: the coachee answers or presses, the team reviews. */
import { placeOf } from '../definition.ts';
import type { MessageButton } from '../messages.ts';
import type { EffectRef, StepKey } from '../state.ts';
import { kindOf } from '../steps/index.ts';
import { type Asking, fallsInto, pressOf, replyDelayMs, replyOf } from './persona.ts';
import { plan, type Run, stateOf } from './simulation-state.ts';

const REVIEW_DELAY_SECONDS = 3600;

/** Lets whoever the journey waits for do their part, once for each asking. */
export function answerInTime(run: Run): void {
  const { pending } = stateOf(run);
  if (pending?.kind === 'reply' && isGivenAnew(run, pending)) planReply(run, pending);
  if (pending?.kind === 'hold' && pending.of === 'review' && isGivenAnew(run, pending)) planReview(run, pending);
}

function planReply(run: Run, { stepKey, misses }: EffectRef & { misses: number }): void {
  const place = placeOf(run.definition, stepKey);
  const samples = place && kindOf(place.step).replies?.(place.step);
  if (!samples) return;
  const asking: Asking = { stepKey, misses, met: meet(run, stepKey) };
  const text = replyOf(run.persona, asking, samples);
  const atMs = speaksAt(run, asking);
  if (text === null || atMs === null) return;
  run.reply = { atMs, event: { type: 'reply', id: nextId(run), text }, said: { stepKey, text } };
}

/** The coachee may press a button of a message that asks for nothing. */
export function planPress(run: Run, { stepKey, occurrence }: EffectRef, buttons: MessageButton[]): void {
  const asking: Asking = { stepKey, misses: 0, met: meet(run, stepKey) };
  const value = pressOf(run.persona, asking);
  const pressed = buttons.find((button) => 'value' in button && button.value === value);
  const atMs = speaksAt(run, asking);
  if (value === null || !pressed || atMs === null) return;
  const text = pressed.label;
  const chosen = { stepKey, occurrence, value };
  plan(run, { atMs, event: { type: 'reply', id: nextId(run), text, chosen }, said: { stepKey, text } });
}

function planReview(run: Run, { stepKey, occurrence }: EffectRef): void {
  const { reviews = {} } = run.persona;
  const given = Object.hasOwn(reviews, stepKey) ? reviews[stepKey] : undefined;
  const { afterSeconds = REVIEW_DELAY_SECONDS, ...verdict } = given ?? { verdict: 'approved' as const };
  const event = { type: 'review' as const, id: nextId(run), stepKey, occurrence, ...verdict };
  plan(run, { atMs: run.nowMs + afterSeconds * 1000, event });
}

/** When they answer what has just been asked; null: it falls into a silence. */
function speaksAt({ persona, nowMs, startMs }: Run, asking: Asking): number | null {
  const { silences = [] } = persona;
  const atMs = nowMs + replyDelayMs(persona, asking);
  return fallsInto(silences, nowMs - startMs) || fallsInto(silences, atMs - startMs) ? null : atMs;
}

/** A wait that is only counted anew is no second asking. */
function isGivenAnew(run: Run, { stepKey, occurrence }: EffectRef): boolean {
  const given = `${stepKey}/${occurrence}`;
  if (run.given === given) return false;
  run.given = given;
  return true;
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
