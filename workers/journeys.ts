/** The worker of the `journeys` queue: journeys, and the reconcile that looks after them. */
import { Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { createEnrollmentImportActivities } from '../activities/enrollment-imports/activities.ts';
import { createJourneyActivities } from '../activities/journeys/activities.ts';
import { createMigrationActivities } from '../activities/migrations/activities.ts';
import { createReconcileActivities } from '../activities/reconcile/activities.ts';
import { dataConverter } from '../temporal/client.ts';
import { JOURNEYS_QUEUE } from '../temporal/queues.ts';
import type { WorkerDeps } from './deps.ts';
import { STICKY_WAIT } from './options.ts';

export const createJourneysWorker = (deps: WorkerDeps, workflowBundle: WorkflowBundleOption): Promise<Worker> =>
  Worker.create({
    connection: deps.connection,
    namespace: deps.config.TEMPORAL_NAMESPACE,
    taskQueue: JOURNEYS_QUEUE,
    workflowBundle,
    dataConverter: dataConverter(deps.config),
    activities: {
      ...createJourneyActivities(deps),
      ...createEnrollmentImportActivities(deps),
      ...createMigrationActivities(deps),
      ...createReconcileActivities({ ...deps, burstMs: deps.config.CONVERSATION_BURST_MS }),
    },
    maxConcurrentActivityTaskExecutions: 100,
    // Bounded by the database pool: a decision holds a connection for a few milliseconds.
    maxConcurrentLocalActivityExecutions: 2 * deps.config.DATABASE_POOL_SIZE,
    stickyQueueScheduleToStartTimeout: STICKY_WAIT,
    shutdownGraceTime: '10 seconds',
  });
