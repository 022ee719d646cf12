/** Redis, with an append-only file so that what it holds outlives a restart. */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { debianPackages } from './parts/debian-packages.ts';
import type { Obtained, Part } from './parts/part.ts';
import { canConnect } from './reach.ts';
import { LOOPBACK, type Server, type ServerContext } from './server.ts';

/** What Debian's redis-server is linked with beside the C library. */
const PACKAGES = ['redis-server', 'redis-tools', 'libjemalloc2', 'liblua5.1-0', 'liblzf1', 'lua-bitop', 'lua-cjson'];
const LIBRARY_DIRS: Partial<Record<NodeJS.Architecture, string>> = {
  x64: 'usr/lib/x86_64-linux-gnu',
  arm64: 'usr/lib/aarch64-linux-gnu',
};

/** Packages of one release do not run on another: its name is part of the cache's key. */
const releaseName = (): string => {
  try {
    return /^VERSION_CODENAME=(\w+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'unnamed';
  } catch {
    return 'unnamed';
  }
};

export const redisServer: Part = {
  name: 'redis',
  version: 'as-distributed',
  variant: releaseName(),
  onPath: { command: 'redis-server', versionArgs: ['--version'], minimum: '6.2' },
  main: 'usr/bin/redis-server',
  ways: [debianPackages(PACKAGES)],
  remedy: 'Install redis-server (apt-get install redis-server, brew install redis), or give REDIS_URL.',
};

const libraryPath = ({ source, dir }: Obtained): Record<string, string> =>
  source === 'PATH' ? {} : { LD_LIBRARY_PATH: join(dir, LIBRARY_DIRS[process.arch] ?? 'usr/lib') };

const settings = ({ dataDir, port, secrets, durable }: ServerContext): string =>
  [
    `bind ${LOOPBACK}`,
    `port ${port('REDIS_PORT')}`,
    `dir "${dataDir}"`,
    `requirepass ${secrets.REDIS_PASSWORD}`,
    `appendonly ${durable ? 'yes' : 'no'}`,
    'save ""',
    '',
  ].join('\n');

const redisUrl = ({ port, secrets }: ServerContext): string =>
  `redis://:${secrets.REDIS_PASSWORD}@${LOOPBACK}:${port('REDIS_PORT')}`;

const answersPing = async (url: string): Promise<boolean> => {
  if (!(await canConnect(url))) return false;
  const client = new Redis(url, { lazyConnect: true, retryStrategy: null });
  client.on('error', () => undefined);
  try {
    return (await client.ping()) === 'PONG';
  } catch {
    return false;
  } finally {
    client.disconnect();
  }
};

export const redis: Server = {
  name: 'redis',
  addressVariable: 'REDIS_URL',
  ports: [{ variable: 'REDIS_PORT', defaultPort: 16379, what: 'Redis' }],
  parts: [redisServer],
  async launch(context) {
    const file = join(context.dataDir, 'redis.conf');
    await writeFile(file, settings(context), { mode: 0o600 });
    const part = context.part('redis');
    return { command: part.main, args: [file], env: libraryPath(part) };
  },
  isReady: (context) => answersPing(redisUrl(context)),
  environment: (context) => ({ REDIS_URL: redisUrl(context) }),
};
