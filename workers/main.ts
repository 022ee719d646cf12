/** A worker process: every task queue, and the long polling of Telegram bots. Stops cleanly on SIGTERM and SIGINT. */
import { loadConfig } from '../shared/config.ts';
import { buildWorkflowBundle } from '../temporal/bundle.ts';
import { ensureSchedules } from '../temporal/schedules.ts';
import { createConversationsWorker } from './conversations.ts';
import { createWorkerDeps } from './deps.ts';
import { serveHealth } from './health.ts';
import { createJourneysWorker } from './journeys.ts';
import { startTelegramPolling } from './telegram-polling.ts';
import { temporalLogger } from './temporal-logger.ts';

const config = loadConfig(process.env);
const deps = await createWorkerDeps(config);
const workflowBundle = await buildWorkflowBundle(temporalLogger(deps.logger));
const workers = [
  await createJourneysWorker(deps, { workflowBundle }),
  await createConversationsWorker(deps, workflowBundle),
];
const health = await serveHealth(config, workers);
await ensureSchedules(deps.temporal);
const polling = startTelegramPolling(deps);
deps.logger.info({ queues: workers.map((worker) => worker.options.taskQueue) }, 'workers are taking tasks');

try {
  await Promise.all(workers.map((worker) => worker.run()));
} finally {
  await polling.stop();
  health.close();
  await deps.close();
}
