/** The worker of the `coach` queue: calls of the model, which are slow and few at a time, so that nothing else waits behind them. */
import { Worker } from '@temporalio/worker';
import { createCoachActivities } from '../activities/coach/activities.ts';
import { dataConverter } from '../temporal/client.ts';
import { COACH_QUEUE } from '../temporal/queues.ts';
import type { WorkerDeps } from './deps.ts';

/** Ollama answers one question at a time per model and queues the rest. */
const AT_ONCE = 4;

export const createCoachWorker = (deps: WorkerDeps): Promise<Worker> =>
  Worker.create({
    connection: deps.connection,
    namespace: deps.config.TEMPORAL_NAMESPACE,
    taskQueue: COACH_QUEUE,
    dataConverter: dataConverter(deps.config),
    activities: createCoachActivities(deps),
    maxConcurrentActivityTaskExecutions: AT_ONCE,
    shutdownGraceTime: '10 seconds',
  });
