import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ProgramVersion } from '../../shared/db/entities/programs.ts';
import { type GivenCaller, givenCaller, startApi, type TestApi } from '../support/api.ts';

let api: TestApi;
let ada: GivenCaller;
beforeAll(async () => {
  api = await startApi();
  ada = await givenCaller(api);
});
afterAll(() => api.close());

const definition = (title = 'Calm mornings', more: object = {}) => ({
  v: 1,
  title,
  steps: [
    { key: 'hello', type: 'message', text: 'Good morning, {{coachee.name}}!' },
    { key: 'rest', type: 'wait', for: { days: 1 } },
    { key: 'end', type: 'finish' },
  ],
  ...more,
});

/** Two messages that go round and round. */
const roundabout = {
  v: 1,
  title: 'Roundabout',
  steps: [
    { key: 'a', type: 'message', text: 'A' },
    { key: 'b', type: 'message', text: 'B', next: 'a' },
  ],
};

const givenDraft = async (of: unknown = definition()) => {
  const { status, body } = await ada.call('POST', '/v1/programs', { body: { definition: of } });
  expect(status).toBe(201);
  return body.id as string;
};
const publish = (id: string, body: object = {}) => ada.call('POST', `/v1/programs/${id}/publish`, { body });
const save = (id: string, of: unknown, more: { revision?: number; ifMatch?: string } = {}) =>
  ada.call('PUT', `/v1/programs/${id}/draft`, {
    body: { definition: of, ...(more.revision !== undefined && { revision: more.revision }) },
    ...(more.ifMatch !== undefined && { headers: { 'if-match': more.ifMatch } }),
  });

describe('a program', () => {
  test('is made, listed and read', async () => {
    const id = await givenDraft();
    const { body } = await ada.call('GET', `/v1/programs/${id}`);
    expect(body).toMatchObject({ id, title: 'Calm mornings', language: 'en', publishedVersion: null });
    const list = await ada.call('GET', '/v1/programs');
    expect(list.body.items.map((one: { id: string }) => one.id)).toContain(id);
  });

  test('that is malformed is refused with the paths, and nothing is kept', async () => {
    const bob = await givenCaller(api);
    const broken = {
      v: 1,
      title: 'Broken',
      steps: [
        { key: 'Hello!', type: 'message', text: 'x' },
        { key: 'b', type: 'mesage', text: 'x' },
        { key: 'c', type: 'ask', text: 'x', answer: { kind: 'number', min: 'low' } },
        { key: 'd', type: 'finish', surprise: true },
      ],
    };
    const answer = await bob.call('POST', '/v1/programs', { body: { definition: broken } });
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map((one: { path: string }) => one.path)).toEqual([
      'definition.steps.0.key',
      'definition.steps.1.type',
      'definition.steps.2.answer.min',
      'definition.steps.3.surprise',
    ]);
    expect((await bob.call('GET', '/v1/programs')).body.items).toEqual([]);
  });

  test('is edited by editors only', async () => {
    const id = await givenDraft();
    const coach = await givenCaller(api, 'coach', ada);
    expect((await coach.call('PUT', `/v1/programs/${id}/draft`, { body: { definition: definition() } })).status).toBe(
      403,
    );
    expect((await coach.call('POST', `/v1/programs/${id}/publish`)).status).toBe(403);
    expect((await coach.call('GET', `/v1/programs/${id}/draft`)).status).toBe(200);
  });
});

