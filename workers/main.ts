/** A worker process. Stops cleanly on SIGTERM and SIGINT. */
import { loadConfig } from '../shared/config.ts';
import { createWorkerDeps } from './deps.ts';
import { runWorkers } from './run.ts';

await runWorkers(await createWorkerDeps(loadConfig(process.env)));
