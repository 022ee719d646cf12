/** Cohorts of a program, and the places in them. */
import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { resolveWait } from '../calendar/local-time.ts';
import type { ChangeCohortRequest, CreateCohortRequest } from '../contracts/cohorts.ts';
import type { Page, PageQuery } from '../contracts/http.ts';
import {
  type CohortId,
  type CreatorId,
  type EnrollmentId,
  newId,
  type ProgramId,
  type UserId,
} from '../contracts/ids.ts';
import { Member } from '../db/entities/accounts.ts';
import { Cohort } from '../db/entities/cohorts.ts';
import { Enrollment } from '../db/entities/journeys.ts';
import { atLeast } from '../domain/accounts/roles.ts';
import { type CohortDoor, type CohortRefusal, isAheadEverywhere, refusalOf } from '../domain/journeys/cohorts.ts';
import type { WaitRule } from '../domain/journeys/messages.ts';
import { conflict, invalid, notFound } from '../errors.ts';
import { noteChangeOfCohort } from './changes.ts';
import { idAfter, toPage } from './paging.ts';
import { getProgram } from './programs.ts';

/** Makes a cohort. Throws CairnError `notFound`, and `invalid` where the coach is no coach of the creator or the start is past. */
export const createCohort = async (
  em: EntityManager,
  creatorId: CreatorId,
  programId: ProgramId,
  { startsOn, startsAt, ...given }: CreateCohortRequest,
): Promise<Cohort> => {
  await getProgram(em, programId);
  if (given.coachUserId) await refuseNoCoach(em, given.coachUserId);
  const cohort = em.create(Cohort, {
    ...{ id: newId<CohortId>(), creatorId, programId, ...given, createdAt: new Date() },
    ...(startsOn !== undefined && { startsOn }),
    ...(startsAt !== undefined && { startsAt }),
  });
  if (startsOn !== undefined) refusePast(cohort);
  await em.flush();
  return cohort;
};

/** A page of a program's cohorts, the newest first. Throws CairnError `notFound`. */
export const listCohorts = async (
  em: EntityManager,
  programId: ProgramId,
  { limit, cursor }: PageQuery,
): Promise<Page<Cohort>> => {
  await getProgram(em, programId);
  const before = idAfter<CohortId>(cursor);
  const where = { programId, ...(before && { id: { $lt: before } }) };
  const cohorts = await em.find(Cohort, where, { orderBy: { id: 'desc' }, limit: limit + 1 });
  return toPage(cohorts, limit, ({ id }) => [id]);
};

/** A cohort, of `programId` where one is given. Throws CairnError `notFound`. */
export const getCohort = async (em: EntityManager, id: CohortId, programId?: ProgramId): Promise<Cohort> => {
  const cohort = await em.findOne(Cohort, { id, ...(programId && { programId }) });
  if (!cohort) throw notFound('cohort');
  return cohort;
};

/**
 * Changes what is given.
 * Gives it with the enrollments whose journeys wait for its start, where that has moved: they are to be told once it is committed.
 * @throws CairnError `notFound`; `invalid` as `createCohort`; `conflict` when the start is to move although it has come.
 */
