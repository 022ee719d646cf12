/** Habits of a creator. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { ChangeHabitRequest, CreateHabitRequest, HabitQuery } from '../contracts/habits.ts';
import type { Page } from '../contracts/http.ts';
import { type CoacheeId, type CreatorId, type HabitId, newId } from '../contracts/ids.ts';
import { Habit } from '../db/entities/habits.ts';
import type { HabitRules } from '../domain/habits/rules.ts';
import { faultOf } from '../domain/habits/rules-check.ts';
import { conflict, invalid, notFound } from '../errors.ts';
import { idAfter, toPage } from './paging.ts';
import { noteSchedulesOfHabit, TOLD_AT_ONCE } from './reminder-schedules.ts';

/** Makes a habit. Throws CairnError `conflict` (with `habitId`) where the name is taken, `invalid` for rules that nobody can keep. */
export const createHabit = async (
  em: EntityManager,
  creatorId: CreatorId,
  { name, title, ...rules }: CreateHabitRequest,
): Promise<Habit> => {
  refuseImpossible(rules);
  const id = newId<HabitId>();
  // Of two at the same moment the second waits here for the first one's commit.
  const { affectedRows } = await em
    .createQueryBuilder(Habit)
    .insert({ id, creatorId, name, title, rules, createdAt: new Date() })
    .onConflict(['creatorId', 'name'])
    .ignore()
    .execute('run');
  const habit = await em.findOneOrFail(Habit, { name });
  if (affectedRows === 0) throw conflict('Another habit has this name.', { habitId: habit.id });
  return habit;
};

/** A page of habits, the newest first. */
export const listHabits = async (
  em: EntityManager,
  { limit, cursor, includeArchived }: HabitQuery,
): Promise<Page<Habit>> => {
  const before = idAfter<HabitId>(cursor);
  const where = { ...(before && { id: { $lt: before } }), ...(!includeArchived && { archivedAt: null }) };
  const habits = await em.find(Habit, where, { orderBy: { id: 'desc' }, limit: limit + 1 });
  return toPage(habits, limit, ({ id }) => [id]);
};

/** One that was put away as well. Throws CairnError `notFound`. */
export const getHabit = async (em: EntityManager, id: HabitId): Promise<Habit> => {
  const habit = await em.findOne(Habit, { id });
  if (!habit) throw notFound('habit');
  return habit;
};

export interface ChangedHabit {
  habit: Habit;
  /** Some of those who keep it, whose reminders are to be told once it is committed; the reconcile tells the others. */
  concerned: CoacheeId[];
}

/**
 * Changes what is given; call inside a transaction. Rules judge days that are past as well: who keeps it stands by them at once, and figures of days follow
 * when the next day is closed. Throws CairnError as `createHabit`, and `notFound`.
 */
export const changeHabit = async (
  em: EntityManager,
  id: HabitId,
  change: ChangeHabitRequest,
): Promise<ChangedHabit> => {
  const habit = await getHabit(em, id);
  const { title = habit.title, archived, ...rules } = change;
  const merged = merge(habit.rules, rules);
  refuseImpossible(merged);
  Object.assign(habit, { title, rules: merged, ...(archived === false && { archivedAt: null }) });
  await em.flush();
  return { habit, concerned: await noteSchedulesOfHabit(em, id, TOLD_AT_ONCE) };
};

/** Puts it away: nobody keeps it any more, and what was is kept. Doing it again changes nothing. Throws CairnError `notFound`. */
export const archiveHabit = async (em: EntityManager, id: HabitId): Promise<ChangedHabit> => {
  const habit = await getHabit(em, id);
  habit.archivedAt ??= new Date();
  await em.flush();
  return { habit, concerned: await noteSchedulesOfHabit(em, id, TOLD_AT_ONCE) };
};

const merge = (rules: HabitRules, change: Omit<ChangeHabitRequest, 'title' | 'archived'>): HabitRules => ({
  measure: change.measure ?? rules.measure,
  schedule: change.schedule ?? rules.schedule,
  dayStart: change.dayStart ?? rules.dayStart,
  backfillDays: change.backfillDays ?? rules.backfillDays,
  freezesPerMonth: change.freezesPerMonth ?? rules.freezesPerMonth,
  restDays: change.restDays ?? rules.restDays,
});

const refuseImpossible = (rules: HabitRules): void => {
  const fault = faultOf(rules);
  if (fault) throw invalid('Nobody can keep a habit by these rules.', [fault]);
};
