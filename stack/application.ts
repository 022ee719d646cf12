/** The application on top of the servers: what is done before it starts, and the processes that it consists of. */
import { join } from 'node:path';
import { ROOT } from './paths.ts';
import { run } from './processes/run.ts';
import { allOrNone, type Supervised, supervise } from './processes/supervise.ts';
import { withProgress } from './progress.ts';
import { answersHttp } from './reach.ts';
import { type Environment, LOOPBACK, type PortSpec } from './server.ts';

export const APPLICATION_PORTS: PortSpec[] = [
  { variable: 'PORT', defaultPort: 3000, what: 'API and dashboard' },
  { variable: 'WORKER_HEALTH_PORT', defaultPort: 3001, what: "the workers' health" },
];

/** A worker finishes the activities that it has begun. */
const STOP_WITHIN_MS = 20_000;
const READY_WITHIN_MS = 120_000;

interface Step {
  name: string;
  what: string;
  entry: string;
}

/** Run to their end, in this order, before the application starts. Both are safe to repeat. */
const MIGRATE: Step = { name: 'migrate', what: 'brings the database to the newest schema', entry: 'stack/migrate.ts' };
const SEED: Step = { name: 'seed', what: 'puts the demo creator and program in', entry: 'stack/seed.ts' };

const PROCESSES = [
  { name: 'workers', entry: 'workers/main.ts', portVariable: 'WORKER_HEALTH_PORT' },
  { name: 'api', entry: 'api/main.ts', portVariable: 'PORT' },
];

const runStep = async ({ name, what, entry }: Step, environment: Environment, signal: AbortSignal): Promise<string> =>
  withProgress(name, what, ({ detail }) =>
    run(process.execPath, [join(ROOT, entry)], { cwd: ROOT, env: environment, onLine: detail, signal }),
  );

export const migrateDatabase = async (environment: Environment, signal: AbortSignal): Promise<void> => {
  await runStep(MIGRATE, environment, signal);
};

/** Seeds the demo; gives the links that the seed printed as its last line, `{"links": {"what it is": "url"}}`. */
export const seedDemo = async (environment: Environment, signal: AbortSignal): Promise<Record<string, string>> => {
  const output = await runStep(SEED, environment, signal);
  const lastLine = output.trim().split('\n').at(-1) ?? '';
  return (JSON.parse(lastLine) as { links: Record<string, string> }).links;
};

/** Starts workers and API and waits until both call themselves ready; a crashed one is started again. */
export const startApplication = async (
  runDir: string,
  environment: Environment,
  signal: AbortSignal,
): Promise<Supervised[]> => {
  const start = ({ name, entry, portVariable }: (typeof PROCESSES)[number]): Promise<Supervised> => {
    const args = [join(ROOT, entry)];
    const url = `http://${LOOPBACK}:${environment[portVariable]}/readyz`;
    return supervise(
      { command: process.execPath, args, stopWithinMs: STOP_WITHIN_MS },
      {
        name,
        runDir,
        env: { ...process.env, ...environment },
        isReady: () => answersHttp(url),
        readyWithinMs: READY_WITHIN_MS,
        signal,
      },
    );
  };
  return allOrNone(PROCESSES.map(start));
};
