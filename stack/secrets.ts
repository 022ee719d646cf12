/** Secrets of a development machine: made up once, kept in `.cairn/secrets.json`, marked so that production refuses them. */
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { GENERATED_SECRET_PREFIX } from '../shared/config.ts';

const SECRET_BYTES = 32;

const password = (): string => `${GENERATED_SECRET_PREFIX}${randomBytes(SECRET_BYTES).toString('base64url')}`;

/** One AES-256 key in the form of CAIRN_ENCRYPTION_KEYS, `<id>:<base64 of 32 bytes>`; the mark stands in its id. */
const encryptionKey = (): string => `${GENERATED_SECRET_PREFIX}1:${randomBytes(SECRET_BYTES).toString('base64')}`;

const makers = {
  POSTGRES_PASSWORD: password,
  DATABASE_OWNER_PASSWORD: password,
  DATABASE_APP_PASSWORD: password,
  REDIS_PASSWORD: password,
  S3_ACCESS_KEY_ID: password,
  S3_SECRET_ACCESS_KEY: password,
  CAIRN_JWT_SECRET: password,
  CAIRN_COOKIE_SECRET: password,
  CAIRN_ENCRYPTION_KEYS: encryptionKey,
  CAIRN_DEMO_PASSWORD: password,
  CAIRN_OPS_PASSWORD: password,
};

export type SecretName = keyof typeof makers;
export type Secrets = Record<SecretName, string>;

/** Secrets that the application reads from its environment; the others end up inside addresses. */
export const APPLICATION_SECRETS = [
  'CAIRN_JWT_SECRET',
  'CAIRN_COOKIE_SECRET',
  'CAIRN_ENCRYPTION_KEYS',
  'CAIRN_DEMO_PASSWORD',
  'CAIRN_OPS_PASSWORD',
] as const satisfies SecretName[];

const read = (file: string): Partial<Secrets> => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Partial<Secrets>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new Error(`${file} cannot be read: ${(error as Error).message}`);
  }
};

/** Reads the secrets of this clone; makes those that are not there yet. The file is its owner's alone (mode 0600) and appears whole. */
export const loadSecrets = (file: string): Secrets => {
  const known = read(file);
  const names = Object.keys(makers) as SecretName[];
  const secrets = Object.fromEntries(names.map((name) => [name, known[name] ?? makers[name]()])) as Secrets;
  if (names.some((name) => known[name] === undefined)) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const aside = `${file}.${process.pid}`;
    writeFileSync(aside, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
    renameSync(aside, file);
  }
  chmodSync(file, 0o600);
  return secrets;
};

/** Names of the variables whose value was made up by `loadSecrets`. */
export const generatedIn = (environment: Record<string, string | undefined>): string[] =>
  Object.entries(environment)
    .filter(([, value]) => value?.includes(GENERATED_SECRET_PREFIX))
    .map(([name]) => name);
