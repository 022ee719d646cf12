import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { freePorts, portsFrom, requireFreePorts } from '../../stack/ports.ts';

const specs = [
  { variable: 'TEMPORAL_PORT', defaultPort: 7233, what: 'Temporal' },
  { variable: 'REDIS_PORT', defaultPort: 16379, what: 'Redis' },
];

const listenOn = (port: number): Promise<void> =>
  new Promise((resolve) => {
    const server = createServer();
    onTestFinished(() => void server.close());
    server.listen(port, '127.0.0.1', () => resolve());
  });

test('a taken port is named with the variable that moves it', async () => {
  const ports = await freePorts(specs);
  const taken = ports.get('TEMPORAL_PORT') as number;
  await listenOn(taken);

  await expect(requireFreePorts(specs, ports)).rejects.toThrow(
    `Port ${taken} (Temporal) is taken: move it with TEMPORAL_PORT=<port>`,
  );
});

test('one port asked for twice is named with both users', async () => {
  const [free] = (await freePorts(specs)).values();
  const ports = new Map(specs.map(({ variable }) => [variable, free as number]));

  await expect(requireFreePorts(specs, ports)).rejects.toThrow(
    `Port ${free} is meant for Temporal and for Redis: move one with REDIS_PORT=<port>`,
  );
});

test('free ports pass', async () => {
  await expect(requireFreePorts(specs, await freePorts(specs))).resolves.toBeUndefined();
});

test('the environment moves a port, and what is no port is refused by name', () => {
  expect(portsFrom(specs, { REDIS_PORT: '7000' })).toEqual(
    new Map([
      ['TEMPORAL_PORT', 7233],
      ['REDIS_PORT', 7000],
    ]),
  );
  expect(() => portsFrom(specs, { REDIS_PORT: '70000' })).toThrow('REDIS_PORT=70000 is no port');
  expect(() => portsFrom(specs, { REDIS_PORT: 'abc' })).toThrow('REDIS_PORT=abc is no port');
});
