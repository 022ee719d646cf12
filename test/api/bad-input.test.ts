import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GivenCaller, givenCaller, startApi, type TestApi } from '../support/api.ts';
import { givenCoachee, givenEnrollment, givenProgram } from '../support/factories.ts';

let api: TestApi;
let ada: GivenCaller;
beforeAll(async () => {
  api = await startApi();
  ada = await givenCaller(api);
});
afterAll(() => api.close());

const expectProblem = (answer: Awaited<ReturnType<TestApi['call']>>, status: number, kind: string) => {
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(answer.body).toMatchObject({ type: `urn:cairn:problem:${kind}`, status });
  expect(answer.status).toBe(status);
  expect(answer.body.requestId).toBe(answer.headers.get('x-request-id'));
};

const coachee = { name: 'Mira', timeZone: 'Europe/Berlin' };

describe('a request that cannot be understood', () => {
  test('an unknown path is 404', async () => {
    expectProblem(await ada.call('GET', '/v1/nothing'), 404, 'notFound');
  });

  test('a wrong method is 405 and says which are possible', async () => {
    const answer = await ada.call('DELETE', '/v1/coachees');
    expectProblem(answer, 405, 'methodNotAllowed');
    expect(answer.headers.get('allow')).toBe('GET, HEAD, OPTIONS, POST');
  });

  test('OPTIONS says which methods are possible', async () => {
    const answer = await ada.call('OPTIONS', '/v1/coachees');
    expect(answer.status).toBe(204);
    expect(answer.headers.get('allow')).toBe('GET, HEAD, OPTIONS, POST');
  });

  test('a body that is no JSON is 400 and names the position', async () => {
    const answer = await ada.call('POST', '/v1/coachees', { body: '{"name": "Mira",, }' });
    expectProblem(answer, 400, 'malformed');
    expect(answer.body.detail).toMatch(/position 16/);
  });

  test('a body cut short is 400', async () => {
    expectProblem(await ada.call('POST', '/v1/coachees', { body: '{"name": "Mi' }), 400, 'malformed');
  });

  test('a body above 1 MiB is 413', async () => {
    const body = JSON.stringify({ ...coachee, name: 'x'.repeat(1024 * 1024) });
    expectProblem(await ada.call('POST', '/v1/coachees', { body }), 413, 'tooLarge');
  });

  test('a wrong content type is 415 and says which is right', async () => {
    const answer = await ada.call('POST', '/v1/coachees', {
      body: 'name=Mira',
      headers: { 'content-type': 'text/plain' },
    });
    expectProblem(answer, 415, 'unsupportedType');
    expect(answer.headers.get('accept-post')).toBe('application/json');
  });

  test.each([
    ['a path that cannot be decoded', '/v1/coachees/%E0%A4%A'],
    ['an id that is none', '/v1/coachees/mira'],
    ['an id with a NUL', '/v1/coachees/%00'],
    ['a version beyond all numbers', '/v1/programs/01890a5d-ac96-774b-bcce-b302099a8057/versions/99999999999999999999'],
  ])('%s is 404', async (_, path) => {
    expectProblem(await ada.call('GET', path), 404, 'notFound');
  });
});

