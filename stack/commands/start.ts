/** `npm start`: the whole of Cairn on this machine. */
import { mkdir } from 'node:fs/promises';
import { relative } from 'node:path';
import { applicationEnvironment, refuseGeneratedInProduction } from '../app-environment.ts';
import { APPLICATION_PORTS, migrateDatabase, seedDemo, startApplication } from '../application.ts';
import { type BringUpOptions, bringUp, runDirOf } from '../bring-up.ts';
import { chooseServers, requireReachable, withoutCredentials } from '../choose-servers.ts';
import { type Interruption, listenForInterruption } from '../interruption.ts';
import { obtainAll } from '../parts/obtain-all.ts';
import { DATA_DIR, ROOT } from '../paths.ts';
import { portsFrom, requireFreePorts } from '../ports.ts';
import { type LockHolder, tryLock } from '../processes/lock.ts';
import { endOrphans, killAll } from '../processes/orphans.ts';
import { type Supervised, stopAll } from '../processes/supervise.ts';
import { say, sayOf } from '../progress.ts';
import { findRunningStack, publishStack, type RunningStack, stackLock, withdrawStack } from '../running-stack.ts';
import { loadSecrets } from '../secrets.ts';
import { type Environment, LOOPBACK } from '../server.ts';
import { SERVERS } from '../servers.ts';

const FORCED_EXIT = 130;

const places = (environment: Environment): Record<string, string> => {
  const api = `http://${LOOPBACK}:${environment.PORT}`;
  const ui = environment.TEMPORAL_UI_URL;
  return { 'API and dashboard': api, 'API docs': `${api}/docs`, ...(ui ? { 'Temporal UI': ui } : {}) };
};

const tellPlaces = ({ links }: RunningStack): void => {
  const width = Math.max(...Object.keys(links).map((what) => what.length)) + 2;
  for (const [what, url] of Object.entries(links)) say(`  ${what.padEnd(width)}${url}`);
};

const tellThatItRuns = (holder: LockHolder): void => {
  const running = findRunningStack(DATA_DIR);
  say(running ? `Cairn already runs (process ${holder.pid}):` : `Cairn is being started by process ${holder.pid}.`);
  if (running) tellPlaces(running);
};

const prepareOptions = async (signal: AbortSignal): Promise<{ options: BringUpOptions; environment: Environment }> => {
  const choice = chooseServers(SERVERS, process.env);
  const specs = [...APPLICATION_PORTS, ...choice.embedded.flatMap((server) => server.ports)];
  const ports = portsFrom(specs, process.env);
  const secrets = loadSecrets(`${DATA_DIR}/secrets.json`);
  const draft = { ...choice, dataDir: DATA_DIR, ports, secrets, durable: true, signal };
  const environment = applicationEnvironment(
    { ...draft, parts: new Map() },
    process.env.NODE_ENV || 'development',
    process.env,
  );
  refuseGeneratedInProduction(environment);
  await requireFreePorts(specs, ports);
  await requireReachable(choice.given);
  for (const { server, address } of choice.given) {
    sayOf(server.name, `${server.addressVariable} is given: ${withoutCredentials(address)} is used`);
  }
  const parts = await obtainAll(
    choice.embedded.flatMap((server) => server.parts),
    { signal },
  );
  return { options: { ...draft, parts }, environment };
};

const runUntilInterrupted = async ({ signal, happened }: Interruption): Promise<void> => {
  const { options, environment } = await prepareOptions(signal);
  const runDir = runDirOf(DATA_DIR);
  let servers: Supervised[] = [];
  let application: Supervised[] = [];
  try {
    servers = await bringUp(options, environment);
    await migrateDatabase(environment, signal);
    const seeded = await seedDemo(environment, signal);
    application = await startApplication(runDir, environment, signal);
    const stack = { environment, links: { ...places(environment), ...seeded } };
    publishStack(DATA_DIR, stack);
    say('\nCairn runs:');
    tellPlaces(stack);
    say(
      `\nLogs are in ${relative(ROOT, runDir)}/, passwords in ${relative(ROOT, DATA_DIR)}/secrets.json. Ctrl-C stops it.`,
    );
    await happened;
    say('\nStopping (Ctrl-C again forces it)');
  } finally {
    withdrawStack(DATA_DIR);
    await stopAll(application);
    await stopAll(servers);
  }
  say('Stopped. Running journeys go on at the next npm start.');
};

/** Gives the exit code. Throws what a person has to mend. */
export const start = async (): Promise<number> => {
  await mkdir(runDirOf(DATA_DIR), { recursive: true, mode: 0o700 });
  const lock = tryLock(stackLock(DATA_DIR), 'npm start');
  if (!lock.acquired) {
    tellThatItRuns(lock.holder);
    return 0;
  }
  const interruption = listenForInterruption(() => {
    killAll(runDirOf(DATA_DIR));
    lock.release();
    process.exit(FORCED_EXIT);
  });
  try {
    await endOrphans(runDirOf(DATA_DIR));
    await runUntilInterrupted(interruption);
    return 0;
  } catch (error) {
    if (interruption.signal.aborted) return FORCED_EXIT;
    throw error;
  } finally {
    lock.release();
  }
};
