import { defaultPayloadConverter } from '@temporalio/common';
import proto from '@temporalio/proto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CreatorId } from '../../shared/contracts/ids.ts';
import { AuditEntry } from '../../shared/db/entities/accounts.ts';
import { forCreator } from '../../shared/db/orm.ts';
import { ensureOpsUser } from '../../shared/services/accounts.ts';
import { dataConverter } from '../../temporal/client.ts';
import { freshEmail, givenCaller, startApi, type TestApi } from '../support/api.ts';

const UI = 'http://temporal-ui.example:8233';
const PLATFORM = '00000000-0000-0000-0000-000000000000' as CreatorId;
const PASSWORD = 'a long sentence of mine';
const PayloadMessage = proto.temporal.api.common.v1.Payload;

interface JsonPayload {
  metadata: Record<string, string>;
  data: string;
}

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ TEMPORAL_UI_URL: `${UI}/namespaces` });
});
afterAll(() => api.close());

const cookieOf = async (email: string): Promise<string> => {
  const answer = await api.call('POST', '/v1/auth/session', { body: { email, password: PASSWORD } });
  return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
};

const givenOps = async () => {
  const email = freshEmail();
  await ensureOpsUser(api.deps.orm, { email, name: 'Ops', password: PASSWORD });
  return cookieOf(email);
};

const givenOwner = async () => {
  const email = freshEmail();
  const body = { creatorName: 'Ada', userName: 'Ada', email, password: PASSWORD };
  const { body: registered } = await api.call('POST', '/v1/auth/register', { body });
  expect(registered).toBeTruthy();
  return cookieOf(email);
};

/** Payloads as the Temporal UI has them: what our clients and workers send to the server, in proto3 JSON. */
const stored = async (...values: unknown[]): Promise<JsonPayload[]> => {
  const [codec] = dataConverter(api.deps.config).payloadCodecs ?? [];
  const payloads = await codec?.encode(values.map((value) => defaultPayloadConverter.toPayload(value)));
  return (payloads ?? []).map((payload) => PayloadMessage.fromObject(payload).toJSON() as JsonPayload);
};

const ask = (path: string, body: unknown, cookie = '') =>
  api.call('POST', `/codec/${path}`, { body, headers: { origin: UI, cookie, 'x-namespace': 'default' } });

const clear = ({ data }: JsonPayload): unknown => JSON.parse(Buffer.from(data, 'base64').toString());

