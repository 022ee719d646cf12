/** What goes into the machine and what comes out of it. */
import type { Arrival } from './migrate.ts';
import type {
  CoacheeFacts,
  EffectAnswer,
  EffectRef,
  FactValue,
  JourneyState,
  JsonValue,
  Shift,
  StepKey,
  WaitRule,
} from './state.ts';

export type { DeliveryOutcome, EffectAnswer, WaitRule, Weekday } from './state.ts';

/** Something that happened. `id` names it for deduplication: the same id twice changes nothing. */
export type JourneyEvent =
  /** `notBefore`: the first step waits for it. While it waits, a second start moves it. */
  | { type: 'start'; notBefore?: WaitRule }
  | EffectAnswer
  /** `chosen` is set when a button was pressed: the effect that carried the button, and the button's value. */
  | { type: 'reply'; id: string; text: string; chosen?: EffectRef & { value: string } }
  | { type: 'signal'; id: string; name: string; payload: Record<string, FactValue> }
  | { type: 'pause' | 'skip' | 'exit' | 'retry'; id: string; reason?: string }
  /** `shift`: the remaining dates are put off by the pause; `compress` (the default): they stay, and what is past comes at once. */
  | { type: 'resume'; id: string; reason?: string; mode?: 'shift' | 'compress'; paused?: Shift; lateSeconds?: number }
  /** Puts the remaining dates off. */
  | { type: 'shift'; id: string; reason?: string; days: number }
  /** Opens what the journey is held at, or a step by name. */
  | { type: 'unlock'; id: string; reason?: string; stepKey?: StepKey }
  /** A reviewer's word on the text that the step held back. */
  | ({ type: 'review'; id: string } & EffectRef & ReviewVerdict)
  /** Takes the journey to another version of its program; the shell looks up the migration and says where to (`arrival`). */
  | { type: 'migrate'; id: string; migrationId: string; undo?: true; arrival?: Arrival }
  /** Something that conditions may read has changed: look again. */
  | { type: 'changed'; id: string };

export type ReviewVerdict =
  | { verdict: 'approved'; note?: string | undefined }
  | { verdict: 'edited'; text: string; note?: string | undefined }
  | { verdict: 'rejected'; note?: string | undefined };

export interface JourneyInput {
  event: JourneyEvent;
  facts: CoacheeFacts;
}

/** A button: `value` comes back as a reply, `url` opens a page. */
export type MessageButton = { label: string; value: string } | { label: string; url: string };

export const MEDIA_KINDS = ['image', 'audio', 'video', 'document'] as const;

/** Something to see or hear with a message; `title` says what it is, for those who cannot. */
export interface MessageMedia {
  kind: (typeof MEDIA_KINDS)[number];
  url: string;
  title: string;
}

export interface OutgoingMessage {
  text: string;
  buttons: MessageButton[];
  media?: MessageMedia[];
  /** Set when it goes by email and no other way. */
  email?: { subject: string };
}

/** A line of the timeline: what was decided and, where something was not done, why. */
export interface TimelineRecord {
  kind: TimelineKind;
  stepKey: StepKey | null;
  occurrence: number | null;
  detail: { [name: string]: JsonValue };
}

export type TimelineKind =
  | 'started'
  | 'entered'
  | 'asked'
  | 'reasked'
  | 'sent'
  | 'notSent'
  | 'ambiguous'
  | 'waiting'
  | 'answered'
  | 'timedOut'
  | 'branched'
  | 'traitSet'
  | 'tagSet'
  | 'goalReached'
  | 'webhookCalled'
  | 'webhookFailed'
  | 'signalled'
  | 'coachWrote'
  | 'coachFailed'
  | 'checkedIn'
  | 'missed'
  | 'habitGiven'
  | 'habitEnded'
  | 'habitLeftOut'
  | 'lessonDone'
  | 'drawn'
  | 'repeated'
  | 'holding'
  | 'opened'
  | 'reviewAsked'
  | 'reviewed'
  | 'subprogramBegun'
  | 'subprogramEnded'
  | 'subprogramRefused'
  | 'postponed'
  | 'merged'
  | 'left'
  | 'moved'
  | 'paused'
  | 'resumed'
  | 'shifted'
  | 'unlocked'
  | 'skipped'
  | 'parked'
  | 'retried'
  | 'ignored'
  | 'finished'
  | 'exited';

