import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { journeyId } from '../../temporal/ids.ts';
import { asked, startedJourney } from '../support/journey-run.ts';
import { givenStage } from '../support/stage.ts';
import { says } from '../support/steps.ts';

const stage = givenStage();

interface Call {
  method: string | undefined;
  headers: IncomingHttpHeaders;
  body: unknown;
}

type Respond = (response: ServerResponse, attempt: number) => unknown;

/** A creator's server: it keeps what it was asked and answers as it is told. */
const givenWebhook = async (respond: Respond) => {
  const calls: Call[] = [];
  const server = createServer(async (request, response) => {
    calls.push({ method: request.method, headers: request.headers, body: JSON.parse(await text(request)) });
    respond(response, calls.length);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { calls, url: `http://127.0.0.1:${port}/hook` };
};

const json = (value: unknown, status = 200): Respond => raw(JSON.stringify(value), 'application/json', status);
const raw =
  (body: string, type: string, status = 200): Respond =>
  (response) =>
    response.writeHead(status, { 'content-type': type }).end(body);

/** A journey that calls the webhook, says what came of it, and goes to `sorry` where it failed. */
const journeyCalling = async (url: string, more: object = {}) => {
  const journey = await startedJourney(stage, {
    steps: [
      { key: 'hook', type: 'callWebhook', url, onFailure: 'sorry', ...more },
      { ...says('done', 'Got {{results.hook.points|nothing}}'), next: 'end' },
      says('sorry', 'Sorry'),
      { key: 'end', type: 'finish' },
    ],
  });
  await journey.result();
  const failed = (await journey.timeline()).find(({ kind }) => kind === 'webhookFailed');
  return { ...journey, said: await journey.texts(), why: failed?.detail.why };
};

describe('a webhook', () => {
  it('is told what the program says about the coachee, and its answer is used from then on', async () => {
    const { calls, url } = await givenWebhook(json({ points: 7, level: { name: 'gold' } }));
    const journey = await startedJourney(stage, {
      steps: [
        { key: 'age', type: 'ask', text: 'Age?', answer: { kind: 'number' } },
        {
          key: 'hook',
          type: 'callWebhook',
          url,
          body: { name: 'Dear {{coachee.name}}', age: '{{answers.age}}', n: 1 },
        },
        {
          key: 'fork',
          type: 'branch',
          cases: [{ when: { result: 'hook.points', gte: 5 }, goTo: 'much' }],
        },
        { ...says('little', 'Little'), next: 'end' },
        says('much', '{{results.hook.points}} points, {{results.hook.level.name}}'),
        { key: 'end', type: 'finish' },
      ],
    });
    await journey.until(asked);
    await journey.tell('reply', { id: 'a', text: '41' });

    expect(await journey.result()).toBe('completed');

    expect((await journey.texts()).at(-1)).toBe('7 points, gold');
    expect(calls).toMatchObject([{ method: 'POST', body: { name: 'Dear Mira', age: 41, n: 1 } }]);
    expect(calls[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      'idempotency-key': `${journeyId(journey.enrollmentId)}/hook/1`,
    });
  });

  it('that is down for a while is called again, under the same key', async () => {
    const down: Respond = (response) => response.writeHead(500).end();
    const { calls, url } = await givenWebhook((response, attempt) =>
      attempt <= 2 ? down(response, attempt) : json({ points: 3 })(response, attempt),
    );

    const { said } = await journeyCalling(url);

    expect(said).toEqual(['Got 3']);
    expect(calls).toHaveLength(3);
    expect(new Set(calls.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  });

  it('that stays down fails after five calls, with the reason', async () => {
    const { calls, url } = await givenWebhook((response) => response.writeHead(503).end());
    const { said, why } = await journeyCalling(url);
    expect(said).toEqual(['Sorry']);
    expect(why).toBe('The webhook answered 503');
    expect(calls).toHaveLength(5);
  });

  it.each([400, 401, 404, 410, 422])('that refuses with %i is not called again', async (status) => {
    const { calls, url } = await givenWebhook(json({ points: 1 }, status));
    const { said, why } = await journeyCalling(url);
    expect(said).toEqual(['Sorry']);
    expect(why).toBe(`The webhook answered ${status}`);
    expect(calls).toHaveLength(1);
  });

  it.each([408, 425, 429])('that answers %i is asked later', async (status) => {
    const { calls, url } = await givenWebhook((response, attempt) =>
      json({ points: attempt }, attempt === 1 ? status : 200)(response, attempt),
    );
    expect((await journeyCalling(url)).said).toEqual(['Got 2']);
    expect(calls).toHaveLength(2);
  });

  it('that does not answer in time is called again', async () => {
    const { calls, url } = await givenWebhook((response, attempt) =>
      attempt === 1 ? undefined : json({ points: 1 })(response, attempt),
    );
    expect((await journeyCalling(url, { timeoutSeconds: 1 })).said).toEqual(['Got 1']);
    expect(calls).toHaveLength(2);
  });

  it('that answers too much fails at once: asking again would not make it less', async () => {
    const { calls, url } = await givenWebhook(json({ points: 'x'.repeat(8 * 1024) }));
    const { said, why } = await journeyCalling(url);
    expect(said).toEqual(['Sorry']);
    expect(why).toBe('The answer is larger than 8192 bytes');
    expect(calls).toHaveLength(1);
  });

  it('that says JSON and sends something else fails at once', async () => {
    const { calls, url } = await givenWebhook(raw('{"points":', 'application/json'));
    const { said, why } = await journeyCalling(url);
    expect(said).toEqual(['Sorry']);
    expect(why).toBe('The webhook said JSON and sent something else');
    expect(calls).toHaveLength(1);
  });

  it.each([
    ['words', raw('thanks', 'text/plain')],
    ['nothing', (response: ServerResponse) => response.writeHead(204).end()],
    ['no body', raw('', 'application/json')],
    ['null', json(null)],
    ['a number', json(5)],
    ['a list', json([1, 2])],
    ['what Postgres cannot keep', json({ other: '\u0000 \ud800' })],
    ['JSON nested as deep as it gets', raw(`${'['.repeat(4_000)}${']'.repeat(4_000)}`, 'application/json')],
  ])('may answer %s', async (_, respond) => {
    const { url } = await givenWebhook(respond);
    expect((await journeyCalling(url)).said).toEqual(['Got nothing']);
  });

  it('that fails without a step for it parks the journey, and a retry calls under a new key', async () => {
    const { calls, url } = await givenWebhook((response, attempt) =>
      json({ points: 9 }, attempt === 1 ? 404 : 200)(response, attempt),
    );
    const hook = { key: 'hook', type: 'callWebhook', url };
    const journey = await startedJourney(stage, { steps: [hook, says('done', 'Got {{results.hook.points}}')] });
    const { parkedReason } = await journey.until(({ status }) => status === 'parked');
    expect(parkedReason).toContain('The webhook answered 404');

    await journey.tell('retry', { id: 'again' });

    expect(await journey.result()).toBe('completed');
    expect(await journey.texts()).toEqual(['Got 9']);
    const id = journeyId(journey.enrollmentId);
    expect(calls.map(({ headers }) => headers['idempotency-key'])).toEqual([`${id}/hook/1`, `${id}/hook/2`]);
  });
});