describe('the codec server', () => {
  test('shows ops what the Temporal server stores encrypted', async () => {
    const cookie = await givenOps();
    const payloads = await stored({ coachee: 'Mira', mood: 'calm' }, 'second');
    expect(payloads.some(({ data }) => Buffer.from(data, 'base64').includes('Mira'))).toBe(false);

    const { status, body } = await ask('decode', { payloads }, cookie);

    expect(status).toBe(200);
    expect(body.payloads.map(clear)).toEqual([{ coachee: 'Mira', mood: 'calm' }, 'second']);
    const [first] = body.payloads as JsonPayload[];
    expect(Buffer.from(first?.metadata.encoding ?? '', 'base64').toString()).toBe('json/plain');
  });

  test('encrypts what ops type in the UI, and leaves what is not encrypted as it is', async () => {
    const cookie = await givenOps();
    const plain = { metadata: { encoding: Buffer.from('json/plain').toString('base64') }, data: 'InRlc3Qi' };

    const { body: encoded } = await ask('encode', { payloads: [plain] }, cookie);
    expect(encoded.payloads[0].data).not.toBe(plain.data);

    expect((await ask('decode', encoded, cookie)).body).toEqual({ payloads: [plain] });
    expect((await ask('decode', { payloads: [plain] }, cookie)).body).toEqual({ payloads: [plain] });
    expect((await ask('decode', { payloads: [] }, cookie)).body).toEqual({ payloads: [] });
  });

  test.each(['decode', 'encode'])('is for ops only: %s', async (direction) => {
    const payloads = await stored('secret');
    expect((await ask(direction, { payloads })).status).toBe(401);
    expect((await ask(direction, { payloads }, 'cairn-session=forged')).status).toBe(401);
    expect((await ask(direction, { payloads }, await givenOwner())).status).toBe(403);
    const { token } = await givenCaller(api);
    expect((await api.call('POST', `/codec/${direction}`, { token, body: { payloads } })).status).toBe(401);
  });

  test('lets the Temporal UI’s pages read the answers, and no others', async () => {
    const cookie = await givenOps();
    const answers = [
      await api.call('OPTIONS', '/codec/decode', { headers: { origin: 'https://evil.example' } }),
      await api.call('OPTIONS', '/codec/encode', { headers: { origin: UI } }),
      await ask('decode', { payloads: await stored(1) }, cookie),
      await ask('decode', { payloads: 'none' }, cookie),
      await ask('decode', { payloads: [] }),
      await ask('decode', '{', cookie),
    ];
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 200, 422, 401, 400]);
    for (const { headers } of answers) {
      expect(headers.get('access-control-allow-origin')).toBe(UI);
      expect(headers.get('access-control-allow-credentials')).toBe('true');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('vary')).toContain('Origin');
    }
    const preflight = answers[0]?.headers;
    expect(preflight?.get('access-control-allow-methods')).toContain('POST');
    expect(preflight?.get('access-control-allow-headers')?.toLowerCase()).toContain('x-namespace');
  });

  test('opens no other route to the Temporal UI’s pages', async () => {
    const { headers } = await api.call('GET', '/v1/me', { headers: { origin: UI, cookie: await givenOps() } });
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  test.each([
    ['no list', {}],
    ['no base64', { payloads: [{ metadata: {}, data: '§' }] }],
    ['no base64 in the metadata', { payloads: [{ metadata: { encoding: '§' }, data: '' }] }],
    ['an array', []],
    ['too many', { payloads: Array.from({ length: 1001 }, () => ({})) }],
  ])('refuses a body that does not fit: %s', async (_, body) => {
    const answer = await ask('decode', body, await givenOps());
    expect(answer.status).toBe(422);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });

  test('takes JSON only, which no foreign form can send', async () => {
    const headers = { cookie: await givenOps(), 'content-type': 'text/plain' };
    expect((await api.call('POST', '/codec/decode', { body: '{"payloads":[]}', headers })).status).toBe(415);
  });

  test('says clearly that a payload cannot be decrypted', async () => {
    const cookie = await givenOps();
    const [payload] = await stored('secret');
    if (!payload) throw new Error('nothing was encoded');
    const bytes = Buffer.from(payload.data, 'base64');
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    const strangerKey = { ...payload.metadata, 'encryption-key-id': Buffer.from('gone').toString('base64') };
    const broken = [
      { ...payload, data: bytes.toString('base64') },
      { ...payload, data: '' },
      { ...payload, metadata: strangerKey },
    ];
    for (const one of broken) {
      const { status, body } = await ask('decode', { payloads: [payload, one] }, cookie);
      expect(status).toBe(422);
      expect(body).toMatchObject({ type: 'urn:cairn:problem:invalid', errors: [{ path: 'payloads.1' }] });
      expect(JSON.stringify(body)).not.toContain('secret');
    }
    const { body } = await ask('decode', { payloads: [broken[2]] }, cookie);
    expect(body.errors[0].message).toContain('gone');
  });

  test('writes down who looked, where no creator reads it', async () => {
    const cookie = await givenOps();
    const entries = (creatorId: CreatorId) => forCreator(api.deps.orm, creatorId).find(AuditEntry, {});
    const before = new Set((await entries(PLATFORM)).map(({ id }) => id));

    await ask('decode', { payloads: await stored('a', 'b') }, cookie);

    const [entry, ...others] = (await entries(PLATFORM)).filter(({ id }) => !before.has(id));
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ action: 'payloads.decoded', subject: 'namespace/default', detail: { payloads: 2 } });
    expect(entry?.actor).toMatch(/^user\/[0-9a-f-]{36}$/);
    const { creatorId } = await givenCaller(api);
    expect(await entries(creatorId)).toEqual([]);
  });
});

describe('the codec server’s page', () => {
  test('sends to the sign-in, and back', async () => {
    const { status, headers } = await api.call('GET', '/codec');
    expect(status).toBe(302);
    expect(headers.get('location')).toBe('/sign-in?return=/codec');
    expect((await api.call('GET', '/codec', { headers: { cookie: await givenOwner() } })).status).toBe(302);
  });

  test('shows ops the endpoint', async () => {
    const { status, text, headers } = await api.call('GET', '/codec', { headers: { cookie: await givenOps() } });
    expect(status).toBe(200);
    expect(text).toContain(`${api.deps.config.publicUrl}/codec</code>`);
    expect(text).toContain(UI);
    expect(headers.get('cache-control')).toBe('no-store');
  });
});
