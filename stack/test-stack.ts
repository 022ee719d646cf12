/** The stack that tests run on: the same servers with other ports, other data, and nothing that a power cut must survive. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { applicationEnvironment } from './app-environment.ts';
import { APPLICATION_PORTS, migrateDatabase } from './application.ts';
import { type BringUpOptions, bringUp, runDirOf } from './bring-up.ts';
import { obtainAll } from './parts/obtain-all.ts';
import { TEST_DATA_DIR } from './paths.ts';
import { freePorts } from './ports.ts';
import { tryLock } from './processes/lock.ts';
import { endOrphans } from './processes/orphans.ts';
import { stopAll } from './processes/supervise.ts';
import { publishStack, stackLock, withdrawStack } from './running-stack.ts';
import { loadSecrets } from './secrets.ts';
import type { Environment, Server } from './server.ts';
import { SERVERS } from './servers.ts';
import { timeSkippingServer } from './testserver.ts';

const wipe = async (): Promise<void> => {
  const lock = stackLock(TEST_DATA_DIR);
  for (const name of await readdir(TEST_DATA_DIR)) {
    const path = join(TEST_DATA_DIR, name);
    if (path !== lock) await rm(path, { recursive: true, force: true });
  }
};

/** The servers of those names, all when none is named. Throws naming what there is. */
export const serversNamed = (names: string[]): Server[] => {
  const known = SERVERS.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`There is no server ${unknown.join(', ')}: there are ${known.join(', ')}`);
  return SERVERS.filter(({ name }) => names.length === 0 || names.includes(name));
};

const prepareOptions = async (embedded: Server[], signal: AbortSignal): Promise<BringUpOptions> => {
  const wanted = [...embedded.flatMap((server) => server.parts), timeSkippingServer];
  const parts = await obtainAll(wanted, { signal });
  const ports = await freePorts([...APPLICATION_PORTS, ...embedded.flatMap((server) => server.ports)]);
  const secrets = loadSecrets(join(TEST_DATA_DIR, 'secrets.json'));
  return { embedded, given: [], dataDir: TEST_DATA_DIR, ports, parts, secrets, durable: false, signal };
};

const testEnvironment = (options: BringUpOptions): Environment => ({
  ...applicationEnvironment(options, 'test', {}),
  // Where test/support finds the time-skipping server.
  CAIRN_TEST_SERVER: options.parts.get(timeSkippingServer.name)?.main ?? '',
});

/**
 * Brings a fresh test stack up, migrated, publishes it where vitest.config.ts finds it, runs `work`, and takes it down.
 * Throws when this clone's test stack is in use by another process.
 */
export const withTestStack = async <T>(
  servers: Server[],
  purpose: string,
  signal: AbortSignal,
  work: (environment: Environment) => Promise<T>,
): Promise<T> => {
  await mkdir(TEST_DATA_DIR, { recursive: true, mode: 0o700 });
  const lock = tryLock(stackLock(TEST_DATA_DIR), purpose);
  if (!lock.acquired) {
    throw new Error(`This clone's test stack is in use: ${lock.holder.purpose}, process ${lock.holder.pid}`);
  }
  try {
    await mkdir(runDirOf(TEST_DATA_DIR), { recursive: true, mode: 0o700 });
    await endOrphans(runDirOf(TEST_DATA_DIR));
    await wipe();
    const options = await prepareOptions(servers, signal);
    const environment = testEnvironment(options);
    const running = await bringUp(options, environment);
    try {
      if (environment.DATABASE_OWNER_URL) await migrateDatabase(environment, signal);
      publishStack(TEST_DATA_DIR, { environment, links: {} });
      return await work(environment);
    } finally {
      withdrawStack(TEST_DATA_DIR);
      await stopAll(running);
    }
  } finally {
    lock.release();
  }
};
