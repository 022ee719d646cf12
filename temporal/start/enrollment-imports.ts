import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { EnrollmentImportArgs } from '../../workflows/enrollment-imports/messages.ts';
import { enrollmentImportWorkflowId } from '../ids.ts';
import { fairShare, JOURNEYS_QUEUE } from '../queues.ts';
import { searchAttributes } from '../search-attributes.ts';

export interface EnrollmentImportRef {
  creatorId: string;
  importId: string;
}

/**
 * Starts the run of a committed import, or does nothing where it was started before. Throws ServiceError when the server cannot be reached: the
 * reconcile starts it later.
 */
export const startEnrollmentImport = async (
  client: Client,
  { creatorId, importId }: EnrollmentImportRef,
): Promise<void> => {
  const args: EnrollmentImportArgs = { v: 1, creatorId, importId };
  try {
    await client.workflow.start('enrollmentImport', {
      workflowId: enrollmentImportWorkflowId(importId),
      taskQueue: JOURNEYS_QUEUE,
      priority: fairShare(creatorId),
      args: [args],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowIdConflictPolicy: 'USE_EXISTING',
      staticSummary: 'Enrollment import',
      typedSearchAttributes: [{ key: searchAttributes.creatorId, value: creatorId }],
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
};
