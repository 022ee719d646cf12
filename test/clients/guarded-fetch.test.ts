import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import {
  createFetchTo,
  createGuardedFetch,
  type GuardedFetch,
  type GuardedRequest,
  isPublicAddress,
} from '../../shared/clients/guarded-fetch.ts';

const LOOPBACK = '127.0.0.1';
const strict = createGuardedFetch({ allowPrivate: false });
const lenient = createGuardedFetch({ allowPrivate: true });
/** Takes one loopback address for the whole outside world, so that the rest of loopback is what is private. */
const outsideIsLoopback = createFetchTo((address) => address === LOOPBACK);

const call = (fetch: GuardedFetch, url: string, more: Partial<GuardedRequest> = {}) =>
  fetch({ url, method: 'GET', timeoutMs: 5_000, maxBytes: 1_000, ...more });

/** What the call fails with: the guard's own error may lie below undici's. */
const failure = async (fetch: GuardedFetch, url: string, more: Partial<GuardedRequest> = {}) => {
  const error = await call(fetch, url, more).then(
    () => new Error('it was answered'),
    (reason: Error) => reason,
  );
  const { name, message } = error.cause instanceof Error ? error.cause : error;
  return { name, message };
};

const listening = async (listener: RequestListener) => {
  const server = createServer(listener).listen(0, LOOPBACK);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://${LOOPBACK}:${port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};

const given = async (listener: RequestListener) => {
  const server = await listening(listener);
  onTestFinished(server.close);
  return server;
};

describe('the guard', () => {
  let server: Awaited<ReturnType<typeof listening>>;
  let calls = 0;
  beforeAll(async () => {
    server = await listening((_, response) => {
      calls += 1;
      response.end('inside');
    });
  });
  afterAll(() => server.close());

  test.each([
    ...['127.0.0.1', '127.1', '2130706433', '0x7f000001', '0177.0.0.1', '127.0.0.1.', '0.0.0.0', '0'],
    ...['[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[0:0:0:0:0:ffff:127.0.0.1]', '[::127.0.0.1]'],
    ...['localhost', 'LOCALHOST', 'user@localhost'],
  ])('does not reach loopback as %s', async (host) => {
    const { name } = await failure(strict, `http://${host}:${server.port}/`);
    // Credentials are refused before anything is looked up.
    expect(name).toBe(host.includes('@') ? 'TypeError' : 'ForbiddenAddress');
    expect(calls).toBe(0);
  });

  test.each([
    ...['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0xa9fea9fe'],
    ...['[fd00::1]', '[fe80::1]', '[fec0::1]', '[::ffff:10.0.0.1]', '[64:ff9b::10.0.0.1]', '[2002:0a00:0001::]'],
  ])('calls nothing private: %s', async (host) => {
    expect((await failure(strict, `http://${host}/`)).name).toBe('ForbiddenAddress');
  });

  test.each(['ftp://example.org/', 'file:///etc/passwd', 'data:text/plain,hi', 'blob:nodedata:1', 'ws://example.org'])(
    'speaks HTTP only: %s',
    async (url) => {
      for (const fetch of [strict, lenient]) expect((await failure(fetch, url)).name).toBe('ForbiddenAddress');
    },
  );

  test('lets development reach loopback, by address and by name', async () => {
    expect(await call(lenient, `${server.url}/`)).toMatchObject({ status: 200, body: 'inside' });
    expect(await call(lenient, `http://localhost:${server.port}/`)).toMatchObject({ body: 'inside' });
  });
});

describe('a redirect', () => {
  const redirecting = (location: (port: number) => string, status = 307) =>
    given((request, response) => {
      const port = request.socket.localPort ?? 0;
      if (request.url === '/there') response.end(`${request.method} arrived`);
      else response.writeHead(status, { location: location(port) }).end();
    });

  test('is followed, with method and body where it keeps them', async () => {
    const { url } = await redirecting(() => '/there');
    expect(await call(lenient, url)).toMatchObject({ status: 200, body: 'GET arrived' });
    expect(await call(lenient, url, { method: 'POST', body: '{}' })).toMatchObject({ body: 'POST arrived' });
  });

  test('that would turn a POST into a GET is the answer itself', async () => {
    const { url } = await redirecting(() => '/there', 302);
    expect(await call(lenient, url, { method: 'POST', body: '{}' })).toMatchObject({ status: 302 });
  });

  test.each([
    ['a private address', (port: number) => `http://127.0.0.2:${port}/there`],
    ['a private address in other words', (port: number) => `http://[::ffff:7f00:2]:${port}/there`],
    ['this machine', (port: number) => `http://[::1]:${port}/there`],
    ['a name that is private', () => 'http://ip6-localhost/there'],
    ['a file', () => 'file:///etc/passwd'],
  ])('to %s is refused', async (_, location) => {
    const { url } = await redirecting(location);
    const { name, message } = await failure(outsideIsLoopback, url);
    // A machine may not know the name; then it is not reached either.
    expect(message.includes('ENOTFOUND') ? 'ForbiddenAddress' : name).toBe('ForbiddenAddress');
  });

  test('leads somewhere after three at most', async () => {
    const through = (hops: number) =>
      given((request, response) => {
        const hop = Number(request.url?.slice(1));
        if (hop === hops) response.end('arrived');
        else response.writeHead(302, { location: `/${hop + 1}` }).end();
      });
    const three = await through(3);
    expect(await call(lenient, `${three.url}/0`)).toMatchObject({ body: 'arrived' });
    const four = await through(4);
    expect(await failure(lenient, `${four.url}/0`)).toEqual({
      name: 'UnusableAnswer',
      message: 'More than 3 redirects',
    });
  });

  test('to no URL at all is said', async () => {
    const { url } = await redirecting(() => 'http://[');
    expect((await failure(lenient, url)).name).toBe('UnusableAnswer');
  });
});

describe('an answer', () => {
  test('may be as large as was asked for, and no larger', async () => {
    const { url } = await given((request, response) => response.end('x'.repeat(Number(request.url?.slice(1)))));
    expect((await call(lenient, `${url}/1000`)).body).toHaveLength(1_000);
    expect((await failure(lenient, `${url}/1001`)).name).toBe('UnusableAnswer');
  });

  test('is measured unpacked', async () => {
    const packed = gzipSync(Buffer.alloc(10_000_000));
    const { url } = await given((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed));
    expect((await failure(lenient, url, { maxBytes: 100_000 })).name).toBe('UnusableAnswer');
  });

  test.each([
    ['never begins', false],
    ['never ends', true],
  ])('that %s is waited for no longer than was asked for', async (_, begins) => {
    const { url } = await given((_request, response) => {
      if (begins) response.writeHead(200).write('the beginning');
    });
    const before = performance.now();
    expect((await failure(lenient, url, { timeoutMs: 200 })).name).toBe('TimeoutError');
    expect(performance.now() - before).toBeLessThan(4_000);
  });
});

/** IANA's special-purpose registries (RFC 6890 and its updates), multicast, and what IPv6 has not given out. */
const SPECIAL_V4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24'],
  ...['203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
];
const SPECIAL_V6 = [
  ...['::/96', '64:ff9b::/96', '64:ff9b:1::/48', '100::/64', '2001::/32', '2001:2::/48'],
  ...['2001:db8::/32', '2002::/16', '3fff::/20', '5f00::/16', 'fc00::/7', 'fe80::/10', 'fec0::/10', 'ff00::/8'],
];

const bitsOfV4 = (address: string) => BigInt(address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0));
const v4Of = (bits: bigint) => [24n, 16n, 8n, 0n].map((shift) => (bits >> shift) & 255n).join('.');

