/** A simulated coachee, and what they say when they are asked. */
import type { ChannelKind } from '../../channels/deliveries.ts';
import type { DeliveryPolicy } from '../../channels/delivery-policy.ts';
import { drawWhole, fractionOf } from '../draw.ts';
import type { ReviewVerdict } from '../messages.ts';
import type { FactValue, JsonValue, StepKey } from '../state.ts';
import { type Duration, durationSeconds } from '../steps/fields.ts';
import type { PersonaReplies } from '../steps/kind.ts';

/** `agreeable`: the first thing that fits; `silent`: nothing; `contrary`: first something that does not fit; `random`: anything that fits. */
type AnswerPolicy = 'agreeable' | 'silent' | 'contrary' | 'random';

/** A stretch of time, counted from the start. */
export interface Stretch {
  after: Duration;
  for: Duration;
}

export interface Persona {
  name: string;
  /** What is drawn by lot is drawn by it; by the name where not given. */
  id?: string | undefined;
  timeZone: string;
  /** ISO instant at which the journey starts. */
  startAt: string;
  traits?: Record<string, FactValue> | undefined;
  tags?: string[] | undefined;
  /** By step key; a list answers successive askings. For a message with buttons: the value to press. */
  answers?: Record<StepKey, FactValue | FactValue[]> | undefined;
  /** For askings that `answers` says nothing of; agreeable by default. */
  policy?: AnswerPolicy | undefined;
  /** A minute, where nothing is given; of a range every asking draws its own. */
  replyDelaySeconds?: number | { from: number; to: number } | undefined;
  /** How likely an asking is answered at all; 1 where not given. */
  answerRate?: number | undefined;
  /** How likely a check-in says that the habit was done: of each by name, or of all. */
  adherence?: number | Record<string, number> | undefined;
  /** Times in which nothing is said: what is asked then, or would be answered then, is not answered. */
  silences?: Stretch[] | undefined;
  /** Where they can be reached, in the order in which it is tried; on the web chat and by email where not given. */
  channels?: ChannelKind[] | undefined;
  /** Times in which a channel takes nothing: the next one is tried. */
  channelFailures?: (Stretch & { channel: ChannelKind })[] | undefined;
  /** By step key; a webhook that is not named succeeds with `{}`. */
  webhookResults?: Record<StepKey, { result: JsonValue } | { failure: string }> | undefined;
  signals?: { after: Duration; name: string; payload: Record<string, FactValue> }[] | undefined;
  /** `mode`: how the remaining dates are dealt with on resume. */
  pauses?: (Stretch & { mode?: 'shift' | 'compress' | undefined })[] | undefined;
  /** BCP 47; a program's own language where not given. */
  language?: string | undefined;
  deliveryPolicy?: DeliveryPolicy | undefined;
  entitlements?: string[] | undefined;
  /** What the coachee acquires a right to on the way. */
  purchases?: { after: Duration; entitlement: string }[] | undefined;
  moves?: { after: Duration; timeZone: string }[] | undefined;
  /** Times in which nothing works: what falls into them happens at their end. */
  outages?: Stretch[] | undefined;
  /** By step key: what the team says to a text, after an hour unless said otherwise; approved where nothing is given. */
  reviews?: Record<StepKey, PersonaReview> | undefined;
  /** The model gives no texts. */
  modelDown?: boolean | undefined;
}

export type PersonaReview = ReviewVerdict & { afterSeconds?: number | undefined };

export interface Asking {
  stepKey: StepKey;
  /** How many replies to this question have not fitted so far. */
  misses: number;
  /** How many askings of this step this persona has met before, re-asks included. */
  met: number;
}

/** What the persona replies to a question; null: nothing. */
export function replyOf(persona: Persona, asking: Asking, samples: PersonaReplies): string | null {
  const { stepKey, misses, met } = asking;
  if (!isAnswered(persona, asking)) return null;
  const given = givenAnswer(persona, stepKey, misses, met);
  if (given !== undefined) return asTyped(given);
  const { policy } = persona;
  if (policy === 'silent') return null;
  if (policy === 'contrary' && misses === 0) return samples.unfitting;
  const adherence = adherenceTo(persona, samples);
  if (samples.habit && adherence !== undefined) {
    return fractionOf(drawOf(persona, 'done', asking)) < adherence ? samples.habit.done : samples.habit.notDone;
  }
  if (policy === 'random' && samples.any) return samples.any(fractionOf(drawOf(persona, 'any', asking)));
  return samples.fitting;
}

/** The button that the persona presses under a message; null: none. */
export function pressOf(persona: Persona, asking: Asking): string | null {
  const given = givenAnswer(persona, asking.stepKey, 0, asking.met);
  return given === undefined || !isAnswered(persona, asking) ? null : asTyped(given);
}

const REPLY_DELAY_SECONDS = 60;

/** How long the persona takes to answer, in milliseconds. */
export function replyDelayMs(persona: Persona, asking: Asking): number {
  const { replyDelaySeconds: delay = REPLY_DELAY_SECONDS } = persona;
  return 1000 * (typeof delay === 'number' ? delay : drawWhole(delay.from, delay.to, drawOf(persona, 'delay', asking)));
}

/** Whether the instant, in milliseconds from the start, falls into one of the stretches. */
export function fallsInto(stretches: readonly Stretch[], afterMs: number): boolean {
  return stretches.some(({ after, for: length }) => {
    const fromMs = durationSeconds(after) * 1000;
    return afterMs >= fromMs && afterMs < fromMs + durationSeconds(length) * 1000;
  });
}

function isAnswered(persona: Persona, asking: Asking): boolean {
  const { answerRate = 1 } = persona;
  return answerRate >= 1 || fractionOf(drawOf(persona, 'answers', asking)) < answerRate;
}

function adherenceTo({ adherence }: Persona, { habit }: PersonaReplies): number | undefined {
  if (typeof adherence !== 'object') return adherence;
  return habit && Object.hasOwn(adherence, habit.name) ? adherence[habit.name] : undefined;
}

/** The text by which something about an asking is drawn. */
function drawOf({ id, name }: Persona, what: string, { stepKey, met }: Asking): string {
  return `${id ?? name}/${what}/${stepKey}/${met}`;
}

/** A single value is given once per visit: one that did not fit is not repeated, the policy takes over. */
function givenAnswer({ answers }: Persona, stepKey: StepKey, misses: number, met: number): FactValue | undefined {
  const given = answers && Object.hasOwn(answers, stepKey) ? answers[stepKey] : undefined;
  if (Array.isArray(given)) return given[met];
  return misses === 0 ? given : undefined;
}

function asTyped(value: FactValue): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return String(value);
}
