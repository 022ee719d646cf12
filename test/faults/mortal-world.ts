/** A world in which everything may die but Telegram, Redis and the test itself. */
import { rm } from 'node:fs/promises';
import type { Client } from '@temporalio/client';
import { createOrm, type Orm } from '../../shared/db/orm.ts';
import { createVault, type Vault } from '../../shared/services/secrets.ts';
import { connectTemporal } from '../../temporal/client.ts';
import { testConfig } from '../support/environment.ts';
import { FAST_RATES, startTelegramProcess } from '../support/telegram-process.ts';
import { type OwnServers, startOwnServers } from './own-servers.ts';
import { startWorker, type WorkerOptions } from './worker-process.ts';
import { buildBundle } from './world.ts';

export interface MortalWorld {
  servers: OwnServers;
  worker: MortalWorker;
  orm: Orm;
  client: Client;
  vault: Vault;
  telegramUrl: string;
  close: () => Promise<void>;
}

/** Opens it with a worker that takes tasks; about fifteen seconds. */
export const openMortalWorld = async (): Promise<MortalWorld> => {
  const [servers, bundle] = await Promise.all([startOwnServers(), buildBundle()]);
  const telegram = await startTelegramProcess(FAST_RATES);
  const overrides = { ...servers.environment, TELEGRAM_API_ROOT: telegram.url, LOG_LEVEL: 'error' };
  const config = testConfig(overrides);
  const client = await connectTemporal(config);
  const orm = createOrm({ databaseUrl: config.DATABASE_URL });
  const environment = { ...process.env, ...overrides, ...bundle.environment };
  const worker = await keepWorker({ environment, bundlePath: bundle.path });
  return {
    ...{ servers, worker, client, orm, telegramUrl: telegram.url },
    vault: createVault(config.CAIRN_ENCRYPTION_KEYS),
    close: async () => {
      await worker.stop();
      await telegram.stop();
      await client.connection.close();
      await orm.close(true);
      await servers.stop();
      await rm(bundle.folder, { recursive: true });
    },
  };
};

interface MortalWorker {
  kill: () => Promise<void>;
  /** Starts the next one, as often as it takes: where the servers are away it cannot. */
  start: () => Promise<void>;
  stop: () => Promise<void>;
}

const keepWorker = async (options: WorkerOptions): Promise<MortalWorker> => {
  let current = await startWorker(options);
  return {
    kill: () => current.kill(),
    start: async () => {
      for (let tries = 1; ; tries += 1) {
        try {
          current = await startWorker(options);
          return;
        } catch (error) {
          if (tries === 10) throw error;
        }
      }
    },
    stop: () => current.stop(),
  };
};
