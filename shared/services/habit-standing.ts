/** Where coachees stand with their habits, counted from check-ins and from what the ledger says of reminders. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { localAt } from '../calendar/slots.ts';
import type { CoacheeId, HabitId } from '../contracts/ids.ts';
import { CoacheeHabit, Habit, HabitDay, Vacation } from '../db/entities/habits.ts';
import type { Coachee } from '../db/entities/journeys.ts';
import { addDays, datesFrom, habitDayOf } from '../domain/habits/days.ts';
import { type DayRecord, evaluate, type HabitStanding } from '../domain/habits/evaluate.ts';

/** A habit as one coachee keeps it. */
export interface KeptHabit {
  kept: CoacheeHabit;
  habit: Habit;
}

/** Habits that the coachee keeps, or kept; those that their creator has put away are left out. */
export const keptHabits = async (em: EntityManager, coacheeId: CoacheeId): Promise<KeptHabit[]> => {
  const kept = await em.find(CoacheeHabit, { coacheeId }, { orderBy: { id: 'asc' } });
  const habits = await em.find(Habit, { id: { $in: kept.map(({ habitId }) => habitId) }, archivedAt: null });
  const byId = new Map(habits.map((habit) => [habit.id, habit]));
  return kept.flatMap((one) => {
    const habit = byId.get(one.habitId as HabitId);
    return habit ? [{ kept: one, habit }] : [];
  });
};

/** What is known of the days of those habits, by habit. */
export const dayRecords = async (em: EntityManager, coacheeId: CoacheeId): Promise<Map<HabitId, DayRecord[]>> => {
  const rows = await em.execute<(DayRecord & { habit_id: HabitId })[]>(
    `select habit_id, date, coalesce(max(done), 0)::int as done, coalesce(max(amount), 0)::float8 as amount,
       coalesce(bool_or(skipped), false) as skipped,
       case when bool_or(proven) then 'proven' when bool_or(due) then 'unproven' else 'none' end as reminded
     from (
       select habit_id, date, count(*) filter (where done and act = 'checkIn') as done, sum(amount) as amount,
         bool_or(act = 'skip') as skipped, false as proven, false as due
       from check_ins where coachee_id = :coacheeId and habit_id is not null and undone_at is null group by 1, 2
       union all
       select f.habit_id, f.habit_day, null, null, null, bool_or(f.proven or d.status = 'sent'), true
       from reminder_fires f left join deliveries d on d.key = f.delivery_key
       where f.coachee_id = :coacheeId and f.habit_id is not null group by 1, 2
     ) known group by 1, 2`,
    { coacheeId },
  );
  const byHabit = Map.groupBy(rows, ({ habit_id }) => habit_id);
  return new Map([...byHabit].map(([id, days]) => [id, days.map(({ habit_id: _, ...record }) => record)]));
};

export const vacationsOf = async (em: EntityManager, coacheeId: CoacheeId): Promise<{ from: string; to: string }[]> => {
  const rows = await em.find(Vacation, { coacheeId });
  return rows.map(({ fromDate: from, toDate: to }) => ({ from, to }));
};

/**
 * The standing on the habit's day `today`. Days that are over and were not closed yet are not judged: whether a reminder of them went out is found out when
 * they are closed. Nor is the day in the course of which the habit was taken up, without a reminder: the time of its reminder may have been past by then.
 */
export const standingOf = (
  { kept, habit }: KeptHabit,
  vacations: { from: string; to: string }[],
  records: DayRecord[],
  { today, timeZone }: { today: string; timeZone: string },
): HabitStanding => {
  const { startDate, endDate = null, closedTo } = kept;
  const known = new Map(records.map((record) => [record.date, record]));
  const firstOpen = closedTo == null ? startDate : addDays(closedTo, 1);
  const takenUp = kept.enrollmentId != null || habitToday(timeZone, { habit }, kept.createdAt.getTime()) === startDate;
  for (const date of [...(takenUp ? [startDate] : []), ...datesFrom(firstOpen, addDays(today, -1))]) {
    const record = known.get(date) ?? { date, done: 0, amount: 0, skipped: false, reminded: 'none' };
    if (record.reminded === 'none') known.set(date, { ...record, reminded: 'unproven' });
  }
  return evaluate(habit.rules, { startDate, endDate, vacations }, [...known.values()], today);
};

/**
 * Brings the projection (`coachee_habits`, `habit_days`) up to the standing; call inside a transaction. Tells whether a day has become another: then
 * journeys that wait for adherence are to be told.
 */
export const projectStanding = async (
  em: EntityManager,
  { kept, habit }: KeptHabit,
  standing: HabitStanding,
): Promise<boolean> => {
  const { streak, strength, freezesLeft } = standing;
  Object.assign(kept, { streak: streak.current, longestStreak: streak.longest, strength, freezesLeft });
  await em.flush();
  const ref = { coacheeId: kept.coacheeId as CoacheeId, habitId: habit.id };
  const before = new Map((await em.find(HabitDay, ref)).map((day) => [day.date, day]));
  const wanted = standing.days.filter(({ status }) => status !== 'notDue' && status !== 'open');
  const changed = wanted.filter(({ date, status, amount, progress }) => {
    const known = before.get(date);
    return !known || known.status !== status || known.amount !== amount || known.progress !== progress;
  });
  // Days before the start are those of an earlier time that the coachee kept it: what they were, they stay.
  const gone = new Set([...before.keys()].filter((date) => date >= kept.startDate));
  for (const { date } of wanted) gone.delete(date);
  if (gone.size > 0) await em.nativeDelete(HabitDay, { ...ref, date: { $in: [...gone] } });
  if (changed.length > 0) {
    await em.upsertMany(
      HabitDay,
      changed.map((day) => ({ ...day, ...ref, creatorId: kept.creatorId })),
    );
  }
  return changed.length + gone.size > 0;
};

/** Where the coachee stands with the habit at this moment. */
export const standingNow = async (
  em: EntityManager,
  { id, timeZone }: Pick<Coachee, 'id' | 'timeZone'>,
  habit: KeptHabit,
  nowMs: number,
): Promise<{ standing: HabitStanding; today: string }> => {
  const today = habitToday(timeZone, habit, nowMs);
  const records = (await dayRecords(em, id)).get(habit.habit.id) ?? [];
  return { standing: standingOf(habit, await vacationsOf(em, id), records, { today, timeZone }), today };
};

/** The habit's day that it is for the coachee. */
export const habitToday = (timeZone: string, { habit }: Pick<KeptHabit, 'habit'>, atMs: number): string =>
  habitDayOf(localAt(atMs, timeZone), habit.rules.dayStart);
