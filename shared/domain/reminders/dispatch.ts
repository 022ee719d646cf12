/** What becomes of the fires that are not settled: whose message goes now, who waits, and who is left alone. */
import type { ReminderOptions } from './fires.ts';

/** How the habit's day stands that a fire belongs to; `open` also for a reminder of no habit. */
export type FireDay = 'open' | 'done' | 'skipped' | 'vacation' | 'rest' | 'paused' | 'over';

export interface OpenFire {
  id: string;
  /** Messages so far. */
  stage: number;
  /** When its next message is due; null: none is. */
  nextAtMs: number | null;
  /** The coachee put it off: quiet hours and lateness are their own choice. */
  snoozed: boolean;
  /** Its date does not exist where the coachee is. */
  absent: boolean;
  kind: 'reminder' | 'digest';
  options: ReminderOptions;
  day: FireDay;
}

export interface DispatchMoment {
  nowMs: number;
  /** The coachee asked for silence. */
  paused: boolean;
  mergeMs: number;
  /** Until when the coachee's wishes hold a message back that time brings now, and why; null: it may go. */
  heldBack: { untilMs: number; why: string } | null;
}

export type Settlement =
  | { status: 'done' | 'skipped' | 'over' }
  | { status: 'dropped'; reason: string }
  /** Goes on waiting, for later than before. */
  | { status: 'held'; untilMs: number; reason: string };

/** How a message goes: its escalation's way, the first like any that is said again. */
export type Way = 'again' | 'otherChannel' | 'coach';

export interface Dispatch {
  settled: Map<string, Settlement>;
  /** Fires whose message goes now, those of one message together. */
  messages: { way: Way; kind: 'reminder' | 'digest'; fireIds: string[] }[];
}

const REASONS = {
  silence: 'The coachee has asked for silence.',
  paused: 'The journey that gave the habit is paused.',
  vacation: 'The coachee is on vacation.',
  rest: 'It is a day of rest.',
  absent: 'That date does not exist where the coachee is.',
  dayOver: 'The day was over before it could be sent.',
} as const;

/** Decides for all fires of a coachee at once, since what is due at about the same time goes as one message. */
export const dispatch = (fires: OpenFire[], moment: DispatchMoment): Dispatch => {
  const settled = new Map<string, Settlement>();
  const ready: OpenFire[] = [];
  const soon: OpenFire[] = [];
  for (const fire of fires) {
    const settlement = settle(fire, moment);
    if (settlement) settled.set(fire.id, settlement);
    else if (isDue(fire, moment.nowMs)) ready.push(fire);
    else if (isDue(fire, moment.nowMs + moment.mergeMs)) soon.push(fire);
  }
  return { settled, messages: joined(ready, soon) };
};

const isDue = ({ nextAtMs }: OpenFire, nowMs: number): boolean => nextAtMs !== null && nextAtMs <= nowMs;

/** Null: it goes now, or waits for what it waited for. */
const settle = (fire: OpenFire, { nowMs, paused, heldBack }: DispatchMoment): Settlement | null => {
  const { day, options, stage } = fire;
  if (day === 'skipped') return { status: 'skipped' };
  if (day === 'done' && options.stopWhenDone) return { status: 'done' };
  if (fire.absent) return { status: 'dropped', reason: REASONS.absent };
  if (day === 'vacation' || day === 'rest' || day === 'paused') return unsent(stage, REASONS[day]);
  if (day === 'over') return unsent(stage, REASONS.dayOver);
  if (!isDue(fire, nowMs)) return null;
  if (paused) return unsent(stage, REASONS.silence);
  if (fire.snoozed) return null;
  const lateMs = nowMs - (fire.nextAtMs ?? nowMs);
  if (lateMs > options.dropAfterMinutes * 60_000) return unsent(stage, tooLate(lateMs));
  if (heldBack && wayOf(fire) !== 'coach') return { status: 'held', untilMs: heldBack.untilMs, reason: heldBack.why };
  return null;
};

/** One that was never sent is dropped, with the reason; one that was is over. */
const unsent = (stage: number, reason: string): Settlement =>
  stage === 0 ? { status: 'dropped', reason } : { status: 'over' };

const tooLate = (lateMs: number): string => `It would have been ${Math.round(lateMs / 60_000)} minutes late.`;

/** The way of a fire's next message; one that the coachee put off comes back the way it came. */
export const wayOf = ({ stage, snoozed, options }: Pick<OpenFire, 'stage' | 'snoozed' | 'options'>): Way =>
  stage === 0 || snoozed ? 'again' : (options.escalation[stage - 1]?.via ?? 'again');

/** Minutes after a message until the next is due; null: it was the last. What the coachee put off counts as a message as well. */
export const nextAfter = (stage: number, { escalation }: ReminderOptions): number | null =>
  escalation[stage - 1]?.afterMinutes ?? null;

/** What is due now, joined by way and kind; what is due soon comes along with what goes the usual way. */
const joined = (ready: OpenFire[], soon: OpenFire[]): Dispatch['messages'] => {
  const messages = new Map<string, Dispatch['messages'][number]>();
  const add = (fire: OpenFire, onlyAlong: boolean): void => {
    const { kind, id } = fire;
    const way = wayOf(fire);
    const group = `${way}/${kind === 'digest' ? id : kind}`;
    const known = messages.get(group);
    if (known) known.fireIds.push(id);
    else if (!onlyAlong) messages.set(group, { way, kind, fireIds: [id] });
  };
  for (const fire of ready) add(fire, false);
  for (const fire of soon) if (wayOf(fire) === 'again') add(fire, true);
  return [...messages.values()];
};
