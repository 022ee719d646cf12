/**
 * What a journey is made of between two decisions: plain JSON only (no Map, Set or Date), because it crosses
 * continue-as-new, and only what a decision needs, because every decision records it in the run's history.
 */

/** A step's key: unique within its program definition, 1 to 40 characters of `a-z 0-9 _ -`. */
export type StepKey = string;

export type JsonValue = null | boolean | number | string | JsonValue[] | { [name: string]: JsonValue };

/** An answer or trait as the creator's conditions and texts see it. */
export type FactValue = string | number | boolean;

/** What is known of the coachee at the moment of a decision; the shell reads it freshly each time. */
export interface CoacheeFacts {
  name: string;
  traits: Record<string, FactValue>;
  tags: string[];
}

export type JourneyStatus = 'active' | 'paused' | 'parked' | 'finished' | 'exited';

/**
 * One visit's effect: which step, and the how-manieth effect of that step in this journey (from 1). With the workflow
 * id in front it is the key of every outward effect: `<workflowId>/<stepKey>/<occurrence>`.
 */
export interface EffectRef {
  stepKey: StepKey;
  occurrence: number;
}

/** What the journey is waiting for; null before it has started, while it is parked, and once it has ended. */
export type Pending =
  /** `misses`: as for a reply, when it is a question that is on its way. */
  | ({ kind: 'delivery'; misses: number } & EffectRef)
  | ({ kind: 'webhook' } & EffectRef)
  | ({ kind: 'time' } & EffectRef)
  /** `misses`: how many replies to this visit did not fit the question. */
  | ({ kind: 'reply'; misses: number } & EffectRef);

/** The shell's answer to an effect: how it ended, or that its time has come. */
export type EffectAnswer =
  | ({ type: 'delivered'; outcome: DeliveryOutcome; reason?: string } & EffectRef)
  | ({ type: 'webhookAnswered'; ok: boolean; result?: JsonValue; reason?: string } & EffectRef)
  /** The time that a WaitUntil (or an ask's timeout) named has come. */
  | ({ type: 'due' } & EffectRef);

/** How a send ended, as the delivery ledger knows it. */
export type DeliveryOutcome = 'sent' | 'ambiguous' | 'dropped' | 'failed';

export interface JourneyState {
  v: 1;
  status: JourneyStatus;
  at: StepKey | null;
  /** Effects begun per step, so that a re-ask, a retry and a second visit each get a key of their own. */
  occurrences: Record<StepKey, number>;
  pending: Pending | null;
  /** The answer to what is pending that came while the journey was paused; it is taken in on resume. */
  held: EffectAnswer | null;
  /** Steps entered since time, a person or a signal last moved the journey: a brake on rounds that nothing slows. */
  stepsSincePause: number;
  answers: Record<StepKey, FactValue>;
  /** Results of webhooks by step key. */
  results: Record<StepKey, JsonValue>;
  /** Latest payload of each custom signal by its name. */
  signals: Record<string, Record<string, FactValue>>;
  goals: string[];
  /** Ids of the latest replies and signals taken in, oldest first, so that one that comes twice changes nothing. */
  handled: string[];
  /** Why the journey is parked (status `parked`), in plain language. */
  parkedReason: string | null;
  /** How the journey ended (status `finished` or `exited`): a finish step's outcome, or why it was exited. */
  outcome: string | null;
}
