/** Which ports the stack listens on, and whether they are free. */
import { randomInt } from 'node:crypto';
import { createServer, type Server as NetServer } from 'node:net';
import { LOOPBACK, type PortSpec } from './server.ts';

const HIGHEST_PORT = 65_535;

/** Port by variable: the environment's value, else the default. Throws naming the variable when the value is no port. */
export const portsFrom = (specs: PortSpec[], environment: Record<string, string | undefined>): Map<string, number> => {
  const ports = new Map<string, number>();
  for (const { variable, defaultPort } of specs) {
    const port = Number(environment[variable] || defaultPort);
    if (!Number.isInteger(port) || port < 1 || port > HIGHEST_PORT) {
      throw new Error(`${variable}=${environment[variable]} is no port: give a number from 1 to ${HIGHEST_PORT}`);
    }
    ports.set(variable, port);
  }
  return ports;
};

const listen = (port: number): Promise<NetServer> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => resolve(server));
  });

const close = (server: NetServer): Promise<void> => new Promise((resolve) => server.close(() => resolve()));

const isFree = async (port: number): Promise<boolean> => {
  try {
    await close(await listen(port));
    return true;
  } catch {
    return false;
  }
};

/** Throws when ports are taken or asked for twice: one line for each, with the variable that moves it. */
export const requireFreePorts = async (specs: PortSpec[], ports: ReadonlyMap<string, number>): Promise<void> => {
  const taken: string[] = [];
  const users = new Map<number, string>();
  for (const { variable, what } of specs) {
    const port = ports.get(variable) ?? 0;
    const other = users.get(port);
    if (other) taken.push(`Port ${port} is meant for ${other} and for ${what}: move one with ${variable}=<port>`);
    else if (!(await isFree(port))) taken.push(`Port ${port} (${what}) is taken: move it with ${variable}=<port>`);
    users.set(port, what);
  }
  if (taken.length > 0) throw new Error(taken.join('\n'));
};

/** Below what systems give to outgoing connections (Linux from 32768, macOS from 49152): none of these takes the port before its server does. */
const CHOSEN_FROM = { least: 12_000, most: 32_000 };
const ATTEMPTS = 200;

/** On a port that nobody listens on. */
const listenSomewhere = async (): Promise<NetServer> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await listen(randomInt(CHOSEN_FROM.least, CHOSEN_FROM.most));
    } catch (error) {
      if (attempt >= ATTEMPTS) throw error;
    }
  }
};

const portOf = (server: NetServer): number => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The socket has no port');
  return address.port;
};

/** As many different free ports as there are specs: all are held open until the last is known. */
export const freePorts = async (specs: PortSpec[]): Promise<Map<string, number>> => {
  const servers = await Promise.all(specs.map(listenSomewhere));
  const ports = new Map(specs.map(({ variable }, index) => [variable, portOf(servers[index] as NetServer)]));
  await Promise.all(servers.map(close));
  return ports;
};

/** One free port of the loopback interface. */
export const freePort = async (): Promise<number> => {
  const server = await listenSomewhere();
  const port = portOf(server);
  await close(server);
  return port;
};
