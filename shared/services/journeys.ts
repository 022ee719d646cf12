/** Enrollments: rows first, runs after (design rule 5). */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Page } from '../contracts/http.ts';
import {
  type CoacheeId,
  type CreatorId,
  type EnrollmentId,
  newId,
  type ProgramId,
  type ProgramVersionId,
} from '../contracts/ids.ts';
import type { EnrollmentQuery } from '../contracts/journeys.ts';
import { Enrollment } from '../db/entities/journeys.ts';
import { type CairnError, conflict, notFound } from '../errors.ts';
import { idAfter, toPage } from './paging.ts';

export interface EnrollInput {
  programId: ProgramId;
  coacheeId: CoacheeId;
  /** A test at this pace, in milliseconds per day; null lives at the real one. */
  test: { msPerDay: number } | null;
  /** The effect of the journey that the program becomes a part of. */
  parentKey?: string;
}

/**
 * Enrolls a coachee in the newest version of a program: `active` where they can be reached on a channel, else `invited`. Call inside a
 * transaction; once it has committed, an active enrollment's run is to be started (`startOf`). The run's first decision confirms the start.
 * @throws CairnError `notFound`; `conflict` when the program is not published or the coachee lives in it already.
 */
export const enroll = async (
  em: EntityManager,
  { programId, coacheeId, test, parentKey }: EnrollInput,
): Promise<Enrollment> => {
  const { creatorId, published, reachable } = await standingFor(em, programId, coacheeId);
  const enrollment = {
    id: newId<EnrollmentId>(),
    creatorId,
    programId,
    programVersionId: published.id,
    programVersion: published.version,
    coacheeId,
    status: reachable ? ('active' as const) : ('invited' as const),
    isTest: test !== null,
    testMsPerDay: test?.msPerDay ?? null,
    ...(parentKey !== undefined && { parentKey }),
    createdAt: new Date(),
  };
  const { affectedRows } = await em
    .createQueryBuilder(Enrollment)
    .insert(enrollment)
    .onConflict()
    .ignore()
    .execute('run');
  // The index of live enrollments has turned it away: of two at the same moment the second waits for the first one's commit.
  if (affectedRows === 0) throw await secondEnrollment(em, programId, coacheeId);
  return em.merge(Enrollment, enrollment);
};

interface Standing {
  creatorId: CreatorId;
  published: { id: ProgramVersionId; version: number };
  /** The coachee has an address that takes messages. */
  reachable: boolean;
}

interface StandingRow {
  creator_id: CreatorId;
  version_id: ProgramVersionId | null;
  version: number | null;
  is_coachee: boolean;
  reachable: boolean;
}

/** Program, its newest version and the coachee, in one question: enrolling comes in crowds. */
const standingFor = async (em: EntityManager, programId: ProgramId, coacheeId: CoacheeId): Promise<Standing> => {
  const [row] = await em.execute<StandingRow[]>(
    `select p.creator_id, v.id as version_id, v.version,
       exists (select from coachees where id = ?) as is_coachee,
       exists (select from identities where coachee_id = ? and blocked_at is null) as reachable
     from programs p left join program_versions v on v.program_id = p.id and v.version = p.published_version
     where p.id = ?`,
    [coacheeId, coacheeId, programId],
  );
  if (!row) throw notFound('program');
  if (!row.is_coachee) throw notFound('coachee');
  if (row.version_id === null || row.version === null) throw conflict('This program is not published yet.');
  const published = { id: row.version_id, version: row.version };
  return { creatorId: row.creator_id, published, reachable: row.reachable };
};

const secondEnrollment = async (em: EntityManager, programId: ProgramId, coacheeId: CoacheeId): Promise<CairnError> => {
  const live = await em.findOne(Enrollment, { programId, coacheeId, endedAt: null });
  return conflict('This coachee lives in this program already.', { enrollmentId: live?.id });
};

/** What a run is started with, as temporal/start/journeys.ts takes it. */
export const toStart = ({ id, creatorId, programId, programVersion, isTest }: Enrollment) => ({
  ...{ creatorId, enrollmentId: id, programId, programVersion, isTest },
});

/** As `toStart`, of an enrollment's id. Throws NotFoundError when there is no such enrollment. */
export const startOf = async (em: EntityManager, id: EnrollmentId) =>
  toStart(await em.findOneOrFail(Enrollment, { id }));

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

/**
 * Notes that something has changed that a coachee's journeys may wait for; gives those that are to be told once it is committed. One that nobody told is told
 * by the reconcile; each journey's next decision takes the note back. `except`: the journey that brought it about.
 */
export const noteChange = async (
  em: EntityManager,
  coacheeId: CoacheeId,
  except?: EnrollmentId,
): Promise<EnrollmentId[]> => {
  const rows = await em.execute<{ id: EnrollmentId }[]>(
    `update enrollments set nudged_at = now()
     where coachee_id = :coacheeId and ended_at is null and status <> 'invited' and id is distinct from :except::uuid returning id`,
    { coacheeId, except: except ?? null },
  );
  return rows.map(({ id }) => id);
};
