/** Which servers are embedded and which are given by the environment. */
import { canConnect } from './reach.ts';
import type { Environment, Server } from './server.ts';

export interface GivenServer {
  server: Server;
  address: string;
  /** The address, its companions and its settings, as far as they were given. */
  environment: Environment;
}

export interface Choice {
  embedded: Server[];
  given: GivenServer[];
}

/** Splits the servers by whether their address variable is set. Throws when an address comes without its companions, naming them. */
export const chooseServers = (servers: readonly Server[], environment: Record<string, string | undefined>): Choice => {
  const choice: Choice = { embedded: [], given: [] };
  const faults: string[] = [];
  for (const server of servers) {
    const address = environment[server.addressVariable];
    if (!address) {
      choice.embedded.push(server);
      continue;
    }
    const lacking = (server.companions ?? []).filter((name) => !environment[name]);
    if (lacking.length > 0) faults.push(`${server.addressVariable} is given: give ${lacking.join(' and ')} too`);
    const names = [server.addressVariable, ...(server.companions ?? []), ...(server.settings ?? [])];
    const given = names.flatMap((name) => (environment[name] ? [[name, environment[name]]] : []));
    choice.given.push({ server, address, environment: Object.fromEntries(given) });
  }
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return choice;
};

/** An address without user and password, for messages. */
export const withoutCredentials = (address: string): string => address.replace(/\/\/[^@/]*@/, '//');

/** Throws when nothing listens at a given address; all that are silent are named. */
export const requireReachable = async (given: GivenServer[]): Promise<void> => {
  const answers = await Promise.all(given.map(({ address }) => canConnect(address)));
  const silent = given.filter((_, index) => !answers[index]);
  if (silent.length === 0) return;
  throw new Error(
    silent
      .map(({ server, address }) => `Nothing answers at ${server.addressVariable}=${withoutCredentials(address)}`)
      .join('\n'),
  );
};
