/** Where a journey's decisions meet the ways into programs: a cohort's day, and the programs that follow upon a tag or an end. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { Cohort } from '../db/entities/cohorts.ts';
import type { Coachee, Enrollment } from '../db/entities/journeys.ts';
import type { EnrollmentTrigger, ProgramDefinition } from '../domain/journeys/definition.ts';
import type { JourneyRef } from '../domain/journeys/enrollments.ts';
import type { JourneyEvent } from '../domain/journeys/messages.ts';
import type { DecideInput } from '../domain/journeys/run.ts';
import { startRule } from './cohorts.ts';
import { enrollOn } from './triggers.ts';

interface Deciding {
  enrollment: Enrollment;
  coachee: Coachee;
}

/**
 * The event to decide: the start of a journey whose fixed cohort begins later names that day, and so does a change while it waits for that day, for
 * the day may have moved; every other event is itself.
 */
export const startOfCohort = async (
  em: EntityManager,
  { event, run, nowMs }: Pick<DecideInput, 'event' | 'run' | 'nowMs'>,
  { enrollment, coachee }: Deciding,
): Promise<JourneyEvent> => {
  const pending = run?.state.pending;
  const waits = event.type === 'changed' && pending?.kind === 'time' && pending.opens;
  if ((event.type !== 'start' && !waits) || enrollment.cohortId == null) return event;
  const cohort = await em.findOneOrFail(Cohort, { id: enrollment.cohortId });
  const notBefore = startRule(cohort, coachee.timeZone, nowMs);
  return notBefore ? { type: 'start', notBefore } : { type: 'start' };
};

export interface DecisionMade extends Deciding {
  definition: ProgramDefinition;
  /** As it was when the decision began. */
  before: Pick<Coachee, 'tags'> & Pick<Enrollment, 'endedAt'>;
}

/**
 * Enrolls the coachee in what follows upon a decision that is written: the tags it has put on them, the end it has brought. What a test leads to is a
 * test. Gives the enrollments whose runs are to be started once this has committed.
 */
export const enrollAfterDecision = async (
  em: EntityManager,
  { enrollment, coachee, definition, before }: DecisionMade,
): Promise<JourneyRef[]> => {
  const { creatorId, programId, coacheeId, testMsPerDay } = enrollment;
  const triggers: EnrollmentTrigger[] = coachee.tags
    .filter((tag) => !before.tags.includes(tag))
    .map((tag) => ({ tag }));
  const hasFinished = enrollment.status === 'finished' && before.endedAt == null;
  if (hasFinished && definition.slug) triggers.push({ finished: definition.slug });
  const test = testMsPerDay == null ? null : { msPerDay: testMsPerDay };
  const { enrolled } = await enrollOn(em, triggers, { coacheeId, test, except: programId });
  return enrolled.filter(({ status }) => status === 'active').map(({ id }) => ({ creatorId, enrollmentId: id }));
};
