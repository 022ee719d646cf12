import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { bringUp, serverEnvironment } from '../../stack/bring-up.ts';
import { chooseServers, requireReachable } from '../../stack/choose-servers.ts';
import { freePort } from '../../stack/ports.ts';
import type { Secrets } from '../../stack/secrets.ts';
import { SERVERS } from '../../stack/servers.ts';
import { temporaryFolder } from '../support/temp-folder.ts';

const namesOf = (list: readonly { name: string }[]): string[] => list.map(({ name }) => name);

test('a server whose address is given is used, and none is started', async () => {
  const port = await freePort();
  const listener = createServer();
  onTestFinished(() => void listener.close());
  await new Promise<void>((resolve) => listener.listen(port, '127.0.0.1', () => resolve()));
  const redis = SERVERS.filter(({ name }) => name === 'redis');

  const choice = chooseServers(redis, { REDIS_URL: `redis://:secret@127.0.0.1:${port}` });
  await requireReachable(choice.given);
  const options = {
    ...choice,
    dataDir: temporaryFolder(),
    ports: new Map(),
    parts: new Map(),
    secrets: {} as Secrets,
    durable: false,
    signal: new AbortController().signal,
  };
  const environment = serverEnvironment(options);

  expect(environment).toEqual({ REDIS_URL: `redis://:secret@127.0.0.1:${port}` });
  expect(await bringUp(options, environment)).toEqual([]);
});

test('each address replaces its own server only; settings go with it', () => {
  const choice = chooseServers(SERVERS, { TEMPORAL_ADDRESS: 'temporal.example:7233', TEMPORAL_NAMESPACE: 'coaching' });

  expect(namesOf(choice.embedded)).toEqual(['postgres', 'redis', 'chroma', 'ollama', 's3']);
  expect(choice.given.map(({ environment }) => environment)).toEqual([
    { TEMPORAL_ADDRESS: 'temporal.example:7233', TEMPORAL_NAMESPACE: 'coaching' },
  ]);
});

test('an address without what belongs to it is refused by name', () => {
  expect(() => chooseServers(SERVERS, { DATABASE_URL: 'postgres://x/y', S3_ENDPOINT: 'http://s3.example' })).toThrow(
    'DATABASE_URL is given: give DATABASE_OWNER_URL too\n' +
      'S3_ENDPOINT is given: give S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY too',
  );
});

test('a silent address is named, without its password', async () => {
  const port = await freePort();
  const { given } = chooseServers(SERVERS, { REDIS_URL: `redis://:secret@127.0.0.1:${port}` });

  await expect(requireReachable(given)).rejects.toThrow(`Nothing answers at REDIS_URL=redis://127.0.0.1:${port}`);
});