const bitsOfV6 = (address: string) => {
  const [head = '', tail = ''] = address.split('::').map((part) => part.split(':').filter(Boolean).join(' '));
  const [first, last] = [head, tail].map((part) => part.split(' ').filter(Boolean));
  const groups = [
    ...(first ?? []),
    ...Array(8 - (first?.length ?? 0) - (last?.length ?? 0)).fill('0'),
    ...(last ?? []),
  ];
  return groups.reduce((sum, group) => (sum << 16n) + BigInt(`0x${group}`), 0n);
};
const v6Of = (bits: bigint) =>
  Array.from({ length: 8 }, (_, at) => ((bits >> BigInt(112 - 16 * at)) & 0xffffn).toString(16)).join(':');

/** Any address within one of the ranges. */
const within = (ranges: string[], width: bigint, bitsOf: (a: string) => bigint, textOf: (bits: bigint) => string) =>
  fc.constantFrom(...ranges).chain((range) => {
    const [base = '', length = '0'] = range.split('/');
    const free = width - BigInt(length);
    return fc.bigInt(0n, (1n << free) - 1n).map((rest) => textOf(bitsOf(base) | rest));
  });

describe('a public address', () => {
  test('lies in no special range', () => {
    const special = fc.oneof(within(SPECIAL_V4, 32n, bitsOfV4, v4Of), within(SPECIAL_V6, 128n, bitsOfV6, v6Of));
    fc.assert(
      fc.property(special, (address) => !isPublicAddress(address)),
      { numRuns: 2_000 },
    );
  });

  test('in IPv6’s clothes is as public as it is in IPv4', () => {
    fc.assert(fc.property(fc.ipV4(), (address) => isPublicAddress(`::ffff:${address}`) === isPublicAddress(address)));
  });

  test.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450:4001::200e'])(
    'is %s',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );
});
