import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { User } from '../../shared/db/entities/accounts.ts';
import { freshEmail, type GivenCaller, givenCaller, startApi, type TestApi } from '../support/api.ts';

let api: TestApi;
let ada: GivenCaller;
beforeAll(async () => {
  api = await startApi();
  ada = await givenCaller(api);
});
afterAll(() => api.close());

const invite = (owner: GivenCaller, email: string, role = 'coach') =>
  owner.call('POST', '/v1/members', { body: { email, name: 'Grace', role } });
const signIn = (username: string, password: string, more: Record<string, string> = {}) =>
  api.call('POST', '/oauth/token', { body: { grant_type: 'password', username, password, ...more } });
const choosePassword = (email: string, currentPassword: string) =>
  api.call('POST', '/v1/auth/password', { body: { email, currentPassword, newPassword: 'a sentence of her own' } });

describe('an invited person', () => {
  test('chooses a password with the one-time one, and only that', async () => {
    const email = freshEmail();
    const { status, body } = await invite(ada, email);
    expect(status).toBe(201);
    expect(body.member).toMatchObject({ email, role: 'coach', invited: true });
    const early = await signIn(email, body.oneTimePassword);
    expect(early.status).toBe(400);
    expect(early.body.error_description).toContain('/v1/auth/password');
    expect((await choosePassword(email, body.oneTimePassword)).status).toBe(204);
    expect((await choosePassword(email, body.oneTimePassword)).status).toBe(401);
    const signedIn = await signIn(email, 'a sentence of her own');
    expect(signedIn.status).toBe(200);
    const member = await ada.call('GET', `/v1/members/${body.member.userId}`);
    expect(member.body).toMatchObject({ invited: false });
  });

  test('comes too late after a week', async () => {
    const email = freshEmail();
    const { body } = await invite(ada, email);
    await ada.em().nativeUpdate(User, { id: body.member.userId }, { oneTimeUntil: new Date(Date.now() - 1000) });
    expect((await choosePassword(email, body.oneTimePassword)).status).toBe(401);
  });

  test('who has an account keeps it, and says which creator they mean', async () => {
    const email = freshEmail();
    const own = { creatorName: 'Grace Coaching', userName: 'Grace', email, password: 'a long sentence' };
    const { body: registered } = await api.call('POST', '/v1/auth/register', { body: own });
    const { status, body } = await invite(ada, email, 'viewer');
    expect(status).toBe(201);
    expect(body.oneTimePassword).toBeNull();
    const creatorOf = async (more: Record<string, string>) => {
      const { body: tokens } = await signIn(email, own.password, more);
      return (await api.call('GET', '/v1/me', { token: tokens.access_token })).body;
    };
    expect(await creatorOf({})).toMatchObject({ creator: { id: registered.creator.id }, role: 'owner' });
    expect(await creatorOf({ creator_id: ada.creatorId })).toMatchObject({
      creator: { id: ada.creatorId },
      role: 'viewer',
    });
    const stranger = await givenCaller(api);
    expect((await signIn(email, own.password, { creator_id: stranger.creatorId })).status).toBe(400);
  });

  test('is invited once, and by owners only', async () => {
    const email = freshEmail();
    await invite(ada, email);
    expect((await invite(ada, email)).status).toBe(409);
    const editor = await givenCaller(api, 'editor', ada);
    expect((await invite(editor, freshEmail())).status).toBe(403);
  });
});

describe('a member', () => {
  test('who is removed is out at once', async () => {
    const coach = await givenCaller(api, 'coach', ada);
    expect((await coach.call('GET', '/v1/me')).status).toBe(200);
    expect((await ada.call('DELETE', `/v1/members/${coach.userId}`)).status).toBe(204);
    expect((await coach.call('GET', '/v1/me')).status).toBe(401);
    expect((await ada.call('GET', `/v1/members/${coach.userId}`)).status).toBe(404);
  });

  test('has another role at once', async () => {
    const coach = await givenCaller(api, 'coach', ada);
    const body = { name: 'Mira', timeZone: 'UTC' };
    expect((await coach.call('POST', '/v1/coachees', { body })).status).toBe(201);
    const changed = await ada.call('PATCH', `/v1/members/${coach.userId}`, { body: { role: 'viewer' } });
    expect(changed.body.role).toBe('viewer');
    expect((await coach.call('POST', '/v1/coachees', { body })).status).toBe(403);
  });

  test('of another creator is not there', async () => {
    const stranger = await givenCaller(api);
    for (const [method, options] of [
      ['GET', {}],
      ['DELETE', {}],
      ['PATCH', { body: { role: 'viewer' } }],
    ] as const) {
      expect((await ada.call(method, `/v1/members/${stranger.userId}`, options)).status).toBe(404);
    }
  });
});

describe('the last owner', () => {
  test('stays', async () => {
    const sole = await givenCaller(api);
    expect((await sole.call('DELETE', `/v1/members/${sole.userId}`)).status).toBe(409);
    const demoted = await sole.call('PATCH', `/v1/members/${sole.userId}`, { body: { role: 'coach' } });
    expect(demoted.status).toBe(409);
    expect((await sole.call('PATCH', `/v1/members/${sole.userId}`, { body: { role: 'owner' } })).status).toBe(200);
  });

  test('of two who remove each other at the same moment stays', async () => {
    const first = await givenCaller(api);
    const second = await givenCaller(api, 'owner', first);
    const answers = await Promise.all([
      first.call('DELETE', `/v1/members/${second.userId}`),
      second.call('DELETE', `/v1/members/${first.userId}`),
    ]);
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
  });
});
