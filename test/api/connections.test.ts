/** More requests at once than there are connections to Postgres: each has its turn, none waits for another's. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOrm, type Orm } from '../../shared/db/orm.ts';
import { freshEmail, givenCaller, startApi, type TestApi } from '../support/api.ts';
import { testConfig } from '../support/environment.ts';

const CONNECTIONS = 2;
const AT_ONCE = 20;

let api: TestApi;
let orm: Orm;
beforeAll(async () => {
  orm = createOrm({ databaseUrl: testConfig().DATABASE_URL, poolSize: CONNECTIONS });
  api = await startApi({}, { orm });
});
afterAll(async () => {
  await api.close();
  await orm.close(true);
});

const atOnce = (call: () => Promise<{ status: number }>) => Promise.all(Array.from({ length: AT_ONCE }, call));

test.each([
  '/v1/me',
  '/v1/programs',
  '/v1/members',
  '/v1/coachees',
  '/v1/enrollments',
  '/v1/conversations',
  '/v1/deliveries',
  '/v1/channels',
  '/v1/api-keys',
])('GET %s is answered to everybody', async (path) => {
  const { token } = await givenCaller(api);
  const answers = await atOnce(() => api.call('GET', path, { token }));
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
});

test('members are invited side by side', async () => {
  const { token } = await givenCaller(api);
  const body = () => ({ email: freshEmail(), name: 'Cleo', role: 'viewer' });
  const answers = await atOnce(() => api.call('POST', '/v1/members', { token, body: body() }));
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
});

test('coachees are enrolled side by side', async () => {
  const { token } = await givenCaller(api);
  const definition = { v: 1, title: 'Side by side', steps: [{ key: 'hello', type: 'message', text: 'Hello' }] };
  const program = await api.call('POST', '/v1/programs', { token, body: { definition } });
  const programId = (program.body as { id: string }).id;
  expect((await api.call('POST', `/v1/programs/${programId}/publish`, { token, body: {} })).status).toBeLessThan(300);
  const body = { programId, coachee: { name: 'Mira', timeZone: 'Europe/Berlin' } };
  const answers = await atOnce(() => api.call('POST', '/v1/enrollments', { token, body }));
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
});
