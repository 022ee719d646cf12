/** What the journey workflow carries from decision to decision, and what each decision tells it to do next. */
import type { JourneyClock } from './clock.ts';
import type { EventVerdict, JourneyEvent } from './messages.ts';
import type { EffectRef, JourneyState, JourneyStatus, WaitRule } from './state.ts';

/**
 * A decision's effect, as the workflow runs it. `summary` is plain language for the Temporal UI, without personal data. Texts are not here: they wait
 * in Postgres under `key`, so that histories stay small.
 */
export type JourneyEffect =
  | ({ kind: 'send'; key: string; summary: string } & EffectRef)
  | ({ kind: 'webhook'; summary: string; call: WebhookCall } & EffectRef)
  | ({ kind: 'coach'; summary: string; call: CoachCall } & EffectRef)
  | ({ kind: 'subprogram'; summary: string; call: SubprogramCall } & EffectRef)
  /** Sleep until `dueAtMs` (Unix milliseconds; null: until something comes in). */
  | ({ kind: 'wait'; dueAtMs: number | null; summary: string } & Partial<EffectRef>)
  | { kind: 'end'; status: 'finished' | 'exited'; outcome: string };

export interface WebhookCall {
  key: string;
  url: string;
  body: Record<string, unknown>;
  timeoutSeconds: number;
}

export interface CoachCall {
  key: string;
  /** What to write, variables filled in. */
  prompt: string;
  /** BCP 47: in which language. */
  language: string;
}

export interface SubprogramCall {
  key: string;
  /** The program's slug. */
  program: string;
}

/** The whole of a journey between two decisions; plain JSON, carried through continue-as-new. */
export interface JourneyRun {
  /** How many turns were taken, this journey long. */
  turns: number;
  state: JourneyState;
  clock: JourneyClock;
  effect: JourneyEffect;
  /** When the current wait began, Unix milliseconds (real time); null while something else is under way. */
  waitingSinceMs: number | null;
  /**
   * The instant (journey time) that the wait of this effect was resolved to when it began, kept so that a pause, a duplicate or a reply
   * that did not fit never moves it.
   */
  resolved: ResolvedWait | null;
  /** The instant (journey time) that brought about what happens now: waits count from it, not from when a slow provider had answered. */
  momentMs?: number;
  /** When the journey was paused (journey time). */
  pausedAtMs?: number;
  /** The number of the program's version, once the journey was taken to another one than it began with. */
  version?: number;
  /** What follows once a message of several joined ones has gone. */
  after?: JourneyEffect;
}

/** A wait's rule as it was resolved, so that it can be counted anew when the dates are put off or the coachee moves. */
export interface ResolvedWait extends EffectRef {
  dueAtMs: number;
  asked?: { rule: WaitRule; fromMs: number; timeZone: string; forReply: boolean };
}

export interface DecideInput {
  creatorId: string;
  enrollmentId: string;
  run: JourneyRun | null;
  event: JourneyEvent;
  /** The workflow's own time, Unix milliseconds: the machine's answer must not depend on the worker's clock. */
  nowMs: number;
}

export interface DecideOutput {
  run: JourneyRun;
  verdict: EventVerdict;
  /** The run that came in was behind what is committed: this is where it stands, and the event is still to be looked at. */
  caughtUp?: true;
  /** What other journeys of this coachee are to be told now. */
  tell?: Told[];
}

/** A word from journey to journey. */
export type Told = { enrollmentId: string } & (
  | { signal: 'changed' | 'exit'; payload: { id: string; reason?: string } }
  | { signal: 'ended'; payload: { id: string; status: 'finished' | 'exited'; outcome: string } & EffectRef }
);

/** The latest decision as committed, with the run of the workflow (Temporal's `runId`) that asked for it. */
export interface LastDecision {
  runId: string;
  event: string;
  verdict: EventVerdict;
  run: JourneyRun;
  /** What other journeys were to be told: a retry tells it again, and they know it by its id. */
  tell?: Told[];
}

/** Answer of the `progress` query. */
export interface JourneyProgress {
  status: JourneyStatus | 'starting';
  stepKey: string | null;
  awaitingReply: boolean;
  /** What the run does or waits for now, in plain language. */
  doing: string;
  /** ISO 8601, UTC; null when nothing is scheduled. */
  dueAt: string | null;
  parkedReason: string | null;
}
