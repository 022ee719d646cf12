/** Enrollments: rows first, runs after (design rule 5). */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Page } from '../contracts/http.ts';
import { type CoacheeId, type EnrollmentId, newId, type ProgramId } from '../contracts/ids.ts';
import type { EnrollmentQuery } from '../contracts/journeys.ts';
import { Identity } from '../db/entities/channels.ts';
import { Coachee, Enrollment } from '../db/entities/journeys.ts';
import { Program, ProgramVersion } from '../db/entities/programs.ts';
import { conflict, notFound } from '../errors.ts';
import { idAfter, toPage } from './paging.ts';

export interface EnrollInput {
  programId: ProgramId;
  coacheeId: CoacheeId;
  /** A test at this pace, in milliseconds per day; null lives at the real one. */
  test: { msPerDay: number } | null;
}

/**
 * Enrolls a coachee in the newest version of a program: `active` where they can be reached on a channel, else `invited`. Call inside a
 * transaction; once it has committed, an active enrollment's run is to be started (`startOf`) and confirmed (`markRunStarted`).
 * @throws CairnError `notFound`; `conflict` when the program is not published or the coachee lives in it already.
 */
export const enroll = async (em: EntityManager, { programId, coacheeId, test }: EnrollInput): Promise<Enrollment> => {
  const program = await em.findOne(Program, { id: programId });
  if (!program) throw notFound('program');
  const coachee = await em.findOne(Coachee, { id: coacheeId });
  if (!coachee) throw notFound('coachee');
  if (program.publishedVersion == null) throw conflict('This program is not published yet.');
  const version = await em.findOneOrFail(ProgramVersion, { programId, version: program.publishedVersion });
  await refuseSecond(em, programId, coacheeId);
  const reachable = (await em.count(Identity, { coacheeId, blockedAt: null })) > 0;
  const enrollment = em.create(Enrollment, {
    id: newId<EnrollmentId>(),
    creatorId: program.creatorId,
    programId,
    programVersionId: version.id,
    programVersion: version.version,
    coacheeId,
    status: reachable ? 'active' : 'invited',
    isTest: test !== null,
    testMsPerDay: test?.msPerDay ?? null,
    createdAt: new Date(),
  });
  await em.flush();
  return enrollment;
};

/** Takes a lock, so that of two at the same moment the second finds the first one's row. */
const refuseSecond = async (em: EntityManager, programId: ProgramId, coacheeId: CoacheeId): Promise<void> => {
  await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`enroll/${programId}/${coacheeId}`]);
  const live = await em.findOne(Enrollment, { programId, coacheeId, endedAt: null });
  if (live) throw conflict('This coachee lives in this program already.', { enrollmentId: live.id });
};

/** What a run is started with, as temporal/start/journeys.ts takes it. Throws NotFoundError when there is no such enrollment. */
export const startOf = async (em: EntityManager, id: EnrollmentId) => {
  const { creatorId, programId, programVersion, isTest } = await em.findOneOrFail(Enrollment, { id });
  return { creatorId, enrollmentId: id, programId, programVersion, isTest };
};

/** Notes that the run's start was confirmed: the reconcile need not look after it. */
export const markRunStarted = async (em: EntityManager, id: EnrollmentId): Promise<void> => {
  await em.nativeUpdate(Enrollment, { id, runStartedAt: null }, { runStartedAt: new Date() });
};

/** A page of enrollments, the newest first; tests only when asked for. */
export const listEnrollments = async (em: EntityManager, query: EnrollmentQuery): Promise<Page<Enrollment>> => {
  const { limit, cursor, programId, coacheeId, status, includeTests } = query;
  const before = idAfter<EnrollmentId>(cursor);
  const enrollments = await em.find(
    Enrollment,
    {
      ...(before && { id: { $lt: before } }),
      ...(programId && { programId }),
      ...(coacheeId && { coacheeId }),
      ...(status && { status }),
      ...(!includeTests && { isTest: false }),
    },
    { orderBy: { id: 'desc' }, limit: limit + 1 },
  );
  return toPage(enrollments, limit, ({ id }) => [id]);
};

/** Throws CairnError `notFound`. */
export const getEnrollment = async (em: EntityManager, id: EnrollmentId): Promise<Enrollment> => {
  const enrollment = await em.findOne(Enrollment, { id });
  if (!enrollment) throw notFound('enrollment');
  return enrollment;
};

/** Takes an invitation back: ends an enrollment that has no run. False when it is no invitation (any more). */
export const withdrawInvitation = async (
  em: EntityManager,
  id: EnrollmentId,
  reason: string | null,
): Promise<boolean> => {
  const withdrawn = await em.nativeUpdate(
    Enrollment,
    { id, status: 'invited', endedAt: null },
    { status: 'exited', outcome: reason ?? 'invitation withdrawn', endedAt: new Date() },
  );
  return withdrawn > 0;
};
