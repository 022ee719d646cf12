/** Days on which coachees are away. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { type CoacheeId, type EnrollmentId, newId, type VacationId } from '../contracts/ids.ts';
import { Vacation } from '../db/entities/habits.ts';
import type { Coachee } from '../db/entities/journeys.ts';
import { conflict, notFound } from '../errors.ts';
import { holdStanding, recount } from './check-ins.ts';
import { getCoachee } from './coachees.ts';
import { keptHabits } from './habit-standing.ts';

/** Of one coachee. */
const VACATIONS_MAX = 200;

/** The earliest first. Throws CairnError `notFound`. */
export const listVacations = async (em: EntityManager, coacheeId: CoacheeId): Promise<Vacation[]> => {
  await getCoachee(em, coacheeId);
  return em.find(Vacation, { coacheeId }, { orderBy: { fromDate: 'asc', id: 'asc' } });
};

/**
 * Adds one and counts the coachee's habits anew; days that are past are judged by it as well. Gives the journeys that are to be told. Call inside a
 * transaction. Throws CairnError `notFound`, and `conflict` where there are too many.
 */
export const addVacation = async (
  em: EntityManager,
  coacheeId: CoacheeId,
  { from, to }: { from: string; to: string },
  nowMs: number,
): Promise<{ vacation: Vacation; concerned: EnrollmentId[] }> => {
  const coachee = await getCoachee(em, coacheeId);
  if ((await em.count(Vacation, { coacheeId })) >= VACATIONS_MAX) {
    throw conflict(`A coachee has ${VACATIONS_MAX} vacations at most.`);
  }
  const vacation = em.create(Vacation, {
    ...{ id: newId<VacationId>(), creatorId: coachee.creatorId, coacheeId },
    ...{ fromDate: from, toDate: to, createdAt: new Date() },
  });
  await em.flush();
  return { vacation, concerned: await recountAll(em, coachee, nowMs) };
};

/** As `addVacation`. Throws CairnError `notFound`. */
export const removeVacation = async (
  em: EntityManager,
  coacheeId: CoacheeId,
  id: VacationId,
  nowMs: number,
): Promise<EnrollmentId[]> => {
  const coachee = await getCoachee(em, coacheeId);
  const removed = await em.nativeDelete(Vacation, { id, coacheeId });
  if (removed === 0) throw notFound('vacation');
  return recountAll(em, coachee, nowMs);
};

const recountAll = async (em: EntityManager, coachee: Coachee, nowMs: number): Promise<EnrollmentId[]> => {
  const habits = await keptHabits(em, coachee.id);
  await holdStanding(em, coachee, habits);
  const concerned = new Set<EnrollmentId>();
  for (const habit of habits) {
    const counted = await recount(em, coachee, habit, nowMs);
    for (const id of counted.concerned) concerned.add(id);
  }
  return [...concerned];
};