/** Written down by the shell, in order, together with the decision. */
export type BookkeepingCommand =
  | { type: 'Record'; record: TimelineRecord }
  | { type: 'SetTrait'; name: string; value: FactValue }
  | { type: 'SetTag'; tag: string; present: boolean }
  /** What the coachee said of a habit, or did not say in time. */
  | ({ type: 'LogCheckIn'; habit: string; done: boolean; amount: number | null } & EffectRef)
  /** A habit that the coachee is to keep from today on, so many days or until the journey ends. */
  | ({ type: 'GiveHabit'; habit: string; forDays: number | null } & EffectRef)
  | ({ type: 'EndHabit'; habit: string } & EffectRef)
  /** A text to be shown to a reviewer. */
  | ({ type: 'OpenReview'; text: string; instructions: string | null } & EffectRef)
  | ({ type: 'CloseReview'; status: 'approved' | 'edited' | 'rejected' | 'timedOut' | 'withdrawn' } & EffectRef)
  /** A message that was postponed is not wanted any more. */
  | ({ type: 'Withdraw' } & EffectRef)
  /** The journey goes on without the subprogram that it began. */
  | ({ type: 'LeaveSubprogram' } & EffectRef);

/**
 * Done by the shell, which answers with an event. A decision has at most one of these, and it comes last. A decision
 * without one leaves what is outstanding as it is: a timer that runs goes on running.
 * - Deliver: send a message; answered by `delivered`, or by `postponed` where it may not go yet.
 * - Ask: send a question; likewise, after which the machine awaits a reply.
 * - Release: send the message of that ref, which was postponed before; answered likewise.
 * - WaitUntil: answered by `due`. `rule` null: nothing but an event from outside moves the journey on.
 *   `forReply`: the machine awaits a reply meanwhile, and `rule` is the question's timeout. `since`: the occurrence from which
 *   it counts; a re-ask has that of the first asking, and the time that was resolved for that one stands. `anew`: the wait that
 *   is under way, by a rule that may be another now; it counts from when it began.
 * - ShiftWait: the wait that is under way, or that ended while the journey was paused, counts from so much later than it began.
 * - CallWebhook: answered by `webhookAnswered`. - AskCoach: a text of the model's, answered by `coachAnswered`.
 * - RunSubprogram: enroll the coachee in that program too; answered by `subprogramStarted`, and by `subprogramEnded` once it is over.
 * - End: the journey is over.
 */
export type EffectCommand =
  | ({ type: 'Deliver' | 'Ask'; message: OutgoingMessage } & Sending & EffectRef)
  | ({ type: 'Release' } & Sending & EffectRef)
  | ({ type: 'WaitUntil'; rule: WaitRule | null; forReply: boolean; since: number; anew?: true } & EffectRef)
  | { type: 'ShiftWait'; by: Shift }
  | ({ type: 'CallWebhook'; url: string; body: { [name: string]: JsonValue }; timeoutSeconds: number } & EffectRef)
  | ({ type: 'AskCoach'; prompt: string; language: string } & EffectRef)
  | ({ type: 'RunSubprogram'; program: string } & EffectRef)
  | { type: 'End'; status: 'finished' | 'exited'; outcome: string };

/** What a shell must know to find a message's time. */
export interface Sending {
  /** It answers the coachee's own word: it goes whatever the hour. */
  prompted?: true;
  /** It is late, and its step lets late messages be joined into one. */
  mayMerge?: true;
}

export type JourneyCommand = BookkeepingCommand | EffectCommand;

/**
 * What became of the event: `accepted` (it moved or recorded something), `duplicate` (its id was handled before), `reasked` (a
 * reply that did not fit), `notAwaited` (nothing waits for it), `ended` (the journey is over), `refused` (not possible in this
 * status), `early` (a send or webhook is under way: nothing was done; feed it again after that effect's answer).
 */
export type EventVerdict = 'accepted' | 'duplicate' | 'reasked' | 'notAwaited' | 'ended' | 'refused' | 'early';

export interface Decision {
  state: JourneyState;
  commands: JourneyCommand[];
  verdict: EventVerdict;
}
