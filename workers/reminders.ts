/** The worker of the `reminders` queue: every coachee's reminders. Their messages go by the queues of the channels. */
import { Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { createReminderActivities } from '../activities/reminders/activities.ts';
import { dataConverter } from '../temporal/client.ts';
import { REMINDERS_QUEUE } from '../temporal/queues.ts';
import type { WorkerDeps } from './deps.ts';

/**
 * How long a wake waits for the worker that knows the run before any other may replay it. Longer than for journeys: nobody waits in front of a screen, and where
 * thousands wake at once a wait that runs out puts the wake behind all that waits already, and has it replayed besides: with 2 seconds a herd that was too much
 * for its worker came minutes late instead of seconds (docs/bench.md).
 */
const STICKY_WAIT = '10 seconds';

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
