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
  /** Stable for this person: what is drawn by lot is drawn by it. */
  id: string;
  name: string;
  /** BCP 47; null reads a program's own language. */
  language: string | null;
  traits: Record<string, FactValue>;
  tags: string[];
  /** Names of what they have a right to. */
  entitlements: string[];
  /** By habit the latest check-ins, the newest last: whether each was done. */
  checkIns: Record<string, boolean[]>;
  /** Their creator's habits by name; not there where nobody has looked: then each one is. */
  habits?: Record<string, 'open' | 'putAway'>;
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
  /** `misses`: as for a reply, when it is a question that is on its way. `postponed`: it waits for a better time. */
  | ({ kind: 'delivery'; misses: number; postponed?: true } & EffectRef)
  | ({ kind: 'webhook' | 'coach' } & EffectRef)
  /** `opens`: the journey's own beginning, not yet at its first step. `enters`: the step it was moved to while it was paused, not entered yet. */
  | ({ kind: 'time'; opens?: true; enters?: true } & EffectRef)
  /** Something that is not said by the coachee: a signal or a condition, a reviewer, the end of a subprogram. */
  | ({ kind: 'hold'; of: HoldOf } & EffectRef)
  /** `misses`: how many replies to this visit did not fit the question. `unproven`: nobody knows whether the question reached the coachee. */
  | ({ kind: 'reply'; misses: number; unproven?: true } & EffectRef);

export type HoldOf = 'event' | 'review' | 'subprogram';

/** By how much dates are put off: calendar days, and seconds beyond them. */
export interface Shift {
  days: number;
  seconds: number;
}

/** The shell's answer to an effect: how it ended, or that its time has come. */
export type EffectAnswer =
  | ({ type: 'delivered'; outcome: DeliveryOutcome; reason?: string } & EffectRef)
  | ({ type: 'webhookAnswered'; ok: boolean; result?: JsonValue; reason?: string } & EffectRef)
  | ({ type: 'coachAnswered'; ok: boolean; text?: string; reason?: string } & EffectRef)
  /** A message may not go yet: it is kept until `rule`, and then asked for again. */
  | ({ type: 'postponed'; rule: WaitRule; why: string } & EffectRef)
  /** A signal that the step waits for; only ever held, while the journey is paused. */
  | ({ type: 'signalled'; name: string } & EffectRef)
  | ({ type: 'subprogramStarted'; ok: boolean; reason?: string } & EffectRef)
  | ({ type: 'subprogramEnded'; id: string; status: 'finished' | 'exited'; outcome: string } & EffectRef)
  /** The time that a WaitUntil (or an ask's timeout) named has come; `lateSeconds`: so long ago. */
  | ({ type: 'due'; lateSeconds?: number } & EffectRef);

/** A local rule of time; the shell turns it into an instant in the coachee's time zone (design rule 2). */
export type WaitRule =
  | { kind: 'duration'; days?: number; hours?: number; minutes?: number; seconds?: number }
  /** The next time it is `time` (HH:MM), at least `afterDays` calendar days on (0: later today if still ahead). */
  | { kind: 'localTime'; time: string; afterDays?: number }
  | { kind: 'weekday'; weekday: Weekday; time: string }
  /** May be past. `plusDays`: the journey's dates were put off by so many. */
  | { kind: 'date'; date: string; time: string; plusDays?: number };

export type Weekday = 'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday' | 'saturday' | 'sunday';

/** How a send ended, as the delivery ledger knows it; `merged`: its text went with another message. */
export type DeliveryOutcome = 'sent' | 'ambiguous' | 'dropped' | 'failed' | 'merged';

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
  /** How often each `repeat` has sent the journey back on its present visit. */
  rounds?: Record<StepKey, number>;
  /** Outcomes of those watched exits that led to a step: each does so once. */
  left?: string[];
  /** By how much the journey's dates were put off, all in all. */
  shift?: Shift;
  /** How late what happens now is, in seconds: a wait ended so long ago, while nobody worked or the journey was paused. */
  lateSeconds?: number | undefined;
  /** What happens now was brought about by the coachee's own word, not by time. */
  prompted?: true | undefined;
  /** It was set back to its beginning: until it comes to something new, messages that were sent before are passed over. */
  restarted?: true | undefined;
  /** Ids of the latest replies and signals taken in, oldest first, so that one that comes twice changes nothing. */
  handled: string[];
  /** Why the journey is parked (status `parked`), in plain language. */
  parkedReason: string | null;
  /** How the journey ended (status `finished` or `exited`): a finish step's outcome, or why it was exited. */
  outcome: string | null;
}
