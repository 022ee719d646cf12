/** Vacations, the calendar of a habit and its picture, over HTTP. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CoacheeId } from '../../shared/contracts/ids.ts';
import { AuditEntry } from '../../shared/db/entities/accounts.ts';
import { CoacheeHabit } from '../../shared/db/entities/habits.ts';
import { givenMiddayCoachee, type HabitApi, startHabitApi } from '../support/habit-api.ts';
import { daysOf, givenHabit, givenKeptHabit } from '../support/habits.ts';
import { dayThere } from '../support/midday.ts';

let world: HabitApi;
let names = 0;
beforeAll(async () => {
  world = await startHabitApi();
});
afterAll(() => world.api.close());

const call = (method: string, path: string, body?: unknown) => world.ada.call(method, path, { body });

/** Three days that are over, of which the first and the last were done. */
const given = async (rules: object = {}) => {
  const { ada } = world;
  const coacheeId = await givenMiddayCoachee(ada);
  names += 1;
  const habitId = await givenHabit(ada, { name: `habit${names}`, title: 'Drink <water>', backfillDays: 3, ...rules });
  await givenKeptHabit(ada, coacheeId, habitId, { startDate: dayThere(-3) });
  await ada.em().nativeUpdate(CoacheeHabit, { coacheeId }, { closedTo: dayThere(-1) });
  for (const days of [-3, -1]) {
    await call('POST', `/v1/coachees/${coacheeId}/check-ins`, { habitId, act: 'done', date: dayThere(days) });
  }
  return { coacheeId, habitId, path: `/v1/coachees/${coacheeId}` };
};

const standingOf = async (path: string) => (await call('GET', `${path}/habits`)).body.items[0].standing;
const days = (coacheeId: CoacheeId) => daysOf(world.ada, coacheeId);

describe('a vacation', () => {
  test('excuses its days, those that are past as well, until it is taken back', async () => {
    const { coacheeId, path } = await given();
    expect(await standingOf(path)).toMatchObject({ streak: { current: 1 }, adherence: { done: 2, counted: 3 } });
    const range = { from: dayThere(-2), to: dayThere(-2) };
    const added = await call('POST', `${path}/vacations`, range);
    expect(added).toMatchObject({ status: 201, body: range });
    expect(world.reminded.at(-1)).toBe(coacheeId);
    expect(await standingOf(path)).toMatchObject({ streak: { current: 2 }, adherence: { done: 2, counted: 2 } });
    expect(await days(coacheeId)).toContain(`${dayThere(-2)} vacation`);
    expect((await call('GET', `${path}/vacations`)).body.items).toEqual([added.body]);
    expect((await call('DELETE', `${path}/vacations/${added.body.id}`)).status).toBe(204);
    expect(await standingOf(path)).toMatchObject({ streak: { current: 1 } });
    expect(await days(coacheeId)).toContain(`${dayThere(-2)} missed`);
    const trail = await world.ada
      .em()
      .find(AuditEntry, { subject: `coachee/${coacheeId}` }, { orderBy: { id: 'asc' } });
    expect(trail.map(({ action }) => action)).toEqual(['vacation.added', 'vacation.removed']);
  });

  test('from today on asks nothing today', async () => {
    const { path } = await given();
    await call('POST', `${path}/vacations`, { from: dayThere(), to: dayThere(10) });
    expect((await standingOf(path)).today).toMatchObject({ status: 'vacation' });
  });

  test('ends no sooner than it begins, and is taken back once', async () => {
    const { path } = await given();
    const wrong = await call('POST', `${path}/vacations`, { from: dayThere(2), to: dayThere(1) });
    expect(wrong).toMatchObject({ status: 422, body: { errors: [{ path: 'to' }] } });
    const other = await given();
    const { body } = await call('POST', `${path}/vacations`, { from: dayThere(1), to: dayThere(1) });
    expect((await call('DELETE', `${other.path}/vacations/${body.id}`)).status).toBe(404);
    expect((await call('DELETE', `${path}/vacations/${body.id}`)).status).toBe(204);
    expect((await call('DELETE', `${path}/vacations/${body.id}`)).status).toBe(404);
  });
});

describe('the calendar of a habit', () => {
  test('has its days up to today, each with what it was', async () => {
    const { path, habitId } = await given();
    const { body } = await call('GET', `${path}/habits/${habitId}/calendar`);
    expect(body).toMatchObject({ habitId, from: dayThere(-83), to: dayThere() });
    expect(body.days.map(({ date, status }: { date: string; status: string }) => `${date} ${status}`)).toEqual([
      ...[`${dayThere(-3)} done`, `${dayThere(-2)} missed`, `${dayThere(-1)} done`, `${dayThere()} open`],
    ]);
    const part = await call('GET', `${path}/habits/${habitId}/calendar?from=${dayThere(-2)}&to=${dayThere(-2)}`);
    expect(part.body.days).toEqual([{ date: dayThere(-2), status: 'missed', progress: 0, amount: 0 }]);
  });

  test('of a range the wrong way round, or of years, is refused', async () => {
    const { path, habitId } = await given();
    for (const query of ['from=2026-03-02&to=2026-03-01', 'from=2020-01-01&to=2026-01-01', 'from=2026-02-30']) {
      expect((await call('GET', `${path}/habits/${habitId}/calendar?${query}`)).status, query).toBe(422);
    }
  });

  test('is a picture as well', async () => {
    const { path, habitId } = await given({ measure: { kind: 'amount', target: 1, unit: 'glasses' } });
    const { status, headers, text } = await call('GET', `${path}/habits/${habitId}/calendar.svg`);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('image/svg+xml; charset=utf-8');
    expect(text).toMatch(/^<svg [\s\S]*<\/svg>$/);
    expect(text).toContain('Drink &lt;water&gt;');
    expect(text.match(/class="done"/g)?.length).toBeGreaterThanOrEqual(2);
  });

  test('of a habit that they do not keep is a 404', async () => {
    const { path } = await given();
    expect((await call('GET', `${path}/habits/${crypto.randomUUID()}/calendar`)).status).toBe(404);
  });
});