describe('fields that do not fit', () => {
  test('each is named by its path', async () => {
    const answer = await ada.call('POST', '/v1/coachees', {
      body: { name: '', timeZone: 'Mars/Olympus', traits: { 'no spaces': 1 }, tags: ['ok', 7] },
    });
    expectProblem(answer, 422, 'invalid');
    const paths = answer.body.errors.map((one: { path: string }) => one.path);
    expect(paths).toEqual(['name', 'timeZone', 'traits.no spaces', 'tags.1']);
  });

  test('an unknown field is refused by its own path', async () => {
    const answer = await ada.call('POST', '/v1/coachees', { body: { ...coachee, nmae: 'Mira' } });
    expectProblem(answer, 422, 'invalid');
    expect(answer.body.errors).toEqual([
      { path: 'nmae', message: 'This field is not known here.', code: 'unrecognized_keys' },
    ]);
  });

  test('an unknown query parameter is refused', async () => {
    const answer = await ada.call('GET', '/v1/coachees?limti=5');
    expectProblem(answer, 422, 'invalid');
    expect(answer.body.errors[0].path).toBe('query.limti');
  });

  test.each(['0', '101', '-1', 'many', ''])('a page of %s items is refused', async (limit) => {
    expectProblem(await ada.call('GET', `/v1/coachees?limit=${limit}`), 422, 'invalid');
  });

  test.each(['x', 'bnVsbA', Buffer.from('["drop table"]').toString('base64url')])(
    'the cursor %s is refused',
    async (cursor) => {
      const answer = await ada.call('GET', `/v1/coachees?cursor=${cursor}`);
      expectProblem(answer, 422, 'invalid');
      expect(answer.body.errors[0].path).toBe('query.cursor');
    },
  );

  test('text that Postgres cannot keep is refused', async () => {
    const withNul = await ada.call('POST', '/v1/coachees', { body: { ...coachee, name: 'Mi\0ra' } });
    expectProblem(withNul, 422, 'invalid');
    const withHalf = await ada.call('POST', '/v1/coachees', { body: `{"name":"\\ud800","timeZone":"UTC"}` });
    expectProblem(withHalf, 422, 'invalid');
    expect(withHalf.body.errors[0].path).toBe('name');
  });

  test('nesting without end is refused', async () => {
    const depth = 100_000;
    const body = `{"name":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    expectProblem(await ada.call('POST', '/v1/coachees', { body }), 422, 'invalid');
  });

  test('a key that would poison prototypes is refused', async () => {
    const body = '{"name":"Mira","timeZone":"UTC","__proto__":{"isTest":true}}';
    const answer = await ada.call('POST', '/v1/coachees', { body });
    expect([400, 422]).toContain(answer.status);
  });
});

describe('what nobody may know', () => {
  test('a caller without a token is told how to get one', async () => {
    const answer = await api.call('GET', '/v1/coachees');
    expectProblem(answer, 401, 'unauthenticated');
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
  });

  test.each(['Bearer', 'Bearer x', 'Basic eDp5', 'Bearer eyJhbGciOiJub25lIn0.e30.'])(
    '%s signs nobody in',
    async (authorization) => {
      expectProblem(await api.call('GET', '/v1/coachees', { headers: { authorization } }), 401, 'unauthenticated');
    },
  );

  test('a role that is too small is 403', async () => {
    const viewer = await givenCaller(api, 'viewer', ada);
    expectProblem(await viewer.call('POST', '/v1/coachees', { body: coachee }), 403, 'forbidden');
    expect((await viewer.call('GET', '/v1/coachees')).status).toBe(200);
  });

  test('a failure of ours has the request’s id and no details', async () => {
    const broken = await startApi({}, { runs: { start: fail, send: fail, nudge: async () => {}, progress: fail } });
    try {
      const owner = await givenCaller(broken);
      const { enrollmentId } = await givenRunning(owner);
      const answer = await owner.call('GET', `/v1/enrollments/${enrollmentId}/progress`, {
        headers: { 'x-request-id': 'my-own-request-id' },
      });
      expectProblem(answer, 500, 'internal');
      expect(answer.text).not.toContain('secret detail');
      expect(answer.body.requestId).toBe('my-own-request-id');
    } finally {
      await broken.close();
    }
  });
});

const fail = () => Promise.reject(new Error('secret detail'));

const givenRunning = async (owner: GivenCaller) => {
  const program = await givenProgram(owner, { steps: [{ key: 'hello', type: 'message', text: 'Hello' }] });
  const { coacheeId } = await givenCoachee(owner, owner.webChannelId);
  return { enrollmentId: await givenEnrollment(owner, program, coacheeId) };
};
