/** `npm run program`, run as a process; what asks the API asks one on real servers. */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../../stack/paths.ts';
import { type GivenCaller, givenCaller, startApi, type TestApi } from '../support/api.ts';
import { temporaryFolder } from '../support/temp-folder.ts';

const MAIN = join(ROOT, 'stack', 'main.ts');

/** Runs the command in `folder`, with nothing in its environment but what is given. */
const run = async (folder: string, args: string[], environment: Record<string, string> = {}) => {
  const env = { PATH: process.env.PATH ?? '', INIT_CWD: folder, ...environment };
  const child = spawn(process.execPath, [MAIN, 'program', ...args], { cwd: ROOT, env });
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  return { out, err, code };
};

const calm = (question = 'How calm is today?', more = '') => `# in the words of its author
v: 1
slug: calm
title: Calm mornings
steps:
  - key: hello
    type: message
    text: Good morning, {{coachee.name|friend}}!
  - key: mood
    type: ask
    text: ${question}
    answer: {kind: number, min: 1, max: 5}
    timeout: {after: {days: 1}}
  - {key: end, type: finish}
${more}`;

const traces = `# what we promise
traces:
  mira:
    persona:
      name: Mira
      timeZone: Europe/Berlin
      startAt: 2026-03-02T08:00:00Z
      answers: {mood: 4}
`;

const givenFiles = (files: Record<string, string>): string => {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
};

