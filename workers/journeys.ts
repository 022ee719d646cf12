/** The worker of the `journeys` queue: journeys, and the reconcile that looks after them. */
import { Worker, type WorkflowBundle } from '@temporalio/worker';
import { createJourneyActivities } from '../activities/journeys/activities.ts';
import type { SendPoint } from '../activities/journeys/send-message.ts';
import { createReconcileActivities } from '../activities/reconcile/activities.ts';
import { dataConverter } from '../temporal/client.ts';
import { JOURNEYS_QUEUE } from '../temporal/queues.ts';
import type { WorkerDeps } from './deps.ts';

export interface JourneysWorkerOptions {
  workflowBundle: WorkflowBundle;
  /** Called at each named point of a send; fault tests end the process there. */
  reached?: (point: SendPoint) => Promise<void>;
}

export const createJourneysWorker = (
  deps: WorkerDeps,
  { workflowBundle, reached }: JourneysWorkerOptions,
): Promise<Worker> =>
  Worker.create({
    connection: deps.connection,
    namespace: deps.config.TEMPORAL_NAMESPACE,
    taskQueue: JOURNEYS_QUEUE,
    workflowBundle,
    dataConverter: dataConverter(deps.config),
    activities: {
      ...createJourneyActivities({ ...deps, ...(reached ? { reached } : {}) }),
      ...createReconcileActivities({ ...deps, burstMs: deps.config.CONVERSATION_BURST_MS }),
    },
    maxConcurrentActivityTaskExecutions: 100,
    // Bounded by the database pool: a decision holds a connection for a few milliseconds.
    maxConcurrentLocalActivityExecutions: 2 * deps.config.DATABASE_POOL_SIZE,
    shutdownGraceTime: '10 seconds',
  });
