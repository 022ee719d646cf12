/** What the team is told, over HTTP. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AlertId, type CoacheeId, newId } from '../../shared/contracts/ids.ts';
import { Alert } from '../../shared/db/entities/habits.ts';
import { givenCaller } from '../support/api.ts';
import { givenMiddayCoachee, type HabitApi, startHabitApi } from '../support/habit-api.ts';

let world: HabitApi;
beforeAll(async () => {
  world = await startHabitApi();
});
afterAll(() => world.api.close());

const givenAlert = async (coacheeId: CoacheeId): Promise<AlertId> => {
  const id = newId<AlertId>();
  const { creatorId, em } = world.ada;
  await em().insert(Alert, {
    ...{ id, creatorId, coacheeId, kind: 'reminderUnanswered', key: id, text: 'Mira has not answered: Water.' },
  });
  return id;
};
const ids = async (query: string): Promise<string[]> =>
  (await world.ada.call('GET', `/v1/alerts?${query}`)).body.items.map(({ id }: { id: string }) => id);

test('alerts are listed with the open ones first, page by page, and resolved by the first who does', async () => {
  const { ada } = world;
  const coacheeId = await givenMiddayCoachee(ada);
  const [first, second, third] = [
    await givenAlert(coacheeId),
    await givenAlert(coacheeId),
    await givenAlert(coacheeId),
  ];
  const other = await givenAlert(await givenMiddayCoachee(ada));
  const coach = await givenCaller(world.api, 'coach', ada);
  const resolved = await coach.call('POST', `/v1/alerts/${third}/resolve`, { body: {} });
  expect(resolved.body).toMatchObject({ id: third, resolvedBy: coach.userId, resolvedAt: expect.any(String) });
  expect((await ada.call('POST', `/v1/alerts/${third}/resolve`, { body: {} })).body).toEqual(resolved.body);
  expect(await ids('')).toEqual([other, second, first, third]);
  await coach.call('POST', `/v1/alerts/${first}/resolve`, { body: {} });
  expect(await ids('status=resolved')).toEqual([first, third]);
  expect(await ids(`status=open&coacheeId=${coacheeId}`)).toEqual([second]);
  const pages: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body } = await ada.call('GET', `/v1/alerts?limit=1${cursor && `&cursor=${cursor}`}`);
    pages.push(...body.items.map(({ id }: { id: string }) => id));
    cursor = body.nextCursor;
  }
  expect(pages).toEqual([other, second, first, third]);
});

test('a viewer may look at alerts and not resolve them', async () => {
  const id = await givenAlert(await givenMiddayCoachee(world.ada));
  const viewer = await givenCaller(world.api, 'viewer', world.ada);
  expect((await viewer.call('GET', '/v1/alerts')).status).toBe(200);
  expect((await viewer.call('POST', `/v1/alerts/${id}/resolve`, { body: {} })).status).toBe(403);
  expect((await world.ada.call('POST', `/v1/alerts/${crypto.randomUUID()}/resolve`, { body: {} })).status).toBe(404);
});
