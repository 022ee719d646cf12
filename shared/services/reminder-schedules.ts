/**
 * The row behind each coachee's workflow of reminders. Whoever changes what it goes by notes so in the same transaction and then signals the run; one that
 * nobody told is told by the reconcile.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import { localAt } from '../calendar/slots.ts';
import type { CoacheeId, CreatorId, HabitId } from '../contracts/ids.ts';
import { CoacheeHabit, ReminderRule } from '../db/entities/habits.ts';
import type { Coachee } from '../db/entities/journeys.ts';
import { addDays } from '../domain/habits/days.ts';

export interface ScheduleRef {
  creatorId: string;
  coacheeId: string;
}

/** Makes sure that the coachee has a schedule, and notes that it is to be looked at. */
export const noteSchedule = async (em: EntityManager, creatorId: CreatorId, coacheeId: CoacheeId): Promise<void> => {
  await em.execute(
    `insert into reminder_schedules (coachee_id, creator_id, cursors, nudged_at) values (?, ?, '{}', now())
     on conflict (coachee_id) do update set nudged_at = now()`,
    [coacheeId, creatorId],
  );
};

/** Notes a change on the schedule that is there; a coachee without one has nothing to be reminded of. Tells whether there is one. */
export const noteKnownSchedule = async (em: EntityManager, coacheeId: CoacheeId): Promise<boolean> => {
  const rows = await em.execute(
    'update reminder_schedules set nudged_at = now() where coachee_id = ? returning coachee_id',
    [coacheeId],
  );
  return rows.length > 0;
};

/** Coachees whose reminders are told of a change for many at once; the others wait a minute for the reconcile. */
export const TOLD_AT_ONCE = 20;

/** Notes a change for everyone who keeps the habit; gives some of them, to be told at once. The reconcile tells the others. */
export const noteSchedulesOfHabit = async (em: EntityManager, habitId: HabitId, most: number): Promise<CoacheeId[]> => {
  const rows = await em.execute<{ coachee_id: CoacheeId }[]>(
    `with noted as (
       update reminder_schedules s set nudged_at = now() from coachee_habits k
       where k.habit_id = ? and s.coachee_id = k.coachee_id returning s.coachee_id
     ) select coachee_id from noted limit ?`,
    [habitId, most],
  );
  return rows.map(({ coachee_id }) => coachee_id);
};

/** Silence, or its end. Tells whether that was a change. */
export const pauseReminders = async (em: EntityManager, coacheeId: CoacheeId, paused: boolean): Promise<boolean> => {
  const rows = await em.execute(
    `update reminder_schedules set paused_at = case when ? then now() end, nudged_at = now()
     where coachee_id = ? and (paused_at is null) = ? returning coachee_id`,
    [paused, coacheeId, paused],
  );
  return rows.length > 0;
};

/** Ends every habit of the coachee yesterday, and their own rules: nothing is asked of them any more. Tells whether anything was left to end. */
export const endReminders = async (
  em: EntityManager,
  { id: coacheeId, timeZone }: Pick<Coachee, 'id' | 'timeZone'>,
  nowMs: number,
): Promise<boolean> => {
  const yesterday = addDays(localAt(nowMs, timeZone).date, -1);
  const running = { coacheeId, $or: [{ endDate: null }, { endDate: { $gt: yesterday } }] };
  const habits = await em.nativeUpdate(CoacheeHabit, running, { endDate: yesterday });
  const rules = await em.nativeUpdate(ReminderRule, { coacheeId, archivedAt: null }, { archivedAt: new Date(nowMs) });
  await noteKnownSchedule(em, coacheeId);
  return habits + rules > 0;
};
