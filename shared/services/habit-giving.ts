/** Habits that journeys give their coachees, and what becomes of them: docs/decisions/0027-habits-that-programs-give.md. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { Habit } from '../db/entities/habits.ts';
import type { Coachee, Enrollment } from '../db/entities/journeys.ts';
import { addDays, isOver } from '../domain/habits/days.ts';
import { holdStanding, recount } from './check-ins.ts';
import { changeKeptHabit, keepHabit } from './coachee-habits.ts';
import { habitToday, type KeptHabit, keptHabits, standingNow } from './habit-standing.ts';

interface Giving {
  enrollment: Pick<Enrollment, 'id'>;
  coachee: Coachee;
  nowMs: number;
}

/**
 * Gives it from today on, `forDays` null until the journey ends; call inside a transaction. One that the coachee keeps goes on for as long as any who gave
 * it said, and belongs to the journey that gave it last, unless a person gave it: what people give, people end. Throws NotFoundError for a name that the
 * creator has not.
 */
export const giveHabit = async (
  em: EntityManager,
  { enrollment, coachee, nowMs }: Giving,
  { habit: name, forDays }: { habit: string; forDays: number | null },
): Promise<void> => {
  const habit = await em.findOneOrFail(Habit, { name, archivedAt: null });
  const today = habitToday(coachee.timeZone, { habit }, nowMs);
  const endDate = forDays === null ? undefined : addDays(today, forDays - 1);
  const { kept: given, isNew } = await keepHabit(em, coachee.id, { habitId: habit.id, endDate }, nowMs);
  const { kept } = given;
  if (isNew || kept.enrollmentId != null) kept.enrollmentId = enrollment.id;
  await em.flush();
  if (isNew) return;
  const until = latest(kept.endDate ?? null, endDate ?? null);
  const change = { endDate: until, ...(kept.startDate > today && { startDate: today }) };
  await changeKeptHabit(em, coachee.id, habit.id, change, nowMs);
};

/** Null is never. */
const latest = (one: string | null, other: string | null): string | null => {
  if (one === null || other === null) return null;
  return one > other ? one : other;
};

/** Ends it, whoever gave it; call inside a transaction. Tells whether the coachee kept it. */
export const endHabit = async (em: EntityManager, { coachee, nowMs }: Giving, name: string): Promise<boolean> => {
  const found = (await keptHabits(em, coachee.id)).filter(({ habit }) => habit.name === name);
  return endAll(em, coachee, found, nowMs);
};

/**
 * The journey is over: one that was left lets go of all that it gave, one that was finished of what has no last day. Call inside a transaction. Tells whether
 * anything ended.
 */
export const endHabitsOf = async (
  em: EntityManager,
  { enrollment, coachee, nowMs }: Giving,
  status: 'finished' | 'exited',
): Promise<boolean> => {
  const given = (await keptHabits(em, coachee.id)).filter(
    ({ kept }) => kept.enrollmentId === enrollment.id && (status === 'exited' || typeof kept.endDate !== 'string'),
  );
  return endAll(em, coachee, given, nowMs);
};

const endAll = async (em: EntityManager, coachee: Coachee, habits: KeptHabit[], nowMs: number): Promise<boolean> => {
  let ended = false;
  for (const one of habits) if (await endNow(em, coachee, one, nowMs)) ended = true;
  return ended;
};

/** Nothing more is asked, not even today; but what was done today stays done. */
const endNow = async (em: EntityManager, coachee: Coachee, habit: KeptHabit, nowMs: number): Promise<boolean> => {
  await holdStanding(em, coachee, [habit]);
  const { kept } = habit;
  const { standing, today } = await standingNow(em, coachee, habit, nowMs);
  if (isOver(kept, today)) return false;
  const isDone = standing.days.some(({ date, status }) => date === today && status === 'done');
  kept.endDate = isDone ? today : addDays(today, -1);
  await em.flush();
  await recount(em, coachee, habit, nowMs);
  return true;
};
