/** The I/O of imports: rows become enrollments, and enrollments runs. */
import { Context } from '@temporalio/activity';
import type { CreatorId, EnrollmentImportId } from '../../shared/contracts/ids.ts';
import { forCreator, type Orm } from '../../shared/db/orm.ts';
import type { ImportProgress } from '../../shared/domain/journeys/enrollment-imports.ts';
import type { JourneyRef } from '../../shared/domain/journeys/enrollments.ts';
import { enrollRow, settleImport, waitingLines } from '../../shared/services/enrollment-import-rows.ts';
import type { EnrollmentImportRef } from '../../temporal/start/enrollment-imports.ts';
import { translated } from '../errors.ts';

export interface EnrollmentImportDeps {
  orm: Orm;
  /** Starts the run of an enrollment that a row has made. */
  startRun: (ref: JourneyRef) => Promise<void>;
}

const BATCH = 100;

export const createEnrollmentImportActivities = ({ orm, startRun }: EnrollmentImportDeps) =>
  translated({
    /**
     * Enrolls the next hundred rows, each in a transaction of its own that also says so in the row: done again, it goes on where it was. A run that
     * could not be started fails the batch, which goes on with the next row; the reconcile starts that run.
     */
    enrollRows: async (ref: EnrollmentImportRef): Promise<ImportProgress> => {
      const creatorId = ref.creatorId as CreatorId;
      const importId = ref.importId as EnrollmentImportId;
      const em = () => forCreator(orm, creatorId);
      for (const line of await waitingLines(em(), importId, BATCH)) {
        for (const enrollmentId of await enrollRow(em(), { creatorId, importId, line })) {
          await startRun({ creatorId, enrollmentId });
        }
        Context.current().heartbeat();
      }
      return settleImport(em(), importId);
    },
  });

export type EnrollmentImportActivities = ReturnType<typeof createEnrollmentImportActivities>;
