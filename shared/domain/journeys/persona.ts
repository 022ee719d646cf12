/** A simulated coachee, and what they say when they are asked. */
import type { DeliveryPolicy } from '../channels/delivery-policy.ts';
import type { ReviewVerdict } from './messages.ts';
import type { FactValue, JsonValue, StepKey } from './state.ts';
import type { Duration } from './steps/fields.ts';
import type { PersonaReplies } from './steps/kind.ts';

/** `agreeable`: the first thing that fits; `silent`: nothing; `contrary`: first something that does not fit. */
type AnswerPolicy = 'agreeable' | 'silent' | 'contrary';

export interface Persona {
  name: string;
  timeZone: string;
  /** ISO instant at which the journey starts. */
  startAt: string;
  traits?: Record<string, FactValue> | undefined;
  tags?: string[] | undefined;
  /** By step key; a list answers successive askings. For a message with buttons: the value to press. */
  answers?: Record<StepKey, FactValue | FactValue[]> | undefined;
  /** For askings that `answers` says nothing of; agreeable by default. */
  policy?: AnswerPolicy | undefined;
  replyDelaySeconds?: number | undefined;
  /** By step key; a webhook that is not named succeeds with `{}`. */
  webhookResults?: Record<StepKey, { result: JsonValue } | { failure: string }> | undefined;
  signals?: { after: Duration; name: string; payload: Record<string, FactValue> }[] | undefined;
  /** `mode`: how the remaining dates are dealt with on resume. */
  pauses?: { after: Duration; for: Duration; mode?: 'shift' | 'compress' | undefined }[] | undefined;
  /** BCP 47; a program's own language where not given. */
  language?: string | undefined;
  deliveryPolicy?: DeliveryPolicy | undefined;
  entitlements?: string[] | undefined;
  /** What the coachee acquires a right to on the way. */
  purchases?: { after: Duration; entitlement: string }[] | undefined;
  moves?: { after: Duration; timeZone: string }[] | undefined;
  /** Times in which nothing works: what falls into them happens at their end. */
  outages?: { after: Duration; for: Duration }[] | undefined;
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
export function replyOf(persona: Persona, { stepKey, misses, met }: Asking, samples: PersonaReplies): string | null {
  const given = givenAnswer(persona, stepKey, misses, met);
  if (given !== undefined) return asTyped(given);
  if (persona.policy === 'silent') return null;
  return persona.policy === 'contrary' && misses === 0 ? samples.unfitting : samples.fitting;
}

/** The button that the persona presses under a message which it meets for the `met`-th time (from 0); null: none. */
export function pressOf(persona: Persona, stepKey: StepKey, met: number): string | null {
  const given = givenAnswer(persona, stepKey, 0, met);
  return given === undefined ? null : asTyped(given);
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
