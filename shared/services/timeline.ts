/** What a creator reads of journeys: their timeline, and how many stand where. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Page, PageQuery } from '../contracts/http.ts';
import type { CohortId, EnrollmentId, ProgramId } from '../contracts/ids.ts';
import { TimelineEntry } from '../db/entities/journeys.ts';
import type { EnrollmentStatus } from '../domain/journeys/enrollments.ts';
import { getEnrollment } from './journeys.ts';
import { idAfter, toPage } from './paging.ts';
import { getProgram } from './programs.ts';

/** A page of a journey's decisions, the oldest first. Throws CairnError `notFound`. */
export const timelineOf = async (
  em: EntityManager,
  enrollmentId: EnrollmentId,
  { limit, cursor }: PageQuery,
): Promise<Page<TimelineEntry>> => {
  await getEnrollment(em, enrollmentId);
  const after = idAfter<string>(cursor);
  const entries = await em.find(
    TimelineEntry,
    { enrollmentId, ...(after !== null && { id: { $gt: after } }) },
    { orderBy: { id: 'asc' }, limit: limit + 1 },
  );
  return toPage(entries, limit, ({ id }) => [id]);
};

export interface EnrollmentFigures {
  total: number;
  byStatus: Record<EnrollmentStatus, number>;
}

/** How many of a program's enrollments stand where; tests are not counted. Throws CairnError `notFound`. */
export const figuresOfProgram = async (em: EntityManager, programId: ProgramId): Promise<EnrollmentFigures> => {
  await getProgram(em, programId);
  return countByStatus(em, 'program_id', programId);
};

/** How many of a cohort's enrollments stand where; tests are not counted. */
export const figuresOfCohort = (em: EntityManager, cohortId: CohortId): Promise<EnrollmentFigures> =>
  countByStatus(em, 'cohort_id', cohortId);

const countByStatus = async (em: EntityManager, column: 'program_id' | 'cohort_id', id: string) => {
  const rows = await em.execute<{ status: EnrollmentStatus; count: number }[]>(
    `select status, count(*)::int as count from enrollments where ${column} = ? and not is_test group by status`,
    [id],
  );
  const none = { invited: 0, active: 0, paused: 0, parked: 0, finished: 0, exited: 0 };
  const byStatus = { ...none, ...Object.fromEntries(rows.map(({ status, count }) => [status, count])) };
  return { total: rows.reduce((sum, { count }) => sum + count, 0), byStatus };
};
