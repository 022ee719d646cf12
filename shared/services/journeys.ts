/** Enrollments: rows first, runs after (design rule 5). */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Page } from '../contracts/http.ts';
import {
  type CoacheeId,
  type CohortId,
  type CreatorId,
  type EnrollmentId,
  newId,
  type ProgramId,
  type ProgramVersionId,
} from '../contracts/ids.ts';
import type { EnrollmentQuery } from '../contracts/journeys.ts';
import { Enrollment } from '../db/entities/journeys.ts';
import type { Reentry } from '../domain/journeys/definition.ts';
import { mayReenter } from '../domain/journeys/reentry.ts';
import { type CairnError, conflict, notFound } from '../errors.ts';
import { takePlace } from './cohorts.ts';
import { idAfter, toPage } from './paging.ts';

export interface EnrollInput {
  programId: ProgramId;
  coacheeId: CoacheeId;
  /** A test at this pace, in milliseconds per day; null lives at the real one. Re-entry and cohorts turn no test away. */
  test: { msPerDay: number } | null;
  /** The effect of the journey that the program becomes a part of: that journey says how often. */
  parentKey?: string;
  /** A cohort of the program to be put in. */
  cohortId?: CohortId | null | undefined;
}

/**
 * Enrolls a coachee in the newest version of a program: `active` where they can be reached on a channel, else `invited`. Call inside a
 * transaction; once it has committed, an active enrollment's run is to be started (`startOf`). The run's first decision confirms the start.
 * @throws CairnError `notFound`; `conflict` when the program is not published, the coachee lives in it already (with `enrollmentId`), may not live it
 * again yet (with `possibleFrom`), or the cohort takes nobody in (with `cohortRefusal`).
 */
export const enroll = async (em: EntityManager, input: EnrollInput): Promise<Enrollment> => {
  const { programId, coacheeId, test, cohortId = null, parentKey } = input;
  const { creatorId, published, reachable, timeZone, live, lastEndedMs } = await standingFor(em, programId, coacheeId);
  if (live) throw livesAlready(live);
  if (test === null && parentKey === undefined) refuseReentry(published.reentry, lastEndedMs);
  if (cohortId !== null) await takePlace(em, { cohortId, programId, timeZone, isTest: test !== null });
  const enrollment = {
    id: newId<EnrollmentId>(),
    creatorId,
    programId,
    programVersionId: published.id,
    programVersion: published.version,
    coacheeId,
    cohortId,
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
  published: { id: ProgramVersionId; version: number; reentry: Reentry };
  /** The coachee has an address that takes messages. */
  reachable: boolean;
  timeZone: string;
  /** The enrollment that they live in now. */
  live: EnrollmentId | null;
  /** When they last came to an end in the program itself, tests not counted, Unix milliseconds. */
  lastEndedMs: number | null;
}

interface StandingRow {
  creator_id: CreatorId;
  version_id: ProgramVersionId | null;
  version: number | null;
  reentry: Reentry | null;
  time_zone: string | null;
  reachable: boolean;
  live: EnrollmentId | null;
  last_ended_ms: number | null;
}

/**
 * Program, its newest version and the coachee, in one question: enrolling comes in crowds. The coachee's row is held before the enrollment is written,
 * as the journeys' decisions hold it, so that two enrollments of one coachee never wait for each other. An invitation that was withdrawn was never lived.
 */
const standingFor = async (em: EntityManager, programId: ProgramId, coacheeId: CoacheeId): Promise<Standing> => {
  const [row] = await em.execute<StandingRow[]>(
    `with person as (select id, time_zone from coachees where id = ? for key share),
       lived as (select id, ended_at, is_test, run_started_at, parent_key from enrollments where program_id = ? and coachee_id = ?)
     select p.creator_id, v.id as version_id, v.version, v.enrollment -> 'reentry' as reentry,
       (select time_zone from person),
       exists (select from identities where coachee_id = ? and blocked_at is null) as reachable,
       (select id from lived where ended_at is null) as live,
       (select extract(epoch from max(ended_at))::float8 * 1000 from lived
        where not is_test and parent_key is null and run_started_at is not null) as last_ended_ms
     from programs p left join program_versions v on v.program_id = p.id and v.version = p.published_version
     where p.id = ?`,
    [coacheeId, programId, coacheeId, coacheeId, programId],
  );
  if (!row) throw notFound('program');
  if (row.time_zone === null) throw notFound('coachee');
  if (row.version_id === null || row.version === null) throw conflict('This program is not published yet.');
  const published = { id: row.version_id, version: row.version, reentry: row.reentry ?? 'afterEnd' };
  const { creator_id: creatorId, reachable, time_zone: timeZone, live, last_ended_ms: lastEndedMs } = row;
  return { creatorId, published, reachable, timeZone, live, lastEndedMs };
};

const refuseReentry = (rule: Reentry, lastEndedMs: number | null): void => {
  const verdict = mayReenter(rule, lastEndedMs, Date.now());
  if (verdict.allowed) return;
  const possibleFrom = verdict.possibleFromMs === null ? null : new Date(verdict.possibleFromMs).toISOString();
  throw conflict(
    possibleFrom === null
      ? 'This program is lived once only, and this coachee has lived it.'
      : `This coachee may live this program again from ${possibleFrom}.`,
    { possibleFrom },
  );
};

const secondEnrollment = async (em: EntityManager, programId: ProgramId, coacheeId: CoacheeId): Promise<CairnError> => {
  const live = await em.findOne(Enrollment, { programId, coacheeId, endedAt: null });
  return livesAlready(live?.id);
};

const livesAlready = (enrollmentId: EnrollmentId | undefined): CairnError =>
  conflict('This coachee lives in this program already.', { enrollmentId });

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
  const { limit, cursor, programId, coacheeId, cohortId, status, includeTests } = query;
  const before = idAfter<EnrollmentId>(cursor);
  const enrollments = await em.find(
    Enrollment,
    {
      ...(before && { id: { $lt: before } }),
      ...(programId && { programId }),
      ...(coacheeId && { coacheeId }),
      ...(cohortId && { cohortId }),
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
