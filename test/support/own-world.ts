/**
 * A world that no other test reaches into: a database, a Redis database, a Temporal namespace and a Telegram of its own, on the test stack's
 * servers. Whatever looks for work over all creators (the reconcile, the polling of bots) meets nobody else's here.
 */
import type { Client } from '@temporalio/client';
import { Redis } from 'ioredis';
import type { Config } from '../../shared/config.ts';
import { createOrm, type Orm } from '../../shared/db/orm.ts';
import { freePort } from '../../stack/ports.ts';
import { connectTemporal } from '../../temporal/client.ts';
import { testConfig } from './environment.ts';
import { createDatabase } from './own-database.ts';
import { FAST_RATES, startTelegramProcess } from './telegram-process.ts';
import { createNamespace } from './temporal-namespace.ts';

/** Worlds that may be open at the same time, each with a database of the test stack's Redis that nothing else uses. */
const REDIS_DATABASES = { e2e: 8, faults: 9, imports: 10, migrations: 11 } as const;

export interface OwnWorld {
  config: Config;
  /** What a process of this world is started with. */
  environment: Record<string, string>;
  orm: Orm;
  client: Client;
  close: () => Promise<void>;
}

/** Opens it; about five seconds. */
export const openOwnWorld = async (what: keyof typeof REDIS_DATABASES): Promise<OwnWorld> => {
  const name = `${what}_${Date.now().toString(36)}`;
  const database = await createDatabase(name);
  const telegram = await startTelegramProcess(FAST_RATES);
  const given = testConfig();
  const overrides = {
    DATABASE_URL: database.appUrl,
    REDIS_URL: await emptyRedis(REDIS_DATABASES[what]),
    TEMPORAL_NAMESPACE: name,
    TELEGRAM_API_ROOT: telegram.url,
    WORKER_HEALTH_PORT: String(await freePort()),
    LOG_LEVEL: 'error',
    CAIRN_JWT_SECRET: given.CAIRN_JWT_SECRET,
    CAIRN_COOKIE_SECRET: given.CAIRN_COOKIE_SECRET,
    CAIRN_ENCRYPTION_KEYS: given.CAIRN_ENCRYPTION_KEYS,
    TEMPORAL_ADDRESS: given.TEMPORAL_ADDRESS,
  };
  const config = testConfig(overrides);
  const client = await connectTemporal(config);
  await createNamespace(client, name);
  const orm = createOrm({ databaseUrl: config.DATABASE_URL });
  return {
    config,
    environment: { ...(process.env as Record<string, string>), NODE_ENV: 'test', ...overrides },
    orm,
    client,
    close: async () => {
      await telegram.stop();
      await client.connection.close();
      await orm.close(true);
      await database.drop();
    },
  };
};

const emptyRedis = async (index: number): Promise<string> => {
  const url = Object.assign(new URL(testConfig().REDIS_URL), { pathname: `/${index}` }).href;
  const redis = new Redis(url);
  await redis.flushdb();
  redis.disconnect();
  return url;
};
