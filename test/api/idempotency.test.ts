import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { IdempotentRequest } from '../../shared/db/entities/accounts.ts';
import { type GivenCaller, givenCaller, startApi, type TestApi } from '../support/api.ts';
import { givenCoachee, givenEnrollment, givenProgram } from '../support/factories.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const coachee = { name: 'Mira', timeZone: 'Europe/Berlin' };
const withKey = (key: string) => ({ headers: { 'idempotency-key': key } });
const post = (caller: GivenCaller, key: string, body: unknown = coachee) =>
  caller.call('POST', '/v1/coachees', { body, ...withKey(key) });
const coacheesOf = async (caller: GivenCaller) => (await caller.call('GET', '/v1/coachees?limit=100')).body.items;

describe('the same key with the same request', () => {
  test('gets the same answer again and makes nothing anew', async () => {
    const ada = await givenCaller(api);
    const key = randomUUID();
    const first = await post(ada, key);
    const second = await post(ada, key);
    expect(first.status).toBe(201);
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    expect(second.status).toBe(201);
    expect(second.text).toBe(first.text);
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect(await coacheesOf(ada)).toHaveLength(1);
  });

  test('twenty at once make one', async () => {
    const ada = await givenCaller(api);
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(ada, key)));
    const made = answers.filter(({ status }) => status === 201);
    const waiting = answers.filter(({ status }) => status === 409);
    expect(made.length).toBeGreaterThan(0);
    expect(made.length + waiting.length).toBe(20);
    expect(new Set(made.map(({ text }) => text)).size).toBe(1);
    for (const answer of waiting) expect(answer.headers.get('retry-after')).toBe('1');
    expect(await coacheesOf(ada)).toHaveLength(1);
  });

  test('gets a refusal again', async () => {
    const ada = await givenCaller(api);
    const key = randomUUID();
    const first = await post(ada, key, { ...coachee, name: '' });
    const second = await post(ada, key, { ...coachee, name: '' });
    expect(first.status).toBe(422);
    expect(second.text).toBe(first.text);
    expect(second.headers.get('content-type')).toMatch(/problem\+json/);
  });

  test('a failure of ours is not kept', async () => {
    const answers = [new Error('gone for a moment'), 'accepted' as const];
    const send = async () => {
      const next = answers.shift();
      if (next instanceof Error) throw next;
      return next ?? 'accepted';
    };
    const shaky = await startApi({}, { runs: { ...api.deps.runs, start: async () => {}, send } });
    try {
      const ada = await givenCaller(shaky);
      const program = await givenProgram(ada, { steps: [{ key: 'hello', type: 'message', text: 'Hello' }] });
      const { coacheeId } = await givenCoachee(ada, ada.webChannelId);
      const enrollmentId = await givenEnrollment(ada, program, coacheeId);
      const pause = () => ada.call('POST', `/v1/enrollments/${enrollmentId}/signals/pause`, withKey('pause-once'));
      expect((await pause()).status).toBe(500);
      const second = await pause();
      expect(second.status).toBe(200);
      expect(second.headers.get('idempotent-replayed')).toBeNull();
    } finally {
      await shaky.close();
    }
  });
});

describe('a key', () => {
  test('with another request is refused', async () => {
    const ada = await givenCaller(api);
    const key = randomUUID();
    await post(ada, key);
    const other = await post(ada, key, { ...coachee, name: 'Juno' });
    expect(other.status).toBe(422);
    expect(other.body.errors[0].path).toBe('header.Idempotency-Key');
    expect(await coacheesOf(ada)).toHaveLength(1);
  });

  test('of one caller is nothing to another', async () => {
    const ada = await givenCaller(api);
    const colleague = await givenCaller(api, 'coach', ada);
    const key = randomUUID();
    const first = await post(ada, key);
    const second = await post(colleague, key);
    expect(second.body.id).not.toBe(first.body.id);
  });

  test('that is too long is refused', async () => {
    const ada = await givenCaller(api);
    expect((await post(ada, 'x'.repeat(256))).status).toBe(422);
    expect((await post(ada, 'x'.repeat(255))).status).toBe(201);
  });

  test('of a request that died is taken over after a minute', async () => {
    const ada = await givenCaller(api);
    const key = randomUUID();
    await post(ada, key);
    const [row] = await ada.em().find(IdempotentRequest, {});
    const kept = { key: row?.key ?? '' };
    await ada.em().nativeUpdate(IdempotentRequest, kept, { status: null, response: null });
    expect((await post(ada, key)).status).toBe(409);
    await ada.em().nativeUpdate(IdempotentRequest, kept, { createdAt: new Date(Date.now() - 61_000) });
    const takenOver = await post(ada, key);
    expect(takenOver.status).toBe(201);
    expect((await post(ada, key)).text).toBe(takenOver.text);
  });

  test('keeps its answer encrypted', async () => {
    const ada = await givenCaller(api);
    const { body } = await ada.call('POST', '/v1/api-keys', {
      body: { name: 'shop', role: 'coach' },
      ...withKey('key-1'),
    });
    const [row] = await ada.em().find(IdempotentRequest, {});
    expect(row?.response).not.toContain(body.clientSecret);
    expect(api.deps.vault.open(row?.response ?? '')).toContain(body.clientSecret);
  });
});

describe('without being signed in', () => {
  test('a repeated registration gets the same answer', async () => {
    const register = {
      creatorName: 'Ada',
      userName: 'Ada',
      email: `${randomUUID()}@example.org`,
      password: 'a long sentence',
    };
    const options = { body: register, ...withKey(randomUUID()) };
    const first = await api.call('POST', '/v1/auth/register', options);
    const second = await api.call('POST', '/v1/auth/register', options);
    expect(first.status).toBe(201);
    expect(second.text).toBe(first.text);
    const otherKey = await api.call('POST', '/v1/auth/register', { body: register, ...withKey(randomUUID()) });
    expect(otherKey.status).toBe(409);
  });
});
