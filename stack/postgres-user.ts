/** Postgres refuses to run as root. How a stack that root started runs it all the same. */
import { chmod } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { findCommand } from './processes/find-command.ts';
import { run } from './processes/run.ts';

/** The unprivileged user of every system; nothing is created on the machine. */
const NOBODY = 65_534;

const succeeds = (command: string[], ...more: string[]): Promise<boolean> => {
  const [name = '', ...args] = [...command, ...more];
  return run(name, args).then(
    () => true,
    () => false,
  );
};

/** In a user namespace where root is called nobody: Postgres is content, and the files stay root's, wherever the clone lies. */
const IN_NAMESPACE = ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`];

/** As another user, who must be able to reach both the data and the binaries. */
const asUser = async (dataDir: string, binDir: string): Promise<string[]> => {
  const user = (await succeeds(['id', 'postgres'])) ? 'postgres' : 'nobody';
  const prefix = ['setpriv', `--reuid=${user}`, `--regid=${(await run('id', ['-g', user])).trim()}`, '--clear-groups'];
  await run('chown', ['-R', user, dataDir]);
  // The way through our own data folder: what lies beside Postgres's stays closed.
  await chmod(dirname(dataDir), 0o711);
  const reaches = (await succeeds(prefix, 'test', '-w', dataDir)) && (await succeeds(prefix, 'test', '-x', binDir));
  if (reaches) return prefix;
  throw new Error(
    `Postgres does not run as root, and the user ${user} cannot reach ${dataDir} and ${binDir}. ` +
      'Start as an ordinary user, move the clone to a folder open to all, or give DATABASE_URL and DATABASE_OWNER_URL.',
  );
};

/** The command line to put before a Postgres binary: empty for an ordinary user. Throws with what to do when root has no way. */
export const ownershipPrefix = async (dataDir: string, binDir: string): Promise<string[]> => {
  if (userInfo().uid !== 0) return [];
  if (findCommand('unshare') && (await succeeds(IN_NAMESPACE, 'true'))) return IN_NAMESPACE;
  return asUser(dataDir, binDir);
};