describe('a draft', () => {
  test('is saved under a revision; who is late gets a 409 with both', async () => {
    const id = await givenDraft();
    const first = await save(id, definition('First'), { revision: 1 });
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({ revision: 2, findings: [] });
    expect(first.headers.get('etag')).toBe('"2"');
    const late = await save(id, definition('Late'), { revision: 1 });
    expect(late.status).toBe(409);
    expect(late.body).toMatchObject({ yourRevision: 1, currentRevision: 2, currentDraft: { title: 'First' } });
    expect((await ada.call('GET', `/v1/programs/${id}`)).body.title).toBe('First');
  });

  test('takes the revision as If-Match too', async () => {
    const id = await givenDraft();
    const { headers } = await ada.call('GET', `/v1/programs/${id}/draft`);
    const etag = headers.get('etag') ?? '';
    expect((await save(id, definition('First'), { ifMatch: etag })).status).toBe(200);
    expect((await save(id, definition('Late'), { ifMatch: etag })).status).toBe(409);
    expect((await save(id, definition('Whatever'), { ifMatch: '*' })).status).toBe(200);
    expect((await save(id, definition('Odd'), { ifMatch: 'three' })).status).toBe(422);
  });

  test('of ten savers at once one wins', async () => {
    const id = await givenDraft();
    const titles = Array.from({ length: 10 }, (_, i) => `Saver ${i}`);
    const answers = await Promise.all(titles.map((title) => save(id, definition(title), { revision: 1 })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(9);
  });

  test('may be faulty, and lint says how', async () => {
    const id = await givenDraft(roundabout);
    const { body } = await ada.call('POST', `/v1/programs/${id}/lint`);
    expect(body.publishable).toBe(false);
    expect(body.findings[0]).toMatchObject({ severity: 'error', path: expect.stringMatching(/^steps\./) });
    const sentAlong = await ada.call('POST', `/v1/programs/${id}/lint`, { body: { definition: definition() } });
    expect(sentAlong.body).toEqual({ publishable: true, findings: [] });
  });
});

describe('publishing', () => {
  test('makes version after version; an unchanged draft gives the newest again', async () => {
    const id = await givenDraft();
    const first = await publish(id, { note: 'the first' });
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({ number: 1, note: 'the first', publishedBy: ada.userId, title: 'Calm mornings' });
    const again = await publish(id);
    expect(again.status).toBe(200);
    expect(again.body.id).toBe(first.body.id);
    await save(id, definition('Calmer mornings'));
    expect((await publish(id)).body.number).toBe(2);
    const list = await ada.call('GET', `/v1/programs/${id}/versions`);
    expect(list.body.items.map((one: { number: number; title: string }) => [one.number, one.title])).toEqual([
      [2, 'Calmer mornings'],
      [1, 'Calm mornings'],
    ]);
    const old = await ada.call('GET', `/v1/programs/${id}/versions/1`);
    expect(old.body.definition).toMatchObject({ title: 'Calm mornings', language: 'en', signals: [] });
    expect((await ada.call('GET', `/v1/programs/${id}/versions/3`)).status).toBe(404);
  });

  test('by many at once makes one version', async () => {
    const id = await givenDraft();
    const answers = await Promise.all(Array.from({ length: 8 }, () => publish(id)));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  });

  test('a faulty draft is refused with the findings, and nothing is kept', async () => {
    const id = await givenDraft(roundabout);
    const answer = await publish(id);
    expect(answer.status).toBe(422);
    expect(answer.body.findings.length).toBeGreaterThan(0);
    expect(answer.body.errors[0].path).toMatch(/^definition\.steps\./);
    expect((await ada.call('GET', `/v1/programs/${id}`)).body.publishedVersion).toBeNull();
  });

  test('names an unknown step by its path', async () => {
    const id = await givenDraft({
      v: 1,
      title: 'Lost',
      steps: [{ key: 'a', type: 'message', text: 'A', next: 'nowhere' }],
    });
    const { body } = await publish(id);
    expect(body.errors).toMatchObject([
      { path: 'definition.steps.0.next', message: expect.stringContaining('nowhere') },
    ]);
  });

  test('refuses a revision that is not the draft’s', async () => {
    const id = await givenDraft();
    await save(id, definition('Newer'));
    expect((await publish(id, { revision: 1 })).status).toBe(409);
    expect((await publish(id, { revision: 2 })).status).toBe(201);
  });

  test('is for ever: the database refuses a change', async () => {
    const id = await givenDraft();
    const { body } = await publish(id);
    const change = ada.em().nativeUpdate(ProgramVersion, { id: body.id }, { notes: 'rewritten' });
    await expect(change).rejects.toThrow(/never changes/);
  });
});

describe('simulation', () => {
  const persona = { name: 'Mira', timeZone: 'Europe/Berlin', startAt: '2026-03-28T08:00:00Z' };
  const simulate = (id: string, body: object) => ada.call('POST', `/v1/programs/${id}/simulate`, { body });

  test('gives the whole transcript at local times, of the draft and of a version', async () => {
    const id = await givenDraft();
    await publish(id);
    await save(id, definition('Newer', { steps: [{ key: 'only', type: 'message', text: 'Newer words' }] }));
    const ofDraft = (await simulate(id, { personas: [persona] })).body.simulations[0];
    expect(ofDraft.transcript[0].text).toBe('Newer words');
    const ofVersion = (await simulate(id, { version: 1, personas: [persona] })).body.simulations[0];
    expect(ofVersion).toMatchObject({ persona: 'Mira', status: 'finished', reached: ['hello', 'rest', 'end'] });
    expect(ofVersion.transcript[0]).toMatchObject({
      ...{ from: 'program', text: 'Good morning, Mira!', local: 'Sat 2026-03-28T09:00:00+01:00' },
    });
    // A day later by the coachee's clock: Berlin has moved it meanwhile.
    expect(ofVersion.transcript.at(-1).local).toBe('Sun 2026-03-29T09:00:00+02:00');
  });

  test('names what does not fit', async () => {
    const id = await givenDraft();
    const body = { personas: [{ ...persona, timeZone: 'Mars/Olympus' }] };
    expect((await simulate(id, body)).body.errors).toMatchObject([{ path: 'personas.0.timeZone' }]);
    expect((await simulate(id, { personas: [] })).status).toBe(422);
    expect((await simulate(id, { personas: [persona], version: 9 })).status).toBe(404);
    const faulty = await givenDraft(roundabout);
    expect((await simulate(faulty, { personas: [persona] })).body.findings.length).toBeGreaterThan(0);
  });

  const population = {
    ...{ count: 40, seed: 1, startAt: '2026-03-28T08:00:00Z', mix: [{ persona: { policy: 'random' } }] },
    zones: [{ timeZone: 'Europe/Berlin' }, { timeZone: 'Asia/Tokyo', weight: 2 }],
  };

  test('of a population gives a report of all and the transcripts of a few', async () => {
    const { status, body } = await simulate(await givenDraft(), { population, transcripts: 2 });
    expect(status).toBe(200);
    expect(body.simulations).toHaveLength(2);
    expect(body.report).toMatchObject({ personas: 40, sends: 40, reached: ['hello', 'rest', 'end'], unreached: [] });
    const both = { population, personas: [persona] };
    expect((await simulate(await givenDraft(), both)).body.errors).toMatchObject([{ path: 'personas' }]);
  });

  test('comes as a picture too', async () => {
    const picture = await ada.call('POST', `/v1/programs/${await givenDraft()}/simulate`, {
      body: { population },
      headers: { accept: 'image/svg+xml' },
    });
    expect(picture.headers.get('content-type')).toBe('image/svg+xml; charset=utf-8');
    expect(picture.text).toMatch(/^<svg .*Calm mornings.*<\/svg>$/s);
  });

  test('lives the programs within a program, as they are published', async () => {
    const steps = (more: object) => ({ steps: [{ key: 'within', ...more }] });
    const inner = steps({ type: 'message', text: 'From within' });
    await publish(await givenDraft(definition('Inner', { slug: 'inner', ...inner })));
    const outer = await givenDraft(definition('Outer', steps({ type: 'subprogram', program: 'inner' })));
    const [simulated] = (await simulate(outer, { personas: [persona] })).body.simulations;
    expect(simulated.transcript.map(({ text }: { text: string }) => text)).toContain('From within');
  });

  /** A message a minute, for ever. */
  const givenRestless = (text: string) => {
    const steps = [
      { key: 'a', type: 'message', text },
      { key: 'b', type: 'wait', for: { minutes: 1 }, next: 'a' },
    ];
    return givenDraft(definition('Restless', { steps }));
  };
  const hundred = Array.from({ length: 100 }, () => persona);

  test('that is long does not keep other callers waiting', async () => {
    const long = simulate(await givenRestless('tick'), { personas: hundred });
    let slowestMs = 0;
    let isOver = false;
    void long.finally(() => {
      isOver = true;
    });
    while (!isOver) {
      const began = performance.now();
      await api.call('GET', '/healthz');
      slowestMs = Math.max(slowestMs, performance.now() - began);
    }
    const { status, body } = await long;
    expect(status).toBe(200);
    expect(body.simulations[0]).toMatchObject({ status: 'truncated', truncated: 'entries' });
    // Without a thread of its own, the whole simulation; this is checking and sending the answer.
    expect(slowestMs).toBeLessThan(1500);
  });

  test('that gives too much is refused', async () => {
    const answer = await simulate(await givenRestless('x'.repeat(4000)), { personas: hundred });
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toMatchObject([{ path: 'personas' }]);
  });
});

describe('links and figures', () => {
  test('a link that everyone may join by', async () => {
    const id = await givenDraft();
    const made = await ada.call('POST', `/v1/programs/${id}/join-codes`, { body: { testMsPerDay: 2000 } });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ testMsPerDay: 2000, expiresAt: null });
    expect(made.body.url).toBe(`${api.deps.config.publicUrl}/join/${made.body.code}`);
    await ada.call('POST', `/v1/programs/${id}/join-codes`);
    const first = await ada.call('GET', `/v1/programs/${id}/join-codes?limit=1`);
    const second = await ada.call('GET', `/v1/programs/${id}/join-codes?limit=1&cursor=${first.body.nextCursor}`);
    const codes = [...first.body.items, ...second.body.items].map((one: { code: string }) => one.code);
    expect(new Set(codes).size).toBe(2);
    expect(second.body.nextCursor).toBeNull();
  });

  test('figures begin at nothing', async () => {
    const id = await givenDraft();
    const { body } = await ada.call('GET', `/v1/programs/${id}/figures`);
    expect(body.enrollments).toEqual({
      ...{ total: 0, byStatus: { invited: 0, active: 0, paused: 0, parked: 0, finished: 0, exited: 0 } },
    });
  });
});
