/** The parts of a worker process on given dependencies: every task queue, the long polling of Telegram bots, the health port. */
import type { WorkflowBundleOption } from '@temporalio/worker';
import { buildWorkflowBundle } from '../temporal/bundle.ts';
import { ensureSchedules } from '../temporal/schedules.ts';
import { createCoachWorker } from './coach.ts';
import { createConversationsWorker } from './conversations.ts';
import type { WorkerDeps } from './deps.ts';
import { serveHealth } from './health.ts';
import { createJourneysWorker } from './journeys.ts';
import { createRemindersWorker } from './reminders.ts';
import { createSendWorkers } from './sends.ts';
import { type PollingPace, startTelegramPolling } from './telegram-polling.ts';
import { temporalLogger } from './temporal-logger.ts';

export interface RunOptions {
  /** A bundle that was built before; built here otherwise. */
  workflowBundle?: WorkflowBundleOption;
  pollingPace?: PollingPace;
}

/** Takes tasks until SIGTERM or SIGINT, finishes what is in hand and closes `deps`. */
export const runWorkers = async (deps: WorkerDeps, options: RunOptions = {}): Promise<void> => {
  const workflowBundle = options.workflowBundle ?? (await buildWorkflowBundle(temporalLogger(deps.logger)));
  const workers = [
    await createJourneysWorker(deps, workflowBundle),
    await createConversationsWorker(deps, workflowBundle),
    await createRemindersWorker(deps, workflowBundle),
    await createCoachWorker(deps),
    ...(await createSendWorkers(deps)),
  ];
  const health = await serveHealth(deps.config, workers);
  await ensureSchedules(deps.temporal);
  const polling = startTelegramPolling(deps, options.pollingPace);
  deps.logger.info({ queues: workers.map((worker) => worker.options.taskQueue) }, 'workers are taking tasks');

  try {
    await Promise.all(workers.map((worker) => worker.run()));
  } finally {
    await polling.stop();
    health.close();
    await deps.close();
  }
};
