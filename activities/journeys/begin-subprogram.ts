/** Enrolls a coachee in a program that is part of another. */
import type { CoacheeId, CreatorId, EnrollmentId } from '../../shared/contracts/ids.ts';
import { Enrollment } from '../../shared/db/entities/journeys.ts';
import { forCreator, type Orm } from '../../shared/db/orm.ts';
import type { JourneyRef } from '../../shared/domain/journeys/enrollments.ts';
import type { SubprogramCall } from '../../shared/domain/journeys/run.ts';
import { CairnError } from '../../shared/errors.ts';
import { enroll } from '../../shared/services/journeys.ts';
import { publishedBySlug } from '../../shared/services/programs.ts';

export interface SubprogramDeps {
  orm: Orm;
  /** Starts the run of a committed enrollment; safe to repeat. */
  startRun: (ref: JourneyRef) => Promise<void>;
}

/** `enrollmentId`: of the journey that the program becomes a part of. */
export type BeginSubprogramInput = SubprogramCall & JourneyRef;

/** Begins the program once, however often it is asked to; says why where that cannot be. */
export const createBeginSubprogram =
  ({ orm, startRun }: SubprogramDeps) =>
  async ({
    creatorId,
    enrollmentId,
    key,
    program,
  }: BeginSubprogramInput): Promise<{ ok: boolean; reason?: string }> => {
    const em = forCreator(orm, creatorId as CreatorId);
    try {
      const child = await em.transactional(async (tx) => {
        const begun = await tx.findOne(Enrollment, { parentKey: key });
        if (begun) return begun;
        const parent = await tx.findOneOrFail(Enrollment, { id: enrollmentId as EnrollmentId });
        const programId = await publishedBySlug(tx, program);
        if (!programId) throw new CairnError('notFound', `No program with the slug "${program}" is published.`);
        const test = parent.testMsPerDay == null ? null : { msPerDay: parent.testMsPerDay };
        return enroll(tx, { programId, coacheeId: parent.coacheeId as CoacheeId, test, parentKey: key });
      });
      await startRun({ creatorId, enrollmentId: child.id });
      return { ok: true };
    } catch (error) {
      if (error instanceof CairnError && error.type !== 'unavailable') return { ok: false, reason: error.message };
      throw error;
    }
  };
