import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AuditEntry } from '../../shared/db/entities/accounts.ts';
import { type GivenCaller, givenCaller, startApi, type TestApi } from '../support/api.ts';

let api: TestApi;
let ada: GivenCaller;
beforeAll(async () => {
  api = await startApi();
  ada = await givenCaller(api);
});
afterAll(() => api.close());

const givenKey = async (role = 'coach') => {
  const { status, body } = await ada.call('POST', '/v1/api-keys', { body: { name: 'shop', role } });
  expect(status).toBe(201);
  return body as { apiKey: { id: string; hint: string }; clientId: string; clientSecret: string };
};

const token = (body: Record<string, string>, headers: Record<string, string> = {}) =>
  api.call('POST', '/oauth/token', {
    body: new URLSearchParams({ grant_type: 'client_credentials', ...body }),
    headers,
  });
const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
});

describe('an API key', () => {
  test('shows its secret once', async () => {
    const { clientSecret, apiKey } = await givenKey();
    const { body } = await ada.call('GET', '/v1/api-keys');
    const listed = body.items.find((one: { id: string }) => one.id === apiKey.id);
    expect(listed).toMatchObject({ name: 'shop', role: 'coach', revokedAt: null, hint: clientSecret.slice(-4) });
    expect(JSON.stringify(body)).not.toContain(clientSecret);
  });

  test('signs in by the body and by HTTP Basic, with its role and nothing more', async () => {
    const { clientId, clientSecret } = await givenKey('viewer');
    const inBody = await token({ client_id: clientId, client_secret: clientSecret });
    const byBasic = await token({}, basic(clientId, encodeURIComponent(clientSecret)));
    expect(inBody.body.refresh_token).toBeUndefined();
    for (const answer of [inBody, byBasic]) {
      expect(answer.status).toBe(200);
      const accessToken = answer.body.access_token;
      expect((await api.call('GET', '/v1/me', { token: accessToken })).body).toMatchObject({
        ...{ kind: 'apiKey', user: null, role: 'viewer', apiKey: { id: clientId, name: 'shop' } },
        creator: { id: ada.creatorId },
      });
      const body = { name: 'Mira', timeZone: 'UTC' };
      expect((await api.call('POST', '/v1/coachees', { token: accessToken, body })).status).toBe(403);
    }
    const { body } = await ada.call('GET', '/v1/api-keys');
    expect(body.items.find((one: { id: string }) => one.id === clientId).lastUsedAt).not.toBeNull();
  });

  test.each([
    ['a wrong secret', (id: string) => basic(id, 'cks_wrong')],
    ['an unknown id', () => basic('01890a5d-ac96-774b-bcce-b302099a8057', 'cks_wrong')],
    ['an id that is none', () => basic('shop', 'cks_wrong')],
    ['a header that cannot be decoded', (id: string) => basic(id, '%E0%A4%A')],
  ])('%s is invalid_client', async (_, header) => {
    const { clientId } = await givenKey();
    const answer = await token({}, header(clientId));
    expect(answer.status).toBe(401);
    expect(answer.body.error).toBe('invalid_client');
    expect(answer.headers.get('www-authenticate')).toMatch(/^Basic/);
  });

  test('that is revoked stops at once, its tokens too', async () => {
    const { clientId, clientSecret } = await givenKey();
    const { body } = await token({ client_id: clientId, client_secret: clientSecret });
    expect((await api.call('GET', '/v1/me', { token: body.access_token })).status).toBe(200);
    expect((await ada.call('DELETE', `/v1/api-keys/${clientId}`)).status).toBe(204);
    expect((await api.call('GET', '/v1/me', { token: body.access_token })).status).toBe(401);
    expect((await token({ client_id: clientId, client_secret: clientSecret })).status).toBe(401);
    expect((await ada.call('DELETE', `/v1/api-keys/${clientId}`)).status).toBe(204);
  });

  test('is made and revoked by owners only, and the audit trail says by whom', async () => {
    const editor = await givenCaller(api, 'editor', ada);
    expect((await editor.call('POST', '/v1/api-keys', { body: { name: 'shop', role: 'owner' } })).status).toBe(403);
    const { clientId } = await givenKey();
    const [entry] = await ada.em().find(AuditEntry, { subject: `apiKey/${clientId}` });
    expect(entry).toMatchObject({ action: 'apiKey.created', actor: `user/${ada.userId}` });
  });
});
