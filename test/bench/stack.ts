/** The servers of the benches: the test stack's, but Temporal keeps its data in a file whose bytes can be counted. */
import { join } from 'node:path';
import { startApplication } from '../../stack/application.ts';
import { runDirOf } from '../../stack/bring-up.ts';
import { TEST_DATA_DIR } from '../../stack/paths.ts';
import { postgres } from '../../stack/postgres.ts';
import type { Supervised } from '../../stack/processes/supervise.ts';
import { redis } from '../../stack/redis.ts';
import type { Environment, Server } from '../../stack/server.ts';
import { temporal } from '../../stack/temporal.ts';
import { withTestStack } from '../../stack/test-stack.ts';

/** Where Temporal's data is. */
export const TEMPORAL_FILE = join(TEST_DATA_DIR, temporal.name, 'bench.db');

/** WAL and no waiting for the disk: the server at its best, for Cairn and for the baseline alike. */
const temporalInFile: Server = {
  ...temporal,
  async launch(context) {
    const spec = await temporal.launch(context);
    const storage = ['--db-filename', TEMPORAL_FILE];
    const pragmas = ['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=OFF'];
    return { ...spec, args: [...spec.args, ...storage, ...pragmas] };
  },
};

/** No limit may end a bench, and answers are not held against their schemas as in tests. */
const FOR_BENCHES: Environment = {
  NODE_ENV: 'development',
  RATE_LIMIT_PER_MINUTE: '10000000',
  RATE_LIMIT_ANONYMOUS_PER_MINUTE: '10000000',
  NODE_OPTIONS: `--import ${import.meta.resolve('./gc-on-signal.ts')}`,
};

/** Brings the servers up, gives the application's environment to `work`, and takes them down. */
export const withBenchServers = <T>(signal: AbortSignal, work: (environment: Environment) => Promise<T>): Promise<T> =>
  withTestStack([postgres, redis, temporalInFile], 'npm run bench', signal, (environment) =>
    work({ ...environment, ...FOR_BENCHES }),
  );

/** The API and the workers, each a process as in production. */
export const startBenchApplication = (environment: Environment, signal: AbortSignal): Promise<Supervised[]> =>
  startApplication(runDirOf(TEST_DATA_DIR), environment, signal);
