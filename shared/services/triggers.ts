/** What enrolls a coachee by itself: an event, a tag, the end of another program. Rows only; their runs are started after the commit. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { CoacheeId, CohortId, ProgramId } from '../contracts/ids.ts';
import { Cohort } from '../db/entities/cohorts.ts';
import { type Coachee, Enrollment } from '../db/entities/journeys.ts';
import type { EnrollmentTrigger } from '../domain/journeys/definition.ts';
import { CairnError } from '../errors.ts';
import { enroll } from './journeys.ts';

export interface NotEnrolled {
  programId: ProgramId;
  /** In plain language. */
  reason: string;
  /** Facts that belong to it: `enrollmentId`, `possibleFrom`, `cohortRefusal`. */
  detail: Record<string, unknown>;
}

export interface Triggered {
  enrolled: Enrollment[];
  refused: NotEnrolled[];
}

export interface Newcomer {
  coacheeId: CoacheeId;
  test: { msPerDay: number } | null;
  /** Those who come into its program are put in it. */
  cohortId?: CohortId | null | undefined;
  /** A program that does not enroll this time: no program follows upon itself. */
  except?: ProgramId;
}

/**
 * Enrolls a coachee in every program whose newest version names one of `triggers`; call inside a transaction. The active ones' runs are to be started
 * once it has committed. A program that does not let them in is among the refused.
 */
export const enrollOn = async (
  em: EntityManager,
  triggers: EnrollmentTrigger[],
  { coacheeId, test, cohortId, except }: Newcomer,
): Promise<Triggered> => {
  const done: Triggered = { enrolled: [], refused: [] };
  if (triggers.length === 0) return done;
  const cohort = cohortId ? await em.findOne(Cohort, { id: cohortId }) : null;
  const programIds = (await programsOn(em, triggers)).filter((programId) => programId !== except);
  if (programIds.length > 0 && (await goesRound(em, coacheeId))) {
    return { enrolled: [], refused: programIds.map((programId) => ({ programId, reason: ROUND, detail: {} })) };
  }
  for (const programId of programIds) {
    const into = cohort?.programId === programId ? cohort.id : null;
    try {
      done.enrolled.push(await enroll(em, { programId, coacheeId, test, cohortId: into }));
    } catch (error) {
      if (!(error instanceof CairnError && error.type === 'conflict')) throw error;
      done.refused.push({ programId, reason: error.message, detail: error.detail });
    }
  }
  return done;
};

/** Nobody wants to be taken into so many programs within an hour; programs that lead to each other in a circle would do it for ever. */
const ENROLLMENTS_AN_HOUR = 20;
const HOUR_MS = 3_600_000;
const ROUND = `This coachee was enrolled ${ENROLLMENTS_AN_HOUR} times within an hour: programs seem to lead to each other in a circle.`;

const goesRound = async (em: EntityManager, coacheeId: CoacheeId): Promise<boolean> => {
  const createdAt = { $gt: new Date(Date.now() - HOUR_MS) };
  return (await em.count(Enrollment, { coacheeId, createdAt })) >= ENROLLMENTS_AN_HOUR;
};

/** Programs whose newest version is entered on one of `triggers`, in the order in which they were made. */
const programsOn = async (em: EntityManager, triggers: EnrollmentTrigger[]): Promise<ProgramId[]> => {
  const named = triggers.map(() => `v.enrollment -> 'on' @> ?::jsonb`).join(' or ');
  const rows = await em.execute<{ id: ProgramId }[]>(
    `select p.id from program_versions v join programs p on p.id = v.program_id and p.published_version = v.version
     where v.enrollment -> 'on' is not null and (${named}) order by p.id`,
    triggers.map((trigger) => JSON.stringify([trigger])),
  );
  return rows.map(({ id }) => id);
};

/** As `enrollOn`, for the tags that a coachee has and had not `before`. */
export const enrollOnTags = async (em: EntityManager, coachee: Coachee, before: string[]): Promise<Triggered> => {
  const added = coachee.tags.filter((tag) => !before.includes(tag)).map((tag) => ({ tag }));
  if (added.length === 0) return { enrolled: [], refused: [] };
  return enrollOn(em, added, { coacheeId: coachee.id, test: await paceOf(em, coachee) });
};

const REAL_DAY_MS = 86_400_000;

/** Coachees made for a test live tests only, at the pace of their latest one. */
export const paceOf = async (em: EntityManager, { id, isTest }: Coachee): Promise<{ msPerDay: number } | null> => {
  if (!isTest) return null;
  const latest = await em.findOne(Enrollment, { coacheeId: id, isTest: true }, { orderBy: { id: 'desc' } });
  return { msPerDay: latest?.testMsPerDay ?? REAL_DAY_MS };
};
