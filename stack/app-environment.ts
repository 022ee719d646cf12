/** The environment that API, workers and tools run with: where the servers are, the ports, the secrets. */
import { APPLICATION_PORTS } from './application.ts';
import { type BringUpOptions, serverEnvironment } from './bring-up.ts';
import { APPLICATION_SECRETS, generatedIn } from './secrets.ts';
import type { Environment } from './server.ts';

/** Takes the person's environment first: a secret that is given replaces the generated one. */
export const applicationEnvironment = (
  options: BringUpOptions,
  mode: string,
  given: Record<string, string | undefined>,
): Environment => {
  const secrets = APPLICATION_SECRETS.map((name) => [name, given[name] || options.secrets[name]]);
  const ports = APPLICATION_PORTS.map(({ variable }) => [variable, String(options.ports.get(variable))]);
  return {
    NODE_ENV: mode,
    ...Object.fromEntries(ports),
    ...Object.fromEntries(secrets),
    ...serverEnvironment(options),
  };
};

/** Throws in production mode when a secret was made up by us, naming the variables that must be given. */
export const refuseGeneratedInProduction = (environment: Environment): void => {
  if (environment.NODE_ENV !== 'production') return;
  const names = generatedIn(environment);
  if (names.length === 0) return;
  throw new Error(`NODE_ENV=production needs secrets of its own, not generated ones: give ${names.join(', ')}`);
};
