/** What a bench runs in: Cairn's processes and the no-op worker, started anew for each bench, and clients of them. */
import type { Client } from '@temporalio/client';
import { Pool } from 'undici';
import { loadConfig } from '../../shared/config.ts';
import { createOrm, type Orm } from '../../shared/db/orm.ts';
import { stopAll } from '../../stack/processes/supervise.ts';
import { type Environment, LOOPBACK } from '../../stack/server.ts';
import { connectTemporal } from '../../temporal/client.ts';
import { startTelegramProcess } from '../support/telegram-process.ts';
import { type NoopWorker, startNoopWorker } from './noop/process.ts';
import { startBenchApplication } from './stack.ts';

export interface World {
  environment: Environment;
  /** With Cairn's payload codec. */
  temporal: Client;
  orm: Orm;
  /** Kept-open connections to the API, as many as a bench asks at once. */
  api: Pool;
  noop: NoopWorker;
  /** Process id of the workers. */
  workersPid: number;
}

/** As many requests as are under way at once. */
export const AT_ONCE = 20;

/** Starts API, workers, an emulated Telegram and the no-op worker, gives them to `work`, and ends them. */
export const withWorld = async <T>(
  servers: Environment,
  signal: AbortSignal,
  work: (world: World) => Promise<T>,
): Promise<T> => {
  const telegram = await startTelegramProcess();
  const environment = { ...servers, TELEGRAM_API_ROOT: telegram.url };
  const running = await startBenchApplication(environment, signal);
  const config = loadConfig(environment);
  const orm = createOrm({ databaseUrl: config.DATABASE_URL, poolSize: 4 });
  const api = new Pool(`http://${LOOPBACK}:${config.PORT}`, { connections: AT_ONCE });
  const temporal = await connectTemporal(config);
  const noop = await startNoopWorker(environment);
  const workersPid = running.find(({ name }) => name === 'workers')?.pid() ?? 0;
  try {
    return await work({ environment, temporal, orm, api, noop, workersPid });
  } finally {
    await noop.stop();
    await temporal.connection.close();
    await api.close();
    await orm.close();
    await stopAll(running);
    await telegram.stop();
  }
};

/** Does `work` for 0 to `count` - 1, `AT_ONCE` at a time; gives the results in order. */
export const each = async <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> => {
  const results: T[] = [];
  let next = 0;
  const lane = async () => {
    while (next < count) {
      const index = next++;
      results[index] = await work(index);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return results;
};
