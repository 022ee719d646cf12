/** What goes into the machine and what comes out of it. */
import type { CoacheeFacts, EffectAnswer, EffectRef, FactValue, JourneyState, JsonValue, StepKey } from './state.ts';

export type { DeliveryOutcome, EffectAnswer } from './state.ts';

/** Something that happened. `id` names it for deduplication: the same id twice changes nothing. */
export type JourneyEvent =
  | { type: 'start' }
  | EffectAnswer
  /** `chosen` is set when a button was pressed: the effect that carried the button, and the button's value. */
  | { type: 'reply'; id: string; text: string; chosen?: EffectRef & { value: string } }
  | { type: 'signal'; id: string; name: string; payload: Record<string, FactValue> }
  | { type: 'pause' | 'resume' | 'skip' | 'exit' | 'retry'; id: string; reason?: string };

export interface JourneyInput {
  event: JourneyEvent;
  facts: CoacheeFacts;
}

/** A local rule of time; the shell turns it into an instant in the coachee's time zone (design rule 2). */
export type WaitRule =
  | { kind: 'duration'; days?: number; hours?: number; minutes?: number; seconds?: number }
  /** The next time it is `time` (HH:MM), at least `afterDays` calendar days on (0: later today if still ahead). */
  | { kind: 'localTime'; time: string; afterDays?: number }
  | { kind: 'weekday'; weekday: Weekday; time: string }
  /** A date already past is due at once. */
  | { kind: 'date'; date: string; time: string };

export type Weekday = 'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday' | 'saturday' | 'sunday';

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
  | 'paused'
  | 'resumed'
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
  | { type: 'SetTag'; tag: string; present: boolean };

/**
 * Done by the shell, which answers with an event. A decision has at most one of these, and it comes last. A decision
 * without one leaves what is outstanding as it is: a timer that runs goes on running.
 * - Deliver: send a message; answered by `delivered`.
 * - Ask: send a question; answered by `delivered`, after which the machine awaits a reply.
 * - WaitUntil: answered by `due`. `rule` null: nothing but an event from outside moves the journey on.
 *   `forReply`: the machine awaits a reply meanwhile, and `rule` is the question's timeout. `since`: the occurrence from which
 *   it counts; a re-ask has that of the first asking, and the time that was resolved for that one stands.
 * - CallWebhook: answered by `webhookAnswered`.
 * - End: the journey is over.
 */
export type EffectCommand =
  | ({ type: 'Deliver' | 'Ask'; message: OutgoingMessage } & EffectRef)
  | ({ type: 'WaitUntil'; rule: WaitRule | null; forReply: boolean; since: number } & EffectRef)
  | ({ type: 'CallWebhook'; url: string; body: { [name: string]: JsonValue }; timeoutSeconds: number } & EffectRef)
  | { type: 'End'; status: 'finished' | 'exited'; outcome: string };

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
