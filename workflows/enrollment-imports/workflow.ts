/** Brings a file's people into a program, a batch at a time, until no row waits or somebody has cancelled it. What was done stands in the rows. */
import { continueAsNew, proxyActivities, setCurrentDetails, setHandler, workflowInfo } from '@temporalio/workflow';
import type { EnrollmentImportActivities } from '../../activities/enrollment-imports/activities.ts';
import { type ImportProgress, noRows } from '../../shared/domain/journeys/enrollment-imports.ts';
import { enrollBatch } from '../activity-options.ts';
import { shouldStartAfresh } from '../renewal.ts';
import { type EnrollmentImportArgs, progressQuery } from './messages.ts';

const { enrollRows } = proxyActivities<EnrollmentImportActivities>(enrollBatch);

export async function enrollmentImport(args: EnrollmentImportArgs): Promise<ImportProgress> {
  let progress: ImportProgress = { status: 'waiting', counts: noRows };
  setHandler(progressQuery, () => progress);
  for (;;) {
    const { creatorId, importId } = args;
    const summary = 'Enroll the next rows';
    progress = await enrollRows.executeWithOptions({ ...enrollBatch, summary }, [{ creatorId, importId }]);
    setCurrentDetails(described(progress));
    if (progress.status === 'finished' || progress.status === 'cancelled') return progress;
    if (shouldStartAfresh(workflowInfo())) await continueAsNew<typeof enrollmentImport>(args);
  }
}

const described = ({ status, counts }: ImportProgress): string =>
  `Import ${status}: ${counts.started + counts.invited} enrolled, ${counts.waiting} waiting, ${counts.bad + counts.refused} not let in`;
