/** The stack that a test runs on, named by the environment that `npm test` (or `npm run test:stack`) sets. */
import { randomBytes } from 'node:crypto';
import { type Config, loadConfig } from '../../shared/config.ts';

const NEEDED = ['DATABASE_URL', 'DATABASE_OWNER_URL', 'REDIS_URL'] as const;

const SECRETS_FOR_TESTS = {
  CAIRN_JWT_SECRET: randomBytes(32).toString('base64url'),
  CAIRN_COOKIE_SECRET: randomBytes(32).toString('base64url'),
  CAIRN_ENCRYPTION_KEYS: `test:${randomBytes(32).toString('base64')}`,
};

/** The configuration of a test, with `overrides` in the environment's own names; throws where the stack is not there. */
export const testConfig = (overrides: Record<string, string> = {}): Config => {
  const missing = NEEDED.filter((name) => !process.env[name]);
  if (missing.length > 0) throw new Error(`Tests need a stack: run \`npm test\`. Missing: ${missing.join(', ')}`);
  return loadConfig({
    TEMPORAL_ADDRESS: '127.0.0.1:7233',
    ...SECRETS_FOR_TESTS,
    LOG_LEVEL: 'silent',
    ...process.env,
    NODE_ENV: 'test',
    ...overrides,
  });
};
