/** One due occurrence of a reminder rule, and what may become of it. */

/**
 * - waiting: nothing was sent yet; held by quiet hours until `nextAt`. - open: a message was given to the ledger, and nobody has answered; with
 *   `nextAt` it is said again, or was put off by the coachee.
 * - done: the habit was done, before or after it went out. - skipped: the coachee does not want it today.
 * - dropped: never sent, for the reason given. - over: its day is over, and nobody answered.
 */
export const FIRE_STATUSES = ['waiting', 'open', 'done', 'skipped', 'dropped', 'over'] as const;
export type FireStatus = (typeof FIRE_STATUSES)[number];

/** How it goes on while nobody answers: so many minutes after the message before. */
export interface Escalation {
  afterMinutes: number;
  /** `again`: the same way; `otherChannel`: by another channel, if there is one; `coach`: the team is told. */
  via: 'again' | 'otherChannel' | 'coach';
}

/** What a coachee may choose to be reminded after: so many minutes, or at a local time of today. */
export type SnoozeChoice = { minutes: number } | { time: string };

export interface ReminderOptions {
  escalation: Escalation[];
  snoozes: SnoozeChoice[];
  /** A message that is later than this, because of an outage or a move to another zone, is not sent. */
  dropAfterMinutes: number;
  /** Not sent, or not again, once the habit is done for the day. */
  stopWhenDone: boolean;
}

/** Which slots of a rule concern a coachee. Local times never run backwards here, whatever zone they move to. */
export interface RuleCursor {
  /** The rule's revision that it counts by. */
  revision: number;
  /** Local moment (`2026-03-02T09:00`) from which slots are owed. */
  owedFrom: string;
  /** Local date before which every owed slot is settled. */
  settledBefore: string;
}

/** A creator's wishes for all their reminders. */
export interface ReminderSettings {
  /** What is due for many at one time is spread over so many minutes, each coachee always at the same place. */
  jitterMinutes: number;
  /** What is due for a coachee within so many minutes comes as one message. */
  mergeMinutes: number;
}

export const DEFAULT_REMINDER_SETTINGS: ReminderSettings = { jitterMinutes: 0, mergeMinutes: 5 };