export const changeCohort = async (
  em: EntityManager,
  id: CohortId,
  change: ChangeCohortRequest,
): Promise<{ cohort: Cohort; concerned: EnrollmentId[] }> => {
  const cohort = await em.findOne(Cohort, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (!cohort) throw notFound('cohort');
  const { closed, startsOn, startsAt, ...given } = change;
  if (given.coachUserId) await refuseNoCoach(em, given.coachUserId);
  const moves = startsOn !== undefined || startsAt !== undefined;
  if (moves) moveStart(cohort, { startsOn, startsAt });
  if (closed !== undefined) cohort.closedAt = closed ? (cohort.closedAt ?? new Date()) : null;
  Object.assign(cohort, given);
  await em.flush();
  return { cohort, concerned: moves ? await noteChangeOfCohort(em, id) : [] };
};

const moveStart = (cohort: Cohort, to: { startsOn: string | undefined; startsAt: string | undefined }): void => {
  const { kind, startsOn, startsAt } = cohort;
  if (kind !== 'fixed' || startsOn == null) throw conflict('A rolling cohort has no start to move.');
  if (!isAheadEverywhere(startsOn, startsAt, Date.now())) throw conflict('This cohort has started.');
  Object.assign(cohort, { startsOn: to.startsOn ?? startsOn, startsAt: to.startsAt ?? startsAt });
  refusePast(cohort);
};

const refusePast = ({ startsOn, startsAt }: Cohort): void => {
  if (startsOn != null && isAheadEverywhere(startsOn, startsAt, Date.now())) return;
  throw invalid('Some fields do not fit.', [{ path: 'startsOn', message: 'not in the future everywhere on earth' }]);
};

const refuseNoCoach = async (em: EntityManager, userId: UserId): Promise<void> => {
  const member = await em.findOne(Member, { userId });
  if (member && atLeast(member.role, 'coach')) return;
  throw invalid('Some fields do not fit.', [
    { path: 'coachUserId', message: 'not a member with the role coach or more' },
  ]);
};

export interface PlaceWanted {
  cohortId: CohortId;
  programId: ProgramId;
  /** The coachee's. */
  timeZone: string;
  isTest: boolean;
}

const REFUSALS: Record<CohortRefusal, (name: string) => string> = {
  full: (name) => `The cohort “${name}” is full.`,
  closed: (name) => `The cohort “${name}” is closed.`,
  started: (name) => `The cohort “${name}” has started.`,
};

/**
 * Holds the cohort until the transaction ends, so that of many at once only so many come in as there are places. A test takes none, and is let in
 * always. Throws CairnError `notFound` where the program has no such cohort, `conflict` (with `cohortRefusal`) where it takes nobody in.
 */
export const takePlace = async (em: EntityManager, { cohortId, programId, timeZone, isTest }: PlaceWanted) => {
  if (isTest) {
    await getCohort(em, cohortId, programId);
    return;
  }
  const where = { id: cohortId, programId };
  const cohort = await em.findOne(Cohort, where, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  if (!cohort) throw notFound('cohort');
  const refusal = refusalOf(await doorOf(em, cohort, timeZone));
  if (refusal) throw conflict(REFUSALS[refusal](cohort.name), { cohortRefusal: refusal, cohortId });
};

/** How a cohort stands to one more coachee in `timeZone`. */
export const doorOf = async (em: EntityManager, cohort: Cohort, timeZone: string): Promise<CohortDoor> => ({
  isClosed: cohort.closedAt != null,
  hasStarted: hasStarted(cohort, timeZone),
  late: cohort.late,
  cap: cohort.cap ?? null,
  taken: await placesTaken(em, cohort.id),
});

/** Whether a fixed cohort's start has come in `timeZone`. */
export const hasStarted = (cohort: Cohort, timeZone: string): boolean =>
  cohort.kind === 'fixed' && startRule(cohort, timeZone, Date.now()) === null;

/** Places are taken by all who did not leave before the end; tests take none. */
export const placesTaken = async (em: EntityManager, cohortId: CohortId): Promise<number> =>
  em.count(Enrollment, { cohortId, isTest: false, $or: [{ endedAt: null }, { status: 'finished' }] });

/** What the first step of a fixed cohort's journeys waits for; null where there is nothing to wait for (any more). */
export const startRule = (
  { startsOn, startsAt: time }: Cohort,
  timeZone: string,
  nowMs: number,
): Extract<WaitRule, { kind: 'date' }> | null => {
  if (startsOn == null) return null;
  const rule = { kind: 'date' as const, date: startsOn, time };
  return resolveWait(rule, { nowMs, timeZone }) > nowMs ? rule : null;
};
