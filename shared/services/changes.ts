/**
 * Changes that journeys may wait for, noted with the change itself. What is given back is to be told to those journeys once it is committed; one that
 * nobody told is told by the reconcile, and each journey's next decision takes the note back.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { CoacheeId, CohortId, EnrollmentId } from '../contracts/ids.ts';

/** Something about a coachee. `except`: the journey that brought it about. */
export const noteChange = (
  em: EntityManager,
  coacheeId: CoacheeId,
  except: EnrollmentId | null = null,
): Promise<EnrollmentId[]> =>
  note(em, 'coachee_id = :coacheeId and id is distinct from :except::uuid', { coacheeId, except });

/** The start of a cohort. */
export const noteChangeOfCohort = (em: EntityManager, cohortId: CohortId): Promise<EnrollmentId[]> =>
  note(em, 'cohort_id = :cohortId', { cohortId });

const note = async (
  em: EntityManager,
  which: string,
  parameters: Record<string, string | null>,
): Promise<EnrollmentId[]> => {
  const rows = await em.execute<{ id: EnrollmentId }[]>(
    `update enrollments set nudged_at = now() where ${which} and ended_at is null and status <> 'invited' returning id`,
    parameters,
  );
  return rows.map(({ id }) => id);
};
