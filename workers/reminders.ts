/** The worker of the `reminders` queue: every coachee's reminders. Their messages go by the queues of the channels. */
import { Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { createReminderActivities } from '../activities/reminders/activities.ts';
import { dataConverter } from '../temporal/client.ts';
import { REMINDERS_QUEUE } from '../temporal/queues.ts';
import type { WorkerDeps } from './deps.ts';
import { STICKY_WAIT } from './options.ts';

export const createRemindersWorker = (deps: WorkerDeps, workflowBundle: WorkflowBundleOption): Promise<Worker> =>
  Worker.create({
    connection: deps.connection,
    namespace: deps.config.TEMPORAL_NAMESPACE,
    taskQueue: REMINDERS_QUEUE,
    workflowBundle,
    dataConverter: dataConverter(deps.config),
    activities: createReminderActivities(deps),
    // Bounded by the database pool: a look holds a connection for some milliseconds.
    maxConcurrentLocalActivityExecutions: 2 * deps.config.DATABASE_POOL_SIZE,
    stickyQueueScheduleToStartTimeout: STICKY_WAIT,
    shutdownGraceTime: '10 seconds',
  });
