import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Channel } from '../../shared/db/entities/channels.ts';
import { forCreator } from '../../shared/db/orm.ts';
import { changePassword } from '../../shared/services/accounts.ts';
import { freshEmail, startApi, type TestApi } from '../support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const PASSWORD = 'a long sentence of mine';

const register = async () => {
  const email = freshEmail();
  const body = { creatorName: 'Ada Coaching', userName: 'Ada', email, password: PASSWORD };
  const { status, body: registered } = await api.call('POST', '/v1/auth/register', { body });
  expect(status).toBe(201);
  return { email, ...registered };
};

const token = (parameters: Record<string, string>, headers: Record<string, string> = {}) =>
  api.call('POST', '/oauth/token', { body: new URLSearchParams(parameters), headers });
const byPassword = (username: string, password = PASSWORD) => token({ grant_type: 'password', username, password });
const refresh = (refreshToken: string) => token({ grant_type: 'refresh_token', refresh_token: refreshToken });
const me = (accessToken: string) => api.call('GET', '/v1/me', { token: accessToken });

describe('registration', () => {
  test('makes a creator, its owner and its web chat', async () => {
    const { email, creator, user } = await register();
    expect(creator.name).toBe('Ada Coaching');
    const { body } = await byPassword(email);
    expect((await me(body.access_token)).body).toMatchObject({
      ...{ kind: 'user', creator, role: 'owner', platformRole: null },
      user: { id: user.id, email },
      memberships: [{ creatorId: creator.id, role: 'owner' }],
    });
    const channels = await forCreator(api.deps.orm, creator.id).find(Channel, {});
    expect(channels).toMatchObject([{ kind: 'web', name: 'Web chat' }]);
  });

  test('takes an e-mail address once, however it is written', async () => {
    const { email } = await register();
    const body = { creatorName: 'Other', userName: 'Other', email: ` ${email.toUpperCase()} `, password: PASSWORD };
    expect((await api.call('POST', '/v1/auth/register', { body })).status).toBe(409);
  });

  test('at the same moment makes one', async () => {
    const body = { creatorName: 'Ada', userName: 'Ada', email: freshEmail(), password: PASSWORD };
    const answers = await Promise.all([1, 2, 3].map(() => api.call('POST', '/v1/auth/register', { body })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  });

  test('refuses a short password', async () => {
    const body = { creatorName: 'Ada', userName: 'Ada', email: freshEmail(), password: '123456789' };
    const answer = await api.call('POST', '/v1/auth/register', { body });
    expect(answer.status).toBe(422);
    expect(answer.body.errors[0].path).toBe('password');
  });
});

describe('the password grant', () => {
  test('gives tokens, as form and as JSON', async () => {
    const { email } = await register();
    const asForm = await byPassword(email);
    expect(asForm.status).toBe(200);
    expect(asForm.headers.get('cache-control')).toBe('no-store');
    expect(asForm.body).toMatchObject({ token_type: 'Bearer', expires_in: 900 });
    const asJson = await api.call('POST', '/oauth/token', {
      body: { grant_type: 'password', username: email, password: PASSWORD },
    });
    expect((await me(asJson.body.access_token)).status).toBe(200);
  });

  test('refuses a wrong password and an unknown address alike, and as slowly', async () => {
    const { email } = await register();
    await byPassword(freshEmail());
    const timed = async (address: string) => {
      const began = performance.now();
      const answer = await byPassword(address, 'not the password');
      return { ms: performance.now() - began, answer };
    };
    const wrong = await timed(email);
    const unknown = await timed(freshEmail());
    expect(wrong.answer.status).toBe(400);
    expect(wrong.answer.body).toEqual(unknown.answer.body);
    expect(wrong.answer.body.error).toBe('invalid_grant');
    // Both hash once; without that an unknown address would be answered in a few milliseconds.
    expect(unknown.ms).toBeGreaterThan(wrong.ms / 4);
  });

  test.each([
    [{ grant_type: 'implicit' }, 'unsupported_grant_type'],
    [{}, 'unsupported_grant_type'],
    [{ grant_type: 'password', username: 'ada@example.org' }, 'invalid_request'],
    [{ grant_type: 'refresh_token' }, 'invalid_request'],
    [{ grant_type: 'refresh_token', refresh_token: 'crt_unknown' }, 'invalid_grant'],
  ])('%o is %s', async (parameters, error) => {
    const answer = await token(parameters as Record<string, string>);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({ error, error_description: expect.any(String) });
  });

  test('ignores parameters that it does not know (RFC 6749, section 3.2)', async () => {
    const { email } = await register();
    expect((await token({ grant_type: 'password', username: email, password: PASSWORD, scope: 'all' })).status).toBe(
      200,
    );
  });
});

describe('refresh tokens', () => {
  test('rotate', async () => {
    const { email } = await register();
    const first = (await byPassword(email)).body;
    const second = (await refresh(first.refresh_token)).body;
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect((await me(second.access_token)).status).toBe(200);
    expect((await refresh(second.refresh_token)).status).toBe(200);
  });

  test('one that comes twice ends its whole family', async () => {
    const { email } = await register();
    const first = (await byPassword(email)).body;
    const second = (await refresh(first.refresh_token)).body;
    const again = await refresh(first.refresh_token);
    expect(again.status).toBe(400);
    expect(again.body.error).toBe('invalid_grant');
    expect((await refresh(second.refresh_token)).status).toBe(400);
    const otherSignIn = (await byPassword(email)).body;
    expect((await refresh(otherSignIn.refresh_token)).status).toBe(200);
  });

  test('of ten uses at once one wins, and the family is ended', async () => {
    const { email } = await register();
    const { refresh_token } = (await byPassword(email)).body;
    const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(refresh_token)));
    const won = answers.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    expect((await refresh(won[0]?.body.refresh_token)).status).toBe(400);
  });

  test('signing out ends them', async () => {
    const { email } = await register();
    const { refresh_token } = (await byPassword(email)).body;
    const signedOut = await api.call('POST', '/oauth/revoke', { body: new URLSearchParams({ token: refresh_token }) });
    expect(signedOut.status).toBe(200);
    expect((await refresh(refresh_token)).status).toBe(400);
    const unknown = await api.call('POST', '/oauth/revoke', { body: new URLSearchParams({ token: 'unknown' }) });
    expect(unknown.status).toBe(200);
  });
});

describe('a password', () => {
  const change = (email: string, currentPassword: string, newPassword: string) =>
    api.call('POST', '/v1/auth/password', { body: { email, currentPassword, newPassword } });

  test('is changed by who knows it, which signs out everywhere', async () => {
    const { email } = await register();
    const { refresh_token } = (await byPassword(email)).body;
    expect((await change(email, 'not the password', 'another sentence')).status).toBe(401);
    expect((await change(email, PASSWORD, 'another sentence')).status).toBe(204);
    expect((await byPassword(email)).status).toBe(400);
    expect((await byPassword(email, 'another sentence')).status).toBe(200);
    expect((await refresh(refresh_token)).status).toBe(400);
  });

  test('is changed once by two at the same moment', async () => {
    const { email } = await register();
    const changes = ['first new sentence', 'second new sentence'].map((newPassword) =>
      changePassword(api.deps.orm, { email, currentPassword: PASSWORD, newPassword }),
    );
    expect((await Promise.all(changes)).filter(Boolean)).toHaveLength(1);
  });
});
