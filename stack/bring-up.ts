/** Brings the servers up, side by side, and takes them down again. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { GivenServer } from './choose-servers.ts';
import { requirePart } from './parts/cache.ts';
import type { Obtained } from './parts/part.ts';
import { allOrNone, type Supervised, stopAll, supervise } from './processes/supervise.ts';
import { sayOf } from './progress.ts';
import type { Secrets } from './secrets.ts';
import type { Environment, Server, ServerContext } from './server.ts';

/** Recovery after a crash may take a while; a server that says nothing for longer is stuck. */
const READY_WITHIN_MS = 120_000;

export interface BringUpOptions {
  embedded: Server[];
  given: GivenServer[];
  dataDir: string;
  ports: ReadonlyMap<string, number>;
  parts: ReadonlyMap<string, Obtained>;
  secrets: Secrets;
  durable: boolean;
  signal: AbortSignal;
}

export const runDirOf = (dataDir: string): string => join(dataDir, 'run');

const portOf = (ports: ReadonlyMap<string, number>, variable: string): number => {
  const port = ports.get(variable);
  if (port === undefined) throw new Error(`No port is set for ${variable}`);
  return port;
};

const contextOf = (server: Server, options: BringUpOptions): ServerContext => ({
  dataDir: join(options.dataDir, server.name),
  port: (variable) => portOf(options.ports, variable),
  secrets: options.secrets,
  apiPort: portOf(options.ports, 'PORT'),
  durable: options.durable,
  part: (name) => requirePart(options.parts, name),
  signal: options.signal,
});

/** The variables by which the application reaches the servers. Nothing needs to run yet. */
export const serverEnvironment = (options: BringUpOptions): Environment => {
  const embedded = options.embedded.map((server) => server.environment(contextOf(server, options)));
  return Object.assign({}, ...embedded, ...options.given.map(({ environment }) => environment));
};

const startOne = async (server: Server, options: BringUpOptions): Promise<Supervised> => {
  const context = contextOf(server, options);
  const begunMs = Date.now();
  await mkdir(context.dataDir, { recursive: true, mode: 0o700 });
  const spec = await server.launch(context);
  const supervised = await supervise(spec, {
    name: server.name,
    runDir: runDirOf(options.dataDir),
    env: process.env,
    isReady: (pid) => server.isReady(context, pid),
    readyWithinMs: READY_WITHIN_MS,
    signal: options.signal,
  });
  const where = server.ports.map(({ variable }) => portOf(options.ports, variable)).join(', ');
  sayOf(server.name, `is up on ${where} (${((Date.now() - begunMs) / 1000).toFixed(1)} s)`);
  return supervised;
};

/**
 * Starts the embedded servers and readies them and the given ones for the application. Gives the running processes;
 * when some fail, the others are stopped and one error tells of all that failed.
 */
export const bringUp = async (options: BringUpOptions, environment: Environment): Promise<Supervised[]> => {
  const running = await allOrNone(options.embedded.map((server) => startOne(server, options)));
  try {
    const all = [...options.embedded, ...options.given.map(({ server }) => server)];
    await Promise.all(all.map((server) => server.prepare?.(environment, options.signal)));
    return running;
  } catch (error) {
    await stopAll(running);
    throw error;
  }
};