describe('offline', () => {
  test('lint names file, line, step and remedy, in columns', async () => {
    const broken = calm()
      .replace('type: finish', 'type: message, text: Bye, next: nowhere')
      .replace('friend}}', 'friend}');
    const folder = givenFiles({ 'calm.yaml': broken });
    const { out, code } = await run(folder, ['lint', 'calm.yaml']);
    expect(code).toBe(1);
    expect(out.split('\n')).toEqual([
      expect.stringMatching(/^calm.yaml:8 {3}warning {2}brokenVariable {2}hello: Some/),
      expect.stringMatching(/^ +Write variables/),
      expect.stringMatching(/^calm.yaml:14 {2}error {4}unknownStep {5}end: "nowhere" is no step/),
      expect.stringMatching(/^ +Name an existing step/),
      'calm.yaml: 1 error, 1 warning',
      '',
    ]);
  });

  test('what is no program is told with its line, in YAML and in JSON', async () => {
    const folder = givenFiles({
      'twice.yaml': 'v: 1\ntitle: A\ntitle: B\n',
      'shape.json': '{"v": 1,\n"title": "x",\n"steps": [\n{"key": "a", "type": "message"}]}',
      'broken.json': '{"v": 1,\n"title": }',
    });
    const told = async (name: string) => (await run(folder, ['lint', name])).out;
    expect(await told('twice.yaml')).toMatch(/^twice.yaml:3 .*malformed.*title stands here twice/);
    expect(await told('shape.json')).toMatch(/^shape.json:4 .*a: Invalid input: expected string/);
    expect(await told('broken.json')).toMatch(/^broken.json.*malformed/);
    expect((await run(folder, ['lint', 'nothing.yaml'])).err).toContain('nothing.yaml cannot be read');
  });

  test('diff tells what differs between two files, across formats', async () => {
    const json = { v: 1, slug: 'calm', title: 'Calm', steps: [{ key: 'end', type: 'finish' }] };
    const folder = givenFiles({ 'a.yaml': calm(), 'b.yml': calm('And today?'), 'c.json': JSON.stringify(json) });
    const { out, code } = await run(folder, ['diff', 'a.yaml', 'b.yml']);
    expect(code).toBe(0);
    expect(out).toBe(
      '~ Step "mood": text is now "And today?" (it was "How calm is today?").\n1 change between a.yaml and b.yml.\n',
    );
    expect((await run(folder, ['diff', 'a.yaml', 'c.json'])).out).toContain('- Step "hello" (message) was removed.');
  });

  test('simulate tells the transcript of a persona', async () => {
    const folder = givenFiles({ 'calm.yaml': calm(), 'calm.traces.yaml': traces });
    const wishes = ['--zone', 'Asia/Kathmandu', '--start', '2026-01-01T00:00:00Z', '--policy', 'silent'];
    const { out } = await run(folder, ['simulate', 'calm.yaml', ...wishes]);
    expect(out).toContain('Thu 2026-01-01T05:45 program/mood: How calm is today?\n');
    expect(out).toContain('event/mood: No answer came in time.\n');
    const named = await run(folder, ['simulate', 'calm.yaml', '--trace', 'mira']);
    expect(named.out).toContain('Mon 2026-03-02T09:01 coachee/mood: 4\n');
  });

  test('test accepts, passes, and then tells what differs', async () => {
    const folder = givenFiles({ 'calm.yaml': calm(), 'calm.traces.yaml': traces });
    expect((await run(folder, ['test', 'calm.yaml'])).code).toBe(1);
    expect((await run(folder, ['test', 'calm.yaml', '--accept'])).code).toBe(0);
    const written = readFileSync(join(folder, 'calm.traces.yaml'), 'utf8');
    expect(written).toMatch(/^# what we promise\n(.*\n)*.*expected: \|\n {6}Mon 2026-03-02T09:00 program\/hello: Good/);
    const passed = await run(folder, ['test', 'calm.yaml']);
    expect(passed).toMatchObject({ code: 0, out: 'passed  mira\n' });
    writeFileSync(join(folder, 'calm.yaml'), calm('And today?'));
    const failed = await run(folder, ['test', 'calm.yaml']);
    expect(failed.code).toBe(1);
    expect(failed.out).toContain('FAILED  mira: line 2 differs');
    expect(failed.out).toContain('- Mon 2026-03-02T09:00 program/mood: How calm is today?');
    expect(failed.out).toContain('+ Mon 2026-03-02T09:00 program/mood: And today?');
  });
});

describe('against a running Cairn', () => {
  let api: TestApi;
  let ada: GivenCaller;
  let environment: Record<string, string>;
  beforeAll(async () => {
    api = await startApi();
    ada = await givenCaller(api);
    const { body } = await ada.call('POST', '/v1/api-keys', { body: { name: 'git', role: 'editor' } });
    environment = { CAIRN_CLIENT_ID: body.clientId, CAIRN_CLIENT_SECRET: body.clientSecret };
  });
  afterAll(() => api.close());

  const ask = (folder: string, ...args: string[]) => run(folder, [...args, '--api', api.url], environment);
  const found = async () => (await ada.call('GET', '/v1/programs?slug=calm')).body.items[0];

  test('publish makes the program with its traces, and goes on by its slug', async () => {
    const folder = givenFiles({ 'calm.yaml': calm(), 'calm.traces.yaml': traces });
    expect((await ask(folder, 'diff', 'calm.yaml')).out).toBe('calm is not published yet.\n');
    await run(folder, ['test', 'calm.yaml', '--accept']);

    const first = await ask(folder, 'publish', 'calm.yaml', '--note', 'The first');
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toContain('calm: published as version 1\n');
    const { id } = await found();
    expect((await ada.call('GET', `/v1/programs/${id}/versions`)).body.items).toMatchObject([{ note: 'The first' }]);
    expect((await ada.call('GET', `/v1/programs/${id}/traces`)).body.items).toMatchObject([{ name: 'mira' }]);
    expect((await ask(folder, 'publish', 'calm.yaml')).out).toContain('calm: version 1 says the same already\n');

    writeFileSync(join(folder, 'calm.yaml'), calm('And today?'));
    expect((await ask(folder, 'diff', 'calm.yaml')).out).toContain('text is now "And today?"');
    const refused = await ask(folder, 'publish', 'calm.yaml');
    expect(refused.code).toBe(1);
    expect(refused.out).toContain('FAILED  mira');
    expect((await found()).publishedVersion).toBe(1);
    // The refused attempt has left the draft as the file has it.
    expect((await ask(folder, 'publish', 'calm.yaml', '--accept')).out).toContain('calm: published as version 2\n');
    expect((await ask(folder, 'diff', 'calm.yaml')).out).toContain('Nothing differs');
  });

  test('publish does not write over what somebody else is at, unless it is told to', async () => {
    const { id, publishedVersion } = await found();
    const { body: draft } = await ada.call('GET', `/v1/programs/${id}/draft`);
    const definition = { ...draft.definition, title: 'Calmer days' };
    await ada.call('PUT', `/v1/programs/${id}/draft`, { body: { definition } });
    const folder = givenFiles({ 'calm.yaml': calm('And tonight?') });
    const refused = await ask(folder, 'publish', 'calm.yaml', '--accept');
    expect(refused.code).toBe(1);
    expect(refused.out).toContain('Calmer days');
    expect(refused.out).toContain('--overwrite');
    expect((await found()).publishedVersion).toBe(publishedVersion);
    const forced = await ask(folder, 'publish', 'calm.yaml', '--accept', '--overwrite');
    expect(forced.out).toContain(`calm: published as version ${publishedVersion + 1}\n`);
  });

  test('a trace that only the server has is told where it differs', async () => {
    const { id } = await found();
    const persona = { name: 'Bo', timeZone: 'UTC', startAt: '2026-01-01T00:00:00Z' };
    await ada.call('PUT', `/v1/programs/${id}/traces/bo`, { body: { persona } });
    const folder = givenFiles({ 'calm.yaml': calm('How is it now?') });
    const { out, code } = await ask(folder, 'publish', 'calm.yaml');
    expect(code).toBe(1);
    expect(out).toContain('409.');
    expect(out).toContain('FAILED  bo: line 2 differs');
  });

  test('a key that is missing or not good is said', async () => {
    const folder = givenFiles({ 'calm.yaml': calm() });
    const without = await run(folder, ['publish', 'calm.yaml', '--api', api.url]);
    expect(without).toMatchObject({ code: 1, err: expect.stringContaining('CAIRN_CLIENT_ID') });
    const wrong = { ...environment, CAIRN_CLIENT_SECRET: 'guessed' };
    expect((await run(folder, ['publish', 'calm.yaml', '--api', api.url], wrong)).code).toBe(1);
    const nobody = await run(folder, ['publish', 'calm.yaml', '--api', 'http://127.0.0.1:1'], environment);
    expect(nobody.err).toContain('does not answer');
  });

  test('a file without a slug is refused', async () => {
    const folder = givenFiles({ 'calm.yaml': calm().replace('slug: calm\n', '') });
    expect((await ask(folder, 'publish', 'calm.yaml')).err).toContain('has no slug');
  });
});
