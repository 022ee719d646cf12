/** Which slots of a coachee's rules are due, and when the next one is. */
import { addDays } from '../habits/days.ts';
import type { RuleCursor } from './fires.ts';
import type { ReminderRule } from './rule.ts';

/** The calendar as reminders need it; shared/calendar is the one that knows time zones. */
export interface ReminderCalendar {
  /** Local dates of the rule from `from` to `to`, both included; `anchor` is where an rrule without a start, or a rule that follows an event, counts from. */
  datesBetween(rule: ReminderRule, anchor: string, from: string, to: string): string[];
  /** The first of them from `from` on; null where there is none. */
  nextDate(rule: ReminderRule, anchor: string, from: string): string | null;
  resolveSlot(
    date: string,
    time: string,
    timeZone: string,
  ): { atMs: number; resolved: 'gap' | 'overlap' | 'absent' | null };
  localAt(ms: number, timeZone: string): { date: string; time: string };
}

/** A rule as it stands for one coachee. */
export interface OwedRule {
  id: string;
  revision: number;
  rule: ReminderRule;
  /** What it counts from: the date since which it holds, or the dates of the event that it follows. */
  anchors: string[];
  /** Local moment (`2026-03-02T00:00`) before which nothing is owed: when the coachee took up the habit. */
  notBefore: string | null;
  /** Whether anything is asked on that slot at all. */
  asks: (date: string, time: string) => boolean;
}

export interface Slot {
  ruleId: string;
  date: string;
  time: string;
  /** When it is due, its place in the spread included. */
  atMs: number;
  resolved: 'gap' | 'overlap' | 'absent' | null;
}

export interface SlotsInput {
  rules: OwedRule[];
  cursors: Record<string, RuleCursor>;
  /** Slots that have a fire, as `slotKey` names them. */
  settled: ReadonlySet<string>;
  nowMs: number;
  /** What is due until then is taken along. */
  untilMs: number;
  timeZone: string;
  /** By how much a slot of that date is put off. */
  spreadMs: (date: string) => number;
  calendar: ReminderCalendar;
}

export interface DueSlots {
  /** Owed slots without a fire that are due until `untilMs`, the earliest first. */
  due: Slot[];
  next: Slot | null;
  cursors: Record<string, RuleCursor>;
}

export const slotKey = (ruleId: string, date: string, time: string): string => `${ruleId}|${date}|${time}`;

/** Rare dates (29 February) lie far apart, and a habit may have its rest on all that are near. */
const LOOK_AHEAD_DATES = 60;

/**
 * Looks at every owed slot from where each rule's cursor stands. What is settled is known by local date and time, never by instant: whatever zone the
 * coachee moves to, and back, no slot comes twice; one that the move has jumped over is due at once.
 */
export const dueSlots = (input: SlotsInput): DueSlots => {
  const { nowMs, timeZone, calendar } = input;
  const now = calendar.localAt(nowMs, timeZone);
  const due: Slot[] = [];
  const cursors: Record<string, RuleCursor> = {};
  let next: Slot | null = null;
  for (const owed of input.rules) {
    const cursor = cursorOf(owed, input.cursors[owed.id], now);
    const { dueNow, upcoming } = slotsOf(input, owed, cursor, now.date);
    due.push(...dueNow);
    if (upcoming && (next === null || upcoming.atMs < next.atMs)) next = upcoming;
    const settledBefore = upcoming && upcoming.date < now.date ? upcoming.date : now.date;
    cursors[owed.id] = { ...cursor, settledBefore: later(cursor.settledBefore, settledBefore) };
  }
  due.sort(
    (a, b) => a.atMs - b.atMs || (slotKey(a.ruleId, a.date, a.time) < slotKey(b.ruleId, b.date, b.time) ? -1 : 1),
  );
  return { due, next, cursors };
};

/** Where a rule stands; a new one, or one whose times were changed, owes what lies ahead of the coachee's clock. */
const cursorOf = (
  { revision, notBefore }: OwedRule,
  known: RuleCursor | undefined,
  now: { date: string; time: string },
): RuleCursor => {
  if (known?.revision === revision) return known;
  const owedFrom = later(`${now.date}T${now.time}`, notBefore ?? '');
  return { revision, owedFrom, settledBefore: later(known?.settledBefore ?? '', owedFrom.slice(0, 10)) };
};

const later = (a: string, b: string): string => (a > b ? a : b);

const slotsOf = (input: SlotsInput, owed: OwedRule, cursor: RuleCursor, today: string) => {
  const { untilMs } = input;
  const dueNow: Slot[] = [];
  let upcoming: Slot | null = null;
  const past = datesUntil(input, owed, cursor.settledBefore, today);
  const consider = (date: string): void => {
    for (const slot of openSlots(input, owed, cursor, date)) {
      if (slot.atMs <= untilMs) dueNow.push(slot);
      else if (upcoming === null || slot.atMs < upcoming.atMs) upcoming = slot;
    }
  };
  for (const date of past) consider(date);
  // Clocks that are put forward may carry a slot past the next date's: one date more is looked at.
  let beyond = 0;
  for (const date of datesAfter(input, owed, later(today, cursor.settledBefore))) {
    if (upcoming !== null && beyond++ > 0) break;
    consider(date);
  }
  return { dueNow, upcoming: upcoming as Slot | null };
};

const datesUntil = ({ calendar }: SlotsInput, { rule, anchors }: OwedRule, from: string, to: string): string[] =>
  from > to ? [] : unique(anchors.flatMap((anchor) => calendar.datesBetween(rule, anchor, from, to)));

const unique = (dates: string[]): string[] => [...new Set(dates)].sort();

/** Dates after `date`, as far as one looks ahead. */
function* datesAfter({ calendar }: SlotsInput, { rule, anchors }: OwedRule, date: string): Generator<string> {
  let at = date;
  for (let looked = 0; looked < LOOK_AHEAD_DATES; looked += 1) {
    const from = addDays(at, 1);
    const candidates = anchors.flatMap((anchor) => calendar.nextDate(rule, anchor, from) ?? []);
    const [first] = candidates.sort();
    if (first === undefined) return;
    yield first;
    at = first;
  }
}

const openSlots = (input: SlotsInput, owed: OwedRule, cursor: RuleCursor, date: string): Slot[] =>
  owed.rule.times.flatMap((time) => {
    if (`${date}T${time}` < cursor.owedFrom || input.settled.has(slotKey(owed.id, date, time))) return [];
    if (!owed.asks(date, time)) return [];
    const { atMs, resolved } = input.calendar.resolveSlot(date, time, input.timeZone);
    return [{ ruleId: owed.id, date, time, atMs: atMs + input.spreadMs(date), resolved }];
  });
