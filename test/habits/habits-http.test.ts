/** Habits over HTTP, and who keeps them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AuditEntry } from '../../shared/db/entities/accounts.ts';
import { CoacheeHabit, ReminderSchedule } from '../../shared/db/entities/habits.ts';
import { givenCaller } from '../support/api.ts';
import { givenMiddayCoachee, type HabitApi, startHabitApi } from '../support/habit-api.ts';
import { daysOf, givenHabit, givenKeptHabit } from '../support/habits.ts';
import { dayThere } from '../support/midday.ts';

let world: HabitApi;
beforeAll(async () => {
  world = await startHabitApi();
});
afterAll(() => world.api.close());

const call = (method: string, path: string, body?: unknown) => world.ada.call(method, path, { body });
let names = 0;
const freshName = () => {
  names += 1;
  return `habit${names}`;
};
const givenCoachee = () => givenMiddayCoachee(world.ada);

describe('a habit', () => {
  test('is made with defaults, read, listed and changed', async () => {
    const name = freshName();
    const made = await call('POST', '/v1/habits', { name, title: 'Walk' });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      ...{ name, title: 'Walk', measure: { kind: 'yesNo', timesPerDay: 1 }, schedule: { kind: 'daily' } },
      ...{ dayStart: '00:00', backfillDays: 2, freezesPerMonth: 0, restDays: [], archivedAt: null },
    });
    const path = `/v1/habits/${made.body.id}`;
    expect(made.headers.get('location')).toBe(path);
    expect((await call('GET', path)).body).toEqual(made.body);
    const measure = { kind: 'amount', target: 3, unit: 'km' };
    const changed = await call('PATCH', path, { measure, restDays: ['SU'] });
    expect(changed.body).toEqual({ ...made.body, measure, restDays: ['SU'] });
    expect((await call('GET', '/v1/habits')).body.items[0]).toEqual(changed.body);
    const entry = await world.ada.em().findOneOrFail(AuditEntry, { subject: `habit/${made.body.id}` });
    expect(entry).toMatchObject({ action: 'habit.changed', detail: { measure } });
  });

  test('has a name that no other has, not even at the same moment; another creator has names of their own', async () => {
    const body = { name: freshName(), title: 'Walk' };
    const answers = await Promise.all([1, 2, 3].map(() => call('POST', '/v1/habits', body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    const made = answers.find(({ status }) => status === 201);
    for (const { status, body: said } of answers) if (status === 409) expect(said.habitId).toBe(made?.body.id);
    const eve = await givenCaller(world.api);
    expect((await eve.call('POST', '/v1/habits', { body })).status).toBe(201);
  });

  test.each([
    ['rest on every day', { restDays: ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] }, 'restDays'],
    ['rest on all its weekdays', { schedule: { kind: 'weekdays', days: ['SU'] }, restDays: ['SU'] }, 'restDays'],
    ['more times than days', { schedule: { kind: 'timesPerWeek', times: 7 }, restDays: ['SU'] }, 'schedule.times'],
    ['a day that starts at noon', { dayStart: '12:00' }, 'dayStart'],
    ['a target of nothing', { measure: { kind: 'amount', target: 0, unit: 'km' } }, 'measure.target'],
  ])('that nobody can keep is refused: %s', async (_, rules, path) => {
    const { status, body } = await call('POST', '/v1/habits', { name: freshName(), title: 'Walk', ...rules });
    expect(status).toBe(422);
    expect(body.errors[0].path).toBe(path);
  });

  test('is put away and brought back; meanwhile nobody keeps it, and its name stays taken', async () => {
    const { ada, reminded } = world;
    const coacheeId = await givenCoachee();
    const name = freshName();
    const habitId = await givenHabit(ada, { name });
    await givenKeptHabit(ada, coacheeId, habitId, { startDate: dayThere() });
    const kept = async () => (await call('GET', `/v1/coachees/${coacheeId}/habits`)).body.items;
    expect(await kept()).toHaveLength(1);
    expect((await call('DELETE', `/v1/habits/${habitId}`)).status).toBe(204);
    expect(reminded.at(-1)).toBe(coacheeId);
    expect(await kept()).toEqual([]);
    const listed = async (query = '') =>
      (await call('GET', `/v1/habits?limit=100${query}`)).body.items.map(({ id }: { id: string }) => id);
    expect(await listed()).not.toContain(habitId);
    expect(await listed('&includeArchived=true')).toContain(habitId);
    expect((await call('POST', '/v1/habits', { name, title: 'Again' })).body).toMatchObject({ status: 409, habitId });
    expect((await call('POST', `/v1/coachees/${coacheeId}/habits`, { habitId })).status).toBe(409);
    expect((await call('PATCH', `/v1/habits/${habitId}`, { archived: false })).body.archivedAt).toBeNull();
    expect(await kept()).toHaveLength(1);
  });

  test('whose rules change is noted for everyone who keeps it, and they are told', async () => {
    const { ada, reminded } = world;
    const habitId = await givenHabit(ada, { name: freshName() });
    const coacheeIds = [await givenCoachee(), await givenCoachee()];
    for (const id of coacheeIds) await givenKeptHabit(ada, id, habitId, { startDate: dayThere() });
    await ada.em().nativeUpdate(ReminderSchedule, { coacheeId: { $in: coacheeIds } }, { nudgedAt: null });
    reminded.length = 0;
    await call('PATCH', `/v1/habits/${habitId}`, { restDays: ['SA'] });
    expect([...reminded].sort()).toEqual([...coacheeIds].sort());
    expect(await ada.em().count(ReminderSchedule, { coacheeId: { $in: coacheeIds }, nudgedAt: { $ne: null } })).toBe(2);
  });

  test('is changed by editors, and given to people by coaches', async () => {
    const coach = await givenCaller(world.api, 'coach', world.ada);
    const viewer = await givenCaller(world.api, 'viewer', world.ada);
    const habitId = await givenHabit(world.ada, { name: freshName() });
    const coacheeId = await givenCoachee();
    expect((await coach.call('POST', '/v1/habits', { body: { name: freshName(), title: 'A' } })).status).toBe(403);
    const give = (who: typeof coach) => who.call('POST', `/v1/coachees/${coacheeId}/habits`, { body: { habitId } });
    expect((await give(viewer)).status).toBe(403);
    expect((await give(coach)).status).toBe(201);
    expect((await viewer.call('GET', `/v1/coachees/${coacheeId}/habits`)).status).toBe(200);
  });
});

describe('a coachee', () => {
  const given = async (rules = {}) => {
    const coacheeId = await givenCoachee();
    const habitId = await givenHabit(world.ada, { name: freshName(), ...rules });
    const path = `/v1/coachees/${coacheeId}/habits`;
    return { coacheeId, habitId, path, keep: (more: object = {}) => call('POST', path, { habitId, ...more }) };
  };

  test('keeps a habit from today on, once; their reminders are told', async () => {
    const { coacheeId, habitId, path, keep } = await given();
    const first = await keep();
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({ habitId, startDate: dayThere(), endDate: null });
    expect(first.body.standing).toEqual({
      today: { date: dayThere(), status: 'open', progress: 0, amount: 0 },
      streak: { current: 0, longest: 0, unit: 'days' },
      ...{ strength: 0, freezesLeft: 0, adherence: { done: 0, counted: 0 } },
    });
    expect(world.reminded.at(-1)).toBe(coacheeId);
    const again = await keep({ startDate: dayThere(5) });
    expect(again).toMatchObject({ status: 200, body: first.body });
    expect((await call('GET', path)).body.items).toEqual([first.body]);
  });

  test('begins on a day that can be filled in, and ends no sooner than it begins', async () => {
    const { keep } = await given({ backfillDays: 2 });
    const early = await keep({ startDate: dayThere(-3) });
    expect(early.status).toBe(422);
    expect(early.body.errors[0]).toMatchObject({ path: 'startDate', message: expect.stringContaining(dayThere(-2)) });
    expect((await keep({ endDate: dayThere(-1) })).body.errors[0].path).toBe('endDate');
    expect((await keep({ startDate: dayThere(-2) })).status).toBe(201);
  });

  test('may have its dates changed: the end always, the start until it has come', async () => {
    const { path, habitId, keep } = await given();
    await keep({ startDate: dayThere(3) });
    const change = (body: object) => call('PATCH', `${path}/${habitId}`, body);
    expect((await change({ startDate: dayThere(-1) })).body.errors[0].path).toBe('startDate');
    expect((await change({ endDate: dayThere(2) })).body.errors[0].path).toBe('endDate');
    expect((await change({ startDate: dayThere(), endDate: dayThere(2) })).body).toMatchObject({
      ...{ startDate: dayThere(), endDate: dayThere(2), standing: { today: { status: 'open' } } },
    });
    expect((await change({ startDate: dayThere(1) })).status).toBe(409);
    expect((await change({ endDate: null })).body.endDate).toBeNull();
  });

  test('ends it today, and loses one that never began', async () => {
    const running = await given();
    await running.keep();
    expect((await call('DELETE', `${running.path}/${running.habitId}`)).status).toBe(204);
    expect((await call('GET', running.path)).body.items).toMatchObject([{ endDate: dayThere() }]);
    const planned = await given();
    await planned.keep({ startDate: dayThere(1) });
    expect((await call('DELETE', `${planned.path}/${planned.habitId}`)).status).toBe(204);
    expect((await call('GET', planned.path)).body.items).toEqual([]);
    expect((await call('DELETE', `${planned.path}/${planned.habitId}`)).status).toBe(404);
  });

  test('takes one up again that has ended: it begins anew, and what was stays', async () => {
    const { coacheeId, habitId, path, keep } = await given();
    await keep({ startDate: dayThere(-2) });
    for (const date of [dayThere(-2), dayThere(-1)]) {
      await call('POST', `/v1/coachees/${coacheeId}/check-ins`, { habitId, act: 'done', date });
    }
    await call('PATCH', `${path}/${habitId}`, { endDate: dayThere(-1) });
    const again = await keep();
    expect(again).toMatchObject({ status: 201, body: { startDate: dayThere(), endDate: null } });
    expect(again.body.standing.streak.current).toBe(0);
    const logged = await call('POST', `/v1/coachees/${coacheeId}/check-ins`, { habitId, act: 'done' });
    expect(logged.body.standing.streak.current).toBe(1);
    expect(await daysOf(world.ada, coacheeId)).toEqual([
      `${dayThere(-2)} done`,
      `${dayThere(-1)} done`,
      `${dayThere()} done`,
    ]);
    expect(await world.ada.em().count(CoacheeHabit, { coacheeId })).toBe(1);
  });

  test('keeps nothing that is not there', async () => {
    const { path, keep } = await given();
    expect((await call('POST', path, { habitId: crypto.randomUUID() })).status).toBe(404);
    await keep();
    const nobody = `/v1/coachees/${crypto.randomUUID()}/habits`;
    expect((await call('GET', nobody)).status).toBe(404);
  });
});
