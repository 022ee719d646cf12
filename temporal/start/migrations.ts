/** Starts migrations and speaks to them. Everything here is safe to repeat. */
import {
  type Client,
  ServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { CairnError, conflict } from '../../shared/errors.ts';
import type { MigrationArgs } from '../../workflows/migrations/messages.ts';
import { migrationRunId } from '../ids.ts';
import { fairShare, JOURNEYS_QUEUE } from '../queues.ts';

export interface MigrationStart {
  creatorId: string;
  migrationId: string;
}

/** Starts the run of a committed migration, or does nothing where it was started before. Throws ServiceError: the reconcile starts it later. */
export const startMigration = async (client: Client, { creatorId, migrationId }: MigrationStart): Promise<void> => {
  const args: MigrationArgs = { v: 1, creatorId, migrationId };
  try {
    await client.workflow.start('migration', {
      workflowId: migrationRunId(migrationId),
      taskQueue: JOURNEYS_QUEUE,
      priority: fairShare(creatorId),
      args: [args],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowIdConflictPolicy: 'USE_EXISTING',
      staticSummary: 'Migration of running journeys',
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
};

export type MigrationOrder = 'proceed' | 'pause' | 'resume' | 'stop' | 'undo';

const SERVER_WITHIN_MS = 3_000;

/** Gives the run an order. Throws CairnError `conflict` when it is over, `unavailable` when the server is away. */
export const orderMigration = async (client: Client, migrationId: string, order: MigrationOrder): Promise<void> => {
  const handle = client.workflow.getHandle(migrationRunId(migrationId));
  try {
    await client.withDeadline(Date.now() + SERVER_WITHIN_MS, () => handle.signal(order));
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw conflict('This migration is over.');
    if (!(error instanceof ServiceError)) throw error;
    throw new CairnError('unavailable', 'The migration cannot be reached right now. Please try again.');
  }
};
