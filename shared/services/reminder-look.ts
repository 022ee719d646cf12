/** What a look at a coachee's reminders reads. */
import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { datesBetween, nextDate } from '../calendar/recurrence.ts';
import { localAt, resolveSlot } from '../calendar/slots.ts';
import type { CoacheeId, HabitId } from '../contracts/ids.ts';
import { Creator } from '../db/entities/accounts.ts';
import { ReminderAnchor, ReminderFire, ReminderRule, ReminderSchedule } from '../db/entities/habits.ts';
import { Coachee, Enrollment } from '../db/entities/journeys.ts';
import { habitDayOf, isWithin } from '../domain/habits/days.ts';
import { freeBy } from '../domain/habits/evaluate.ts';
import { fractionOf } from '../domain/journeys/draw.ts';
import { DEFAULT_REMINDER_SETTINGS, type ReminderSettings } from '../domain/reminders/fires.ts';
import { type DueSlots, dueSlots, type OwedRule, slotKey } from '../domain/reminders/slots.ts';
import { type KeptHabit, keptHabits, vacationsOf } from './habit-standing.ts';

/** A habit as it is kept, on the day that it is for the coachee. */
export interface HabitLook extends KeptHabit {
  today: string;
}

export interface Look {
  schedule: ReminderSchedule;
  coachee: Coachee;
  /** The local date. */
  today: string;
  settings: ReminderSettings;
  habits: HabitLook[];
  vacations: { from: string; to: string }[];
  /** Ids of journeys that are paused: nothing is asked of what they gave. */
  paused: Set<string>;
  rules: ReminderRule[];
  anchors: ReminderAnchor[];
  /** Those that are not settled, and those of days that are not either. */
  fires: ReminderFire[];
}

/** Null where the coachee has no schedule. Holds it for the rest of the transaction, unless `lockMode` says otherwise. */
export const lookAt = async (
  em: EntityManager,
  coacheeId: CoacheeId,
  nowMs: number,
  lockMode: LockMode = LockMode.PESSIMISTIC_WRITE,
): Promise<Look | null> => {
  const schedule = await em.findOne(ReminderSchedule, { coacheeId }, { lockMode });
  if (!schedule) return null;
  const coachee = await em.findOneOrFail(Coachee, { id: coacheeId });
  const creator = await em.findOneOrFail(Creator, { id: coachee.creatorId });
  const now = localAt(nowMs, coachee.timeZone);
  const kept = await keptHabits(em, coacheeId);
  const habits = kept.map((one) => ({ ...one, today: habitDayOf(now, one.habit.rules.dayStart) }));
  const rules = await em.find(ReminderRule, { archivedAt: null, ...applyingTo(coacheeId, habits) });
  const follows = rules.some(({ rule }) => rule.after);
  const oldest = Object.values(schedule.cursors).reduce((date, cursor) => min(date, cursor.settledBefore), now.date);
  const unsettled = { $or: [{ status: { $in: ['waiting' as const, 'open' as const] } }, { date: { $gte: oldest } }] };
  return {
    ...{ schedule, coachee, habits, rules, today: now.date },
    settings: creator.reminderSettings ?? DEFAULT_REMINDER_SETTINGS,
    paused: await pausedJourneys(em, habits),
    vacations: habits.length === 0 ? [] : await vacationsOf(em, coacheeId),
    anchors: follows ? await em.find(ReminderAnchor, { coacheeId }) : [],
    fires: await em.find(ReminderFire, { coacheeId, ...unsettled }),
  };
};

const pausedJourneys = async (em: EntityManager, habits: KeptHabit[]): Promise<Set<string>> => {
  const given = habits.flatMap(({ kept }) => kept.enrollmentId ?? []);
  if (given.length === 0) return new Set();
  const paused = await em.find(Enrollment, { id: { $in: given }, status: 'paused' }, { fields: ['id'] });
  return new Set(paused.map(({ id }) => id));
};

const min = (a: string, b: string): string => (a < b ? a : b);

/** Rules of this coachee, and rules of a habit that are for everyone who keeps it. */
const applyingTo = (coacheeId: CoacheeId, habits: KeptHabit[]) => {
  const habitIds = habits.map(({ habit }) => habit.id);
  return { $or: [{ coacheeId }, { coacheeId: null, habitId: { $in: habitIds } }] };
};

/** Slots that want a fire, and the next one to come. */
export const slotsToFire = (look: Look, nowMs: number): DueSlots => {
  const { schedule, coachee, settings, fires } = look;
  return dueSlots({
    rules: look.rules.flatMap((rule) => owedRule(look, rule)),
    cursors: schedule.cursors,
    settled: new Set(fires.map(({ ruleId, date, time }) => slotKey(ruleId, date, time))),
    nowMs,
    untilMs: nowMs + settings.mergeMinutes * 60_000,
    timeZone: coachee.timeZone,
    spreadMs: (date) => Math.floor(fractionOf(`${coachee.id}/${date}`) * settings.jitterMinutes * 60_000),
    calendar: { datesBetween, nextDate, resolveSlot, localAt },
  });
};

/** None where its habit is not (or no longer) kept. */
const owedRule = ({ habits, vacations, anchors, coachee }: Look, rule: ReminderRule): OwedRule[] => {
  const of = habits.find(({ habit }) => habit.id === (rule.habitId as HabitId | null));
  if (rule.habitId && !of) return [];
  const { id, revision } = rule;
  const event = rule.rule.after?.event;
  const made = localAt(rule.createdAt.getTime(), coachee.timeZone).date;
  const starts = event === undefined ? [of?.kept.startDate ?? made] : [];
  const happened = anchors.filter((anchor) => anchor.event === event).map(({ date }) => date);
  return [
    {
      ...{ id, revision, rule: rule.rule, anchors: [...starts, ...happened] },
      notBefore: of ? `${of.kept.startDate}T00:00` : null,
      asks: (date, time) => !of || asksOn(of, vacations, habitDayOf({ date, time }, of.habit.rules.dayStart)),
    },
  ];
};

/** On vacation the slot is owed and gets its reason; on days that are none of the habit's nothing is asked. */
const asksOn = ({ kept, habit }: HabitLook, vacations: Look['vacations'], day: string): boolean => {
  const { startDate, endDate = null } = kept;
  if (!isWithin(kept, day)) return false;
  const free = freeBy(habit.rules, { startDate, endDate, vacations }, day);
  return free === null || free === 'vacation';
};
