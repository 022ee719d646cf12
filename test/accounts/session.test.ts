import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requireSession } from '../../api/accounts/session.ts';
import { createParts } from '../../api/app-parts.ts';
import type { CairnError } from '../../shared/errors.ts';
import { ensureOpsUser } from '../../shared/services/accounts.ts';
import { freshEmail, startApi, type TestApi } from '../support/api.ts';

let api: TestApi;
let page: { url: string; server: Server };
beforeAll(async () => {
  api = await startApi();
  page = await startPage();
});
afterAll(async () => {
  page.server.close();
  await api.close();
});

/** A page for ops, as the codec server is one. */
const startPage = async () => {
  const parts = createParts(api.deps);
  const app = new Koa().use(async (ctx) => {
    ctx.body = await requireSession(parts, ctx, 'ops').then(
      ({ platformRole }) => platformRole,
      (error: CairnError) => error.type,
    );
  });
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
};

const PASSWORD = 'a long sentence of mine';

const givenOps = async () => {
  const email = freshEmail();
  expect(await ensureOpsUser(api.deps.orm, { email, name: 'Ops', password: PASSWORD })).toBe(true);
  expect(await ensureOpsUser(api.deps.orm, { email, name: 'Ops', password: 'another' })).toBe(false);
  return email;
};

const givenOwner = async () => {
  const email = freshEmail();
  const body = { creatorName: 'Ada', userName: 'Ada', email, password: PASSWORD };
  await api.call('POST', '/v1/auth/register', { body });
  return email;
};

const signIn = (email: string, password = PASSWORD, headers: Record<string, string> = {}) =>
  api.call('POST', '/v1/auth/session', { body: { email, password }, headers });

/** What a page that asks for an ops session answers to this cookie. */
const askedFor = async (cookie: string) => {
  const response = await fetch(page.url, { headers: { cookie: cookie.split(';')[0] ?? '' } });
  return response.text();
};

describe('a browser session', () => {
  test('is a cookie that scripts and foreign pages cannot use', async () => {
    const answer = await signIn(await givenOps());
    expect(answer.status).toBe(200);
    expect(answer.body.platformRole).toBe('ops');
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^cairn-session=[\w.-]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=28800$/);
    expect(await askedFor(cookie)).toBe('ops');
  });

  test('is secure and bound to the host where the API is reached by https', async () => {
    const secure = await startApi({ PUBLIC_URL: 'https://cairn.example.org' });
    try {
      const body = { email: await givenOps(), password: PASSWORD };
      const answer = await secure.call('POST', '/v1/auth/session', { body });
      expect(answer.headers.get('set-cookie')).toMatch(/^__Host-cairn-session=.*; Secure$/);
      expect(answer.headers.get('strict-transport-security')).toContain('max-age');
    } finally {
      await secure.close();
    }
  });

  test('of a creator’s owner does not open what is for ops', async () => {
    const answer = await signIn(await givenOwner());
    expect(await askedFor(answer.headers.get('set-cookie') ?? '')).toBe('forbidden');
    expect(await askedFor('cairn-session=forged')).toBe('unauthenticated');
    expect(await askedFor('')).toBe('unauthenticated');
  });

  test('does not open the API, and an access token is no session', async () => {
    const email = await givenOwner();
    const cookie = (await signIn(email)).headers.get('set-cookie') ?? '';
    expect((await api.call('GET', '/v1/me', { headers: { cookie } })).status).toBe(401);
    const { body } = await api.call('POST', '/oauth/token', {
      body: { grant_type: 'password', username: email, password: PASSWORD },
    });
    expect(await askedFor(`cairn-session=${body.access_token}`)).toBe('unauthenticated');
  });

  test('needs the right password, and ends by signing out', async () => {
    const email = await givenOps();
    expect((await signIn(email, 'wrong password')).status).toBe(401);
    const out = await api.call('DELETE', '/v1/auth/session');
    expect(out.status).toBe(204);
    expect(out.headers.get('set-cookie')).toMatch(/^cairn-session=; .*Max-Age=0$/);
  });

  test('is not begun by a page of another site', async () => {
    const email = await givenOps();
    expect((await signIn(email, PASSWORD, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await signIn(email, PASSWORD, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await signIn(email, PASSWORD, { origin: api.url })).status).toBe(200);
  });
});

describe('the sign-in page', () => {
  const form = (fields: Record<string, string>) =>
    api.call('POST', '/v1/auth/session', { body: new URLSearchParams(fields), headers: { origin: api.url } });

  test('brings people where they wanted to go, and nowhere else', async () => {
    const email = await givenOps();
    const there = await form({ email, password: PASSWORD, return: '/codec/?a=1' });
    expect(there.status).toBe(303);
    expect(there.headers.get('location')).toBe('/codec/?a=1');
    for (const elsewhere of ['//evil.example', 'https://evil.example', '/\\evil.example']) {
      expect((await form({ email, password: PASSWORD, return: elsewhere })).status).toBe(422);
      const { text } = await api.call('GET', `/sign-in?return=${encodeURIComponent(elsewhere)}`);
      expect(text).toContain('name="return" value="/"');
    }
  });

  test('says when the password does not fit', async () => {
    const refused = await form({ email: await givenOps(), password: 'wrong password', return: '/codec' });
    expect(refused.status).toBe(303);
    expect(refused.headers.get('location')).toBe('/sign-in?failed=1&return=%2Fcodec');
    const { text, headers } = await api.call('GET', '/sign-in?failed=1&return=%2Fcodec');
    expect(text).toContain('role="alert"');
    expect(text).toContain('name="return" value="/codec"');
    expect(headers.get('content-security-policy')).toContain("script-src 'self'");
  });
});
