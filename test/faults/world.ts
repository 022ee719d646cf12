/**
 * A world that no other test reaches into: a database, a Redis database, a Temporal namespace and a Telegram of its own, on the test stack's
 * servers. Whatever looks for work over all creators (the reconcile, the polling of bots) meets nobody else's here.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { Redis } from 'ioredis';
import type { Config } from '../../shared/config.ts';
import { migrate } from '../../shared/db/migrate.ts';
import { createOrm, type Orm } from '../../shared/db/orm.ts';
import { createVault, type Vault } from '../../shared/services/secrets.ts';
import { buildWorkflowBundle } from '../../temporal/bundle.ts';
import { connectTemporal } from '../../temporal/client.ts';
import { searchAttributes } from '../../temporal/search-attributes.ts';
import { testConfig } from '../support/environment.ts';

export interface FaultWorld {
  config: Config;
  /** What a worker process of this world is started with. */
  environment: Record<string, string | undefined>;
  bundlePath: string;
  orm: Orm;
  vault: Vault;
  client: Client;
  close: () => Promise<void>;
}

/** Opens it; about five seconds. */
export const openFaultWorld = async (): Promise<FaultWorld> => {
  const name = `faults_${Date.now().toString(36)}`;
  const database = await createDatabase(name);
  const redisUrl = await emptyRedis();
  const telegram = await startEmulator();
  const given = testConfig();
  const overrides = {
    DATABASE_URL: database.appUrl,
    REDIS_URL: redisUrl,
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
  const folder = await mkdtemp(join(tmpdir(), 'cairn-faults-'));
  const bundlePath = join(folder, 'workflows.js');
  await writeFile(bundlePath, (await buildWorkflowBundle()).code);
  return {
    config,
    // Compiled code is kept from worker to worker: a start takes half the time.
    environment: { ...process.env, NODE_ENV: 'test', NODE_COMPILE_CACHE: join(folder, 'compiled'), ...overrides },
    bundlePath,
    orm,
    vault: createVault(config.CAIRN_ENCRYPTION_KEYS),
    client,
    close: async () => {
      await telegram.stop();
      await client.connection.close();
      await orm.close(true);
      await database.drop();
      await rm(folder, { recursive: true });
    },
  };
};

const createDatabase = async (name: string) => {
  const { DATABASE_OWNER_URL = '', DATABASE_URL = '' } = process.env;
  const ofName = (url: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href;
  const asOwner = async (statement: string) => {
    const orm = createOrm({ databaseUrl: DATABASE_OWNER_URL, poolSize: 1 });
    await orm.em.fork().execute(statement);
    await orm.close(true);
  };
  await asOwner(`create database ${name}`);
  await migrate(ofName(DATABASE_OWNER_URL));
  return { appUrl: ofName(DATABASE_URL), drop: () => asOwner(`drop database ${name} with (force)`) };
};

/** Database 9 of the test stack's Redis, which nothing else uses. */
const emptyRedis = async (): Promise<string> => {
  const url = Object.assign(new URL(testConfig().REDIS_URL), { pathname: '/9' }).href;
  const redis = new Redis(url);
  await redis.flushdb();
  redis.disconnect();
  return url;
};

/** Telegram in a process of its own: it outlives every worker. Its rates are raised, so that faults set the pace. */
const startEmulator = async () => {
  const entry = fileURLToPath(new URL('../emulators/telegram.ts', import.meta.url));
  const child = spawn(process.execPath, [entry, '--port', '0', '--per-chat', '100', '--per-bot', '1000'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return {
    url: line.slice(line.indexOf('http')),
    stop: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
};

const { IndexedValueType } = proto.temporal.api.enums.v1;
const NAMESPACE_WITHIN_MS = 30_000;

const createNamespace = async ({ connection }: Client, namespace: string): Promise<void> => {
  const { workflowService, operatorService } = connection;
  await workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
  });
  const attributes = Object.values(searchAttributes).map(
    ({ name, type }) => [name, IndexedValueType[`INDEXED_VALUE_TYPE_${type}`]] as const,
  );
  await sooner(() =>
    operatorService.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(attributes) }),
  );
};

/** A new namespace is known to every part of the server after some seconds. */
const sooner = async (attempt: () => Promise<unknown>): Promise<void> => {
  const deadline = Date.now() + NAMESPACE_WITHIN_MS;
  for (;;) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(100);
    }
  }
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
};
