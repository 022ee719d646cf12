/** Servers that a fault test may kill: Postgres, Temporal and Redis of its own, with data that outlives a crash as in production, and the supervision of `npm start`. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { migrate } from '../../shared/db/migrate.ts';
import { applicationEnvironment } from '../../stack/app-environment.ts';
import { APPLICATION_PORTS } from '../../stack/application.ts';
import { type BringUpOptions, bringUp, runDirOf } from '../../stack/bring-up.ts';
import { obtainAll } from '../../stack/parts/obtain-all.ts';
import { freePorts } from '../../stack/ports.ts';
import { postgres } from '../../stack/postgres.ts';
import { killAll } from '../../stack/processes/orphans.ts';
import { stopAll } from '../../stack/processes/supervise.ts';
import { sayOn } from '../../stack/progress.ts';
import { redis } from '../../stack/redis.ts';
import { loadSecrets } from '../../stack/secrets.ts';
import type { Environment } from '../../stack/server.ts';
import { temporal } from '../../stack/temporal.ts';

const SERVERS = [postgres, temporal, redis];

export interface OwnServers {
  /** What a process that uses them is started with. */
  environment: Environment;
  /** kill -9, as it stands; it is started again after half a second, a second, two seconds and so on. */
  kill: (name: 'postgres' | 'temporal') => void;
  stop: () => Promise<void>;
}

/** Starts them, the database migrated; about five seconds. */
export const startOwnServers = async (): Promise<OwnServers> => {
  // That a killed server has ended is no news.
  sayOn(new PassThrough().resume());
  const dataDir = await mkdtemp(join(tmpdir(), 'cairn-mortal-'));
  const stopping = new AbortController();
  const options: BringUpOptions = {
    ...{ embedded: SERVERS, given: [], dataDir, durable: true, signal: stopping.signal },
    ports: await freePorts([...APPLICATION_PORTS, ...SERVERS.flatMap(({ ports }) => ports)]),
    parts: await obtainAll(
      SERVERS.flatMap(({ parts }) => parts),
      { signal: stopping.signal },
    ),
    secrets: loadSecrets(join(dataDir, 'secrets.json')),
  };
  const environment = applicationEnvironment(options, 'test', {});
  await mkdir(runDirOf(dataDir), { recursive: true });
  const running = await bringUp(options, environment);
  // Whatever becomes of the test, no server outlives it.
  const endWithTest = () => killAll(runDirOf(dataDir));
  process.once('exit', endWithTest);
  await migrate(environment.DATABASE_OWNER_URL ?? '');
  return {
    environment,
    kill: (name) => {
      const pid = running.find((server) => server.name === name)?.pid();
      if (pid == null) throw new Error(`${name} does not run`);
      process.kill(pid, 'SIGKILL');
    },
    stop: async () => {
      await stopAll(running);
      process.off('exit', endWithTest);
      await rm(dataDir, { recursive: true });
    },
  };
};
