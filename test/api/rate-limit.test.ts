import { randomInt } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { givenCaller, startApi, type TestApi } from '../support/api.ts';

const LIMITS = {
  RATE_LIMIT_PER_MINUTE: '5',
  RATE_LIMIT_ANONYMOUS_PER_MINUTE: '3',
  RATE_LIMIT_SIGN_IN_PER_MINUTE: '2',
  TRUSTED_PROXY_HOPS: '1',
};

/** An address that no other test counts on. */
const freshAddress = () => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`;
const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });

let api: TestApi;
beforeAll(async () => {
  api = await startApi(LIMITS);
});
afterAll(() => api.close());

const signIn = (target: TestApi, address: string) =>
  target.call('POST', '/oauth/token', {
    body: { grant_type: 'password', username: 'nobody@example.org', password: 'whatever it is' },
    ...from(address),
  });

describe('a signed-in caller', () => {
  test('is counted by who they are, and told how much is left', async () => {
    const ada = await givenCaller(api);
    const first = await ada.call('GET', '/v1/me');
    expect(first.headers.get('ratelimit-policy')).toBe('"caller";q=5;w=60');
    expect(first.headers.get('ratelimit')).toMatch(/^"caller";r=4;t=(60|59)$/);
    for (let used = 1; used < 5; used += 1) await ada.call('GET', '/v1/me');
    const refused = await ada.call('GET', '/v1/me');
    expect(refused.status).toBe(429);
    expect(refused.headers.get('ratelimit')).toMatch(/r=0/);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50);
    expect(refused.body).toMatchObject({ type: 'urn:cairn:problem:tooManyRequests', status: 429 });
    const other = await givenCaller(api);
    expect((await other.call('GET', '/v1/me')).status).toBe(200);
  });

  test('a hundred at once: exactly the quota passes', async () => {
    const ada = await givenCaller(api);
    const answers = await Promise.all(Array.from({ length: 100 }, () => ada.call('GET', '/v1/me')));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
  });
});

describe('who is not signed in', () => {
  test('is counted by address', async () => {
    const address = freshAddress();
    for (let used = 0; used < 3; used += 1) expect((await api.call('GET', '/v1/me', from(address))).status).toBe(401);
    const refused = await api.call('GET', '/v1/me', from(address));
    expect(refused.status).toBe(429);
    expect(refused.headers.get('ratelimit-policy')).toBe('"address";q=3;w=60');
    expect((await api.call('GET', '/v1/me', from(freshAddress()))).status).toBe(401);
  });

  test('an IPv6 household is one address', async () => {
    const home = `2001:db8:${randomInt(65_536).toString(16)}:${randomInt(65_536).toString(16)}`;
    for (let used = 0; used < 3; used += 1) await api.call('GET', '/v1/me', from(`${home}::${used + 1}`));
    expect((await api.call('GET', '/v1/me', from(`${home}::ff`))).status).toBe(429);
  });

  test('an address that the client made up is not believed', async () => {
    const address = freshAddress();
    for (let used = 0; used < 3; used += 1) await api.call('GET', '/v1/me', from(`${freshAddress()}, ${address}`));
    expect((await api.call('GET', '/v1/me', from(`${freshAddress()}, ${address}`))).status).toBe(429);
  });

  test('signs in under a stricter limit', async () => {
    const address = freshAddress();
    expect((await signIn(api, address)).status).toBe(400);
    expect((await signIn(api, address)).status).toBe(400);
    const refused = await signIn(api, address);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('ratelimit-policy')).toBe('"sign-in";q=2;w=60');
  });
});

describe('when Redis is down', () => {
  let lonely: TestApi;
  beforeAll(async () => {
    const redis = new Redis('redis://127.0.0.1:1', { enableOfflineQueue: false, maxRetriesPerRequest: 1 });
    redis.on('error', () => {});
    lonely = await startApi(LIMITS, { redis });
  });
  afterAll(async () => {
    lonely.deps.redis.disconnect();
    await lonely.close();
  });

  test('requests pass uncounted', async () => {
    const ada = await givenCaller(lonely);
    for (let used = 0; used < 8; used += 1) {
      const answer = await ada.call('GET', '/v1/me');
      expect(answer.status).toBe(200);
      expect(answer.headers.get('ratelimit')).toBeNull();
    }
  });

  test('sign-in stays limited', async () => {
    const address = freshAddress();
    await signIn(lonely, address);
    await signIn(lonely, address);
    expect((await signIn(lonely, address)).status).toBe(429);
  });
});
