/** Programs as files, their differences, rollbacks and golden traces, over HTTP. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId, type ProgramId, type ProgramVersionId } from '../../shared/contracts/ids.ts';
import { AuditEntry } from '../../shared/db/entities/accounts.ts';
import { ProgramVersion } from '../../shared/db/entities/programs.ts';
import { type GivenCaller, givenCaller, startApi, type TestApi } from '../support/api.ts';

let api: TestApi;
let ada: GivenCaller;
beforeAll(async () => {
  api = await startApi();
  ada = await givenCaller(api);
});
afterAll(() => api.close());

const definition = (words = 'Good morning!', more: object = {}) => ({
  v: 1,
  title: 'Calm mornings',
  language: 'en',
  signals: [],
  steps: [
    { key: 'hello', type: 'message', text: words },
    { key: 'rest', type: 'wait', for: { days: 1 } },
    { key: 'end', type: 'finish' },
  ],
  ...more,
});

const freshSlug = () => `calm-${crypto.randomUUID().slice(0, 8)}`;

const givenProgram = async (of: object = definition()) => {
  const { status, body } = await ada.call('POST', '/v1/programs', { body: { definition: of } });
  expect(status).toBe(201);
  return body.id as string;
};
const save = (id: string, of: object, revision?: number) =>
  ada.call('PUT', `/v1/programs/${id}/draft`, { body: { definition: of, ...(revision && { revision }) } });
const publish = (id: string, body: object = {}) => ada.call('POST', `/v1/programs/${id}/publish`, { body });
const importYaml = (text: string, headers: Record<string, string> = {}) =>
  ada.call('POST', '/v1/programs/import', { body: text, headers: { 'content-type': 'application/yaml', ...headers } });

describe('a difference', () => {
  test('of the newest version and the draft, of two versions, and of none', async () => {
    const id = await givenProgram();
    expect((await ada.call('GET', `/v1/programs/${id}/diff`)).status).toBe(409);
    await publish(id);
    expect((await ada.call('GET', `/v1/programs/${id}/diff`)).body).toMatchObject({
      from: 1,
      to: 'draft',
      changes: [],
    });
    await save(id, definition('Good evening!'));
    const { body } = await ada.call('GET', `/v1/programs/${id}/diff`);
    expect(body.changes).toEqual([
      {
        ...{ kind: 'changed', stepKey: 'hello', path: 'steps.hello.text' },
        ...{ before: 'Good morning!', after: 'Good evening!' },
        summary: 'Step "hello": text is now "Good evening!" (it was "Good morning!").',
      },
    ]);
    await publish(id);
    expect((await ada.call('GET', `/v1/programs/${id}/diff?from=2&to=1`)).body.changes).toHaveLength(1);
    expect((await ada.call('GET', `/v1/programs/${id}/diff?from=9`)).status).toBe(404);
    expect((await ada.call('GET', `/v1/programs/${id}/diff?from=first`)).body.errors).toMatchObject([
      { path: 'query.from' },
    ]);
  });

  test('does not tell defaults that the schema has got since a version was published', async () => {
    const { creatorId } = ada;
    const id = await givenProgram();
    const { language: _, signals: __, ...old } = definition();
    const row = { id: newId<ProgramVersionId>(), creatorId, programId: id as ProgramId, version: 1, definition: old };
    await ada.em().insert(ProgramVersion, row);
    expect((await ada.call('GET', `/v1/programs/${id}/diff?from=1`)).body.changes).toEqual([]);
    const [version, draft] = await Promise.all(
      ['1', 'draft'].map((which) => ada.call('GET', `/v1/programs/${id}/export?format=yaml&version=${which}`)),
    );
    expect(version?.text).toBe(draft?.text);
  });

  test('stands in the 409 of who saved late, with both drafts', async () => {
    const id = await givenProgram();
    await save(id, definition('First'), 1);
    const late = await save(id, definition('Late'), 1);
    expect(late.status).toBe(409);
    expect(late.body).toMatchObject({
      ...{ yourRevision: 1, currentRevision: 2 },
      currentDraft: { steps: [{ text: 'First' }, {}, {}] },
      yourDraft: { steps: [{ text: 'Late' }, {}, {}] },
      changes: [{ path: 'steps.hello.text', before: 'First', after: 'Late' }],
    });
  });
});

describe('a file', () => {
  test('has the same bytes after export, import and export, in both formats and across them', async () => {
    const texts = ['---\nyes\n', 'two  \n\n  lines', 'é 😀', 'a\r\nb', '# no', '1e3'];
    const steps = texts.map((text, i) => ({ key: `s${i}`, type: 'message', text }));
    const hook = { type: 'callWebhook', key: 'hook', url: 'https://example.org', body: { zz: 1, a: null, bb: 'no' } };
    const id = await givenProgram(definition('', { slug: freshSlug(), steps: [...steps, hook] }));
    const exported = async (format: string) =>
      (await ada.call('GET', `/v1/programs/${id}/export?format=${format}`)).text;
    const [json, yaml] = [await exported('json'), await exported('yaml')];
    expect(yaml).toContain('text: |\n      ---\n      yes\n');
    for (const text of [json, yaml]) {
      const kind = text === json ? 'application/json' : 'application/yaml';
      const back = await ada.call('POST', '/v1/programs/import', { body: text, headers: { 'content-type': kind } });
      expect(back.body).toMatchObject({ created: false, program: { id } });
      expect(await exported('json')).toBe(json);
      expect(await exported('yaml')).toBe(yaml);
    }
  });

  test('says what it is and how it is called', async () => {
    const slug = freshSlug();
    const id = await givenProgram(definition('One', { slug }));
    await publish(id);
    await save(id, definition('Two', { slug }));
    const yaml = await ada.call('GET', `/v1/programs/${id}/export?format=yaml&version=1`);
    expect(yaml.headers.get('content-type')).toMatch(/^application\/yaml/);
    expect(yaml.headers.get('content-disposition')).toBe(`attachment; filename="${slug}.yaml"`);
    expect(yaml.text).toContain('text: One');
    const json = await ada.call('GET', `/v1/programs/${id}/export`);
    expect(json.headers.get('content-type')).toMatch(/^application\/json/);
    expect(json.body.steps[0].text).toBe('Two');
  });

  test('makes a program, and with its slug replaces the draft under If-Match', async () => {
    const slug = freshSlug();
    const text = `v: 1\nslug: ${slug}\ntitle: From Git\nsteps:\n  - {key: a, type: message, text: Hello}\n`;
    const made = await importYaml(text);
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ created: true, revision: 1, findings: [], program: { slug, title: 'From Git' } });
    expect(made.headers.get('location')).toBe(`/v1/programs/${made.body.program.id}`);
    const german = text.replace('title: From Git', 'title: Aus Git\nlanguage: de');
    const replaced = await importYaml(german, { 'if-match': '"1"' });
    expect(replaced.status).toBe(200);
    expect(replaced.body).toMatchObject({ created: false, revision: 2, program: { title: 'Aus Git', language: 'de' } });
    const late = await importYaml(text, { 'if-match': '"1"' });
    expect(late.status).toBe(409);
    expect(late.body.changes.map(({ path }: { path: string }) => path)).toEqual(['language', 'title']);
    expect((await importYaml(text.replace(slug, freshSlug()), { 'if-match': '"1"' })).status).toBe(409);
    const found = await ada.call('GET', `/v1/programs?slug=${slug}`);
    expect(found.body.items).toMatchObject([{ id: made.body.program.id }]);
  });

  test.each([
    ['a bad indentation', 'v: 1\n title: x\n', 400, /Line 1, column 4/],
    ['a key twice', 'v: 1\ntitle: A\ntitle: B\n', 400, /Line 3, column 1.*title/],
    [
      'a bomb',
      [...'abcdefgh'].map((n, i, all) => `${n}: &${n} [${Array(9).fill(i ? `*${all[i - 1]}` : 'x')}]`).join('\n'),
      400,
      /aliases/,
    ],
    ['too many bytes', `title: ${'x'.repeat(600 * 1024)}`, 413, /524288/],
  ])('of YAML with %s is refused as a problem', async (_, text, status, detail) => {
    const answer = await importYaml(text);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch(/problem\+json/);
    expect(answer.body.detail).toMatch(detail);
  });

  test('that does not fit is refused with the paths', async () => {
    const answer = await importYaml('v: 1\ntitle: x\nsteps: [{key: a, type: dance}]\n');
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toMatchObject([{ path: 'steps.0.type' }]);
    expect((await importYaml('a: &a [*a]')).status).toBe(422);
  });
});

describe('a slug', () => {
  test('is one program’s only, for each creator', async () => {
    const slug = freshSlug();
    const id = await givenProgram(definition('x', { slug }));
    expect((await ada.call('GET', `/v1/programs/${id}`)).body.slug).toBe(slug);
    const second = await ada.call('POST', '/v1/programs', { body: { definition: definition('y', { slug }) } });
    expect(second.status).toBe(409);
    expect(second.body.errors).toMatchObject([{ path: 'definition.slug' }]);
    const other = await givenProgram();
    const taken = await save(other, definition('z', { slug }));
    expect(taken.status).toBe(409);
    expect(taken.body.errors).toMatchObject([{ path: 'definition.slug' }]);
    const eve = await givenCaller(api);
    expect((await eve.call('POST', '/v1/programs', { body: { definition: definition('x', { slug }) } })).status).toBe(
      201,
    );
  });

  test('of many imports at once makes one program', async () => {
    const text = `v: 1\nslug: ${freshSlug()}\ntitle: Once\nsteps: [{key: a, type: finish}]\n`;
    const answers = await Promise.all(Array.from({ length: 6 }, () => importYaml(text)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.every(({ status }) => [200, 201, 409].includes(status))).toBe(true);
  });
});

describe('a rollback', () => {
  const textOf = async (id: string, number: number) =>
    (await ada.call('GET', `/v1/programs/${id}/versions/${number}`)).body.definition.steps[0].text;
  const rollBack = (id: string, body: object) => ada.call('POST', `/v1/programs/${id}/rollback`, { body });
  const givenTwoVersions = async () => {
    const id = await givenProgram(definition('One'));
    await publish(id);
    await save(id, definition('Two'));
    await publish(id);
    return id;
  };

  test('publishes the old content as a new version; a draft without changes goes back too', async () => {
    const id = await givenTwoVersions();
    const back = await rollBack(id, { version: 1 });
    expect(back.status).toBe(201);
    expect(back.body).toMatchObject({ number: 3, note: 'Rollback to version 1', publishedBy: ada.userId });
    expect([await textOf(id, 2), await textOf(id, 3)]).toEqual(['Two', 'One']);
    expect((await ada.call('GET', `/v1/programs/${id}/draft`)).body).toMatchObject({
      revision: 3,
      definition: { steps: [{ text: 'One' }, {}, {}] },
    });
    expect((await rollBack(id, { version: 3 })).status).toBe(200);
    const entry = await ada.em().findOneOrFail(AuditEntry, { action: 'program.rolledBack', subject: `program/${id}` });
    expect(entry).toMatchObject({ actor: `user/${ada.userId}`, detail: { version: 3, to: 1 } });
  });

  test('leaves a draft that somebody works on as it is', async () => {
    const id = await givenTwoVersions();
    await save(id, definition('Half a thought'));
    expect((await rollBack(id, { version: 1, note: 'Two was wrong' })).body).toMatchObject({
      number: 3,
      note: 'Two was wrong',
    });
    expect((await ada.call('GET', `/v1/programs/${id}/draft`)).body.definition.steps[0].text).toBe('Half a thought');
  });

  test('is for editors, and to versions that are there', async () => {
    const id = await givenTwoVersions();
    const coach = await givenCaller(api, 'coach', ada);
    expect((await coach.call('POST', `/v1/programs/${id}/rollback`, { body: { version: 1 } })).status).toBe(403);
    expect((await rollBack(id, { version: 7 })).status).toBe(404);
  });
});

describe('golden traces', () => {
  const persona = { name: 'Mira', timeZone: 'Europe/Berlin', startAt: '2026-03-02T08:00:00Z' };
  const transcript = `Mon 2026-03-02T09:00 program/hello: Good morning!
Mon 2026-03-02T09:00 event/rest: Waits until Tue 2026-03-03T09:00:00+01:00.
Tue 2026-03-03T09:00 event/end: The journey ended: completed.
=> finished: completed
`;
  const put = (id: string, name = 'mira', body: object = { persona }) =>
    ada.call('PUT', `/v1/programs/${id}/traces/${name}`, { body });
  const run = (id: string) => ada.call('POST', `/v1/programs/${id}/traces/run`);

  test('are kept from the draft, listed, replaced and taken away', async () => {
    const id = await givenProgram();
    const made = await put(id);
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ name: 'mira', persona, expected: transcript });
    expect((await put(id, 'mira', { persona, expected: 'Something else  \n\n' })).status).toBe(200);
    const { body } = await ada.call('GET', `/v1/programs/${id}/traces`);
    expect(body.items).toMatchObject([{ name: 'mira', expected: 'Something else\n' }]);
    expect((await ada.call('DELETE', `/v1/programs/${id}/traces/mira`)).status).toBe(204);
    expect((await ada.call('DELETE', `/v1/programs/${id}/traces/mira`)).status).toBe(404);
  });

  test('pass against the draft, or tell the first line that differs', async () => {
    const id = await givenProgram();
    await put(id);
    expect((await run(id)).body).toEqual({
      passed: true,
      revision: 1,
      results: [{ name: 'mira', passed: true, difference: null }],
    });
    await save(id, definition('Good evening!'));
    const { body } = await run(id);
    expect(body).toMatchObject({ passed: false, revision: 2 });
    expect(body.results[0].difference).toMatchObject({
      line: 1,
      expected: 'Mon 2026-03-02T09:00 program/hello: Good morning!',
      actual: 'Mon 2026-03-02T09:00 program/hello: Good evening!',
      diff: expect.stringMatching(/^- .*morning!\n\+ .*evening!\n {2}Mon/),
    });
  });

  test('that differ refuse a publication, unless it accepts them', async () => {
    const id = await givenProgram();
    await put(id);
    expect((await publish(id)).body.number).toBe(1);
    await save(id, definition('Good evening!'));
    const refused = await publish(id);
    expect(refused.status).toBe(409);
    expect(refused.body.traces).toMatchObject([{ name: 'mira', passed: false, difference: { line: 1 } }]);
    expect((await ada.call('GET', `/v1/programs/${id}`)).body.publishedVersion).toBe(1);
    expect((await publish(id, { traces: 'accept' })).body.number).toBe(2);
    expect((await run(id)).body.passed).toBe(true);
  });

  test('accepted with a version that is refused stay as they were', async () => {
    const id = await givenProgram();
    await put(id);
    await save(id, definition('Good evening!'));
    expect((await publish(id, { traces: 'accept', revision: 1 })).status).toBe(409);
    expect((await run(id)).body.passed).toBe(false);
  });

  test('of a faulty draft say what is wrong with it', async () => {
    const id = await givenProgram(definition('x', { steps: [{ key: 'a', type: 'message', text: 'A', next: 'a' }] }));
    expect((await put(id)).status).toBe(422);
    expect((await put(id, 'mira', { persona, expected: 'x' })).status).toBe(201);
    expect((await run(id)).body.findings.length).toBeGreaterThan(0);
    expect((await publish(id)).status).toBe(422);
  });

  test('too long to be kept are refused', async () => {
    const steps = [
      { key: 'a', type: 'message', text: 'x'.repeat(4000) },
      { key: 'b', type: 'wait', for: { hours: 1 }, next: 'a' },
    ];
    const id = await givenProgram(definition('', { steps }));
    const answer = await put(id);
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toMatchObject([{ path: 'expected' }]);
  });

  test('are twenty at most', async () => {
    const id = await givenProgram();
    for (let i = 0; i < 20; i += 1) await put(id, `t${i}`, { persona, expected: 'x' });
    expect((await put(id, 'one-more', { persona, expected: 'x' })).status).toBe(409);
    expect((await put(id, 't3', { persona })).status).toBe(200);
    expect((await put(id, 'No name!', { persona })).status).toBe(404);
  });

  test('are read by everyone, and kept by editors', async () => {
    const id = await givenProgram();
    await put(id);
    const viewer = await givenCaller(api, 'viewer', ada);
    expect((await viewer.call('POST', `/v1/programs/${id}/traces/run`)).status).toBe(200);
    expect((await viewer.call('PUT', `/v1/programs/${id}/traces/x`, { body: { persona } })).status).toBe(403);
    expect((await viewer.call('DELETE', `/v1/programs/${id}/traces/mira`)).status).toBe(403);
  });
});
