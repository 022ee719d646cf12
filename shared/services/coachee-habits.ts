/** Who keeps which habit, from when to when, and where they stand. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { ChangeKeptHabitRequest, KeepHabitRequest } from '../contracts/coachee-habits.ts';
import { type CoacheeHabitId, type CoacheeId, type HabitId, newId } from '../contracts/ids.ts';
import { CoacheeHabit } from '../db/entities/habits.ts';
import type { Coachee } from '../db/entities/journeys.ts';
import { addDays, isOver } from '../domain/habits/days.ts';
import type { HabitStanding } from '../domain/habits/evaluate.ts';
import { conflict, invalid, notFound } from '../errors.ts';
import { holdStanding, recount } from './check-ins.ts';
import { getCoachee } from './coachees.ts';
import {
  dayRecords,
  habitToday,
  type KeptHabit,
  keptHabits,
  standingNow,
  standingOf,
  vacationsOf,
} from './habit-standing.ts';
import { getHabit } from './habits.ts';

export interface StandingHabit extends KeptHabit {
  /** The habit's day of the coachee. */
  today: string;
  standing: HabitStanding;
}

/** What a coachee keeps or kept, in the order in which they took it up. Throws CairnError `notFound`. */
export const listStandings = async (
  em: EntityManager,
  coacheeId: CoacheeId,
  nowMs: number,
): Promise<StandingHabit[]> => {
  const coachee = await getCoachee(em, coacheeId);
  const vacations = await vacationsOf(em, coacheeId);
  const records = await dayRecords(em, coacheeId);
  return (await keptHabits(em, coacheeId)).map((habit) => {
    const today = habitToday(coachee.timeZone, habit, nowMs);
    const known = records.get(habit.habit.id) ?? [];
    const standing = standingOf(habit, vacations, known, { today, timeZone: coachee.timeZone });
    return { ...habit, today, standing };
  });
};

/** Throws CairnError `notFound`, also where the coachee does not keep it. */
export const getStanding = async (
  em: EntityManager,
  coacheeId: CoacheeId,
  habitId: HabitId,
  nowMs: number,
): Promise<StandingHabit> => {
  const { coachee, ...found } = await findKept(em, coacheeId, habitId);
  return { ...found, ...(await standingNow(em, coachee, found, nowMs)) };
};

/**
 * Gives the coachee a habit; call inside a transaction. One that they keep stays as it is; one that has ended begins anew, and the days of its earlier time
 * stay what they were. Throws CairnError `notFound`; `conflict` where the habit was put away; `invalid` for a start that lies further back than days may be
 * filled in.
 */
export const keepHabit = async (
  em: EntityManager,
  coacheeId: CoacheeId,
  { habitId, ...request }: KeepHabitRequest,
  nowMs: number,
): Promise<{ kept: StandingHabit; isNew: boolean }> => {
  const coachee = await getCoachee(em, coacheeId);
  const habit = await getHabit(em, habitId);
  if (habit.archivedAt) throw conflict('This habit was put away.', { habitId });
  await holdStanding(em, coachee);
  const today = habitToday(coachee.timeZone, { habit }, nowMs);
  const known = await em.findOne(CoacheeHabit, { coacheeId, habitId }, { refresh: true });
  if (known && !isOver(known, today)) return { kept: await getStanding(em, coacheeId, habitId, nowMs), isNew: false };
  const earliest = earliestStart(known, addDays(today, -habit.rules.backfillDays));
  const dates = {
    startDate: request.startDate ?? today,
    endDate: request.endDate ?? null,
    closedTo: null,
    enrollmentId: null,
  };
  if (dates.startDate < earliest) throw wrong('startDate', `The earliest day that it can begin on is ${earliest}.`);
  refuseEndBeforeStart(dates);
  const kept = known
    ? Object.assign(known, dates)
    : em.create(CoacheeHabit, {
        ...{ id: newId<CoacheeHabitId>(), creatorId: coachee.creatorId, coacheeId, habitId, ...dates },
        ...{
          streak: 0,
          longestStreak: 0,
          strength: 0,
          freezesLeft: habit.rules.freezesPerMonth,
          createdAt: new Date(),
        },
      });
  await em.flush();
  const { standing } = await recount(em, coachee, { kept, habit }, nowMs);
  return { kept: { kept, habit, today, standing }, isNew: true };
};

/** Not within the time that it was kept before. */
const earliestStart = (known: CoacheeHabit | null, earliest: string): string => {
  const after = typeof known?.endDate === 'string' ? addDays(known.endDate, 1) : earliest;
  return after > earliest ? after : earliest;
};

/** Call inside a transaction. Throws CairnError `notFound`; `conflict` where the start is to move although it has come; `invalid` for dates that do not fit. */
export const changeKeptHabit = async (
  em: EntityManager,
  coacheeId: CoacheeId,
  habitId: HabitId,
  change: ChangeKeptHabitRequest,
  nowMs: number,
): Promise<StandingHabit> => {
  const { coachee, ...held } = await holdKept(em, coacheeId, habitId);
  const { kept } = held;
  const today = habitToday(coachee.timeZone, held, nowMs);
  const { startDate = kept.startDate, endDate = kept.endDate ?? null } = change;
  if (startDate !== kept.startDate) {
    if (kept.startDate <= today) throw conflict('This habit has begun.', { startDate: kept.startDate });
    if (startDate < today) throw wrong('startDate', 'It is past.');
  }
  refuseEndBeforeStart({ startDate, endDate });
  Object.assign(kept, { startDate, endDate });
  await em.flush();
  const { standing } = await recount(em, coachee, held, nowMs);
  return { ...held, today, standing };
};

/** Today is the last day of it; one that never began is taken away. Call inside a transaction. Throws CairnError `notFound`. */
export const endKeptHabit = async (
  em: EntityManager,
  coacheeId: CoacheeId,
  habitId: HabitId,
  nowMs: number,
): Promise<void> => {
  const { coachee, ...held } = await holdKept(em, coacheeId, habitId);
  const { kept } = held;
  const today = habitToday(coachee.timeZone, held, nowMs);
  if (kept.startDate > today) {
    em.remove(kept);
    await em.flush();
    return;
  }
  if (isOver(kept, today)) return;
  kept.endDate = today;
  await em.flush();
  await recount(em, coachee, held, nowMs);
};

interface FoundHabit extends KeptHabit {
  coachee: Coachee;
}

const findKept = async (em: EntityManager, coacheeId: CoacheeId, habitId: HabitId): Promise<FoundHabit> => {
  const coachee = await getCoachee(em, coacheeId);
  const found = (await keptHabits(em, coacheeId)).find(({ habit }) => habit.id === habitId);
  if (!found) throw notFound('habit');
  return { ...found, coachee };
};

const holdKept = async (em: EntityManager, coacheeId: CoacheeId, habitId: HabitId): Promise<FoundHabit> => {
  const found = await findKept(em, coacheeId, habitId);
  await holdStanding(em, found.coachee, [found]);
  return found;
};

const wrong = (path: string, message: string) => invalid('Some fields do not fit.', [{ path, message }]);

const refuseEndBeforeStart = ({ startDate, endDate }: { startDate: string; endDate: string | null }): void => {
  if (endDate !== null && endDate < startDate) throw wrong('endDate', `It begins on ${startDate}.`);
};
