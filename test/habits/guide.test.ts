/** The requests of docs/habits.md, one after the other, against the API: the page says what works. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { givenMiddayCoachee, type HabitApi, startHabitApi } from '../support/habit-api.ts';

let world: HabitApi;
beforeAll(async () => {
  world = await startHabitApi();
});
afterAll(() => world.api.close());

const guide = readFileSync(new URL('../../docs/habits.md', import.meta.url), 'utf8');
const requests = [...guide.matchAll(/```http\n([\s\S]*?)```/g)].map(([, text]) => text ?? '');

const send = (request: string) => {
  const [head = '', ...body] = request.split('\n\n');
  const [line = '', ...headerLines] = head.trim().split('\n');
  const [method = '', path = ''] = line.split(' ');
  const headers = Object.fromEntries(headerLines.map((header) => header.split(': ')));
  const text = body.join('\n\n').trim() || (method === 'POST' ? '{}' : '');
  return world.ada.call(method, path, { headers, ...(text && { body: text }) });
};

test('every request of the guide does what it is there for', async () => {
  expect(requests.length).toBeGreaterThan(12);
  const ids: Record<string, string> = { coacheeId: await givenMiddayCoachee(world.ada) };
  const answers: Record<string, unknown> = {};
  for (const request of requests) {
    const filled = request.replaceAll(/(?<!\{)\{(\w+)\}/g, (_, name: string) => ids[name] ?? `no ${name} yet`);
    const answer = await send(filled);
    expect(answer.status, `${filled}\n${answer.text}`).toBeLessThan(300);
    const [line = ''] = request.split('\n');
    answers[line] = answer.body;
    if (line === 'POST /v1/habits') ids.habitId = answer.body.id;
  }
  expect(answers).toMatchObject({
    'POST /v1/coachees/{coacheeId}/check-ins': { standing: { today: { amount: 2 } } },
    'GET /v1/coachees/{coacheeId}/habits': { items: [{ name: 'water' }] },
    'POST /v1/reminders/preview': { fires: [{ resolved: null }, { resolved: 'gap' }, { resolved: null }] },
    'GET /v1/coachees/{coacheeId}/reminders': { next: { localDate: expect.any(String) } },
  });
});
