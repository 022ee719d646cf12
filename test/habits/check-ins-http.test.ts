/** Check-ins over HTTP. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CoacheeHabit } from '../../shared/db/entities/habits.ts';
import { CheckIn } from '../../shared/db/entities/journeys.ts';
import { givenEnrollment, givenProgram } from '../support/factories.ts';
import { givenMiddayCoachee, type HabitApi, startHabitApi } from '../support/habit-api.ts';
import { daysOf, givenHabit, givenKeptHabit } from '../support/habits.ts';
import { dayThere } from '../support/midday.ts';

let world: HabitApi;
beforeAll(async () => {
  world = await startHabitApi();
});
afterAll(() => world.api.close());

let names = 0;
const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  world.ada.call(method, path, { body, headers });

const GLASSES = { measure: { kind: 'amount', target: 3, unit: 'glasses' } } as const;

/** A habit that is kept since `since` days ago; days up to yesterday are closed where `closed` says so. */
const given = async (rules: object = {}, { since = 5, closed = false } = {}) => {
  names += 1;
  const { ada } = world;
  const name = `habit${names}`;
  const coacheeId = await givenMiddayCoachee(ada);
  const habitId = await givenHabit(ada, { name, backfillDays: 3, ...rules });
  await givenKeptHabit(ada, coacheeId, habitId, { startDate: dayThere(-since) });
  if (closed) await ada.em().nativeUpdate(CoacheeHabit, { coacheeId }, { closedTo: dayThere(-1) });
  const path = `/v1/coachees/${coacheeId}/check-ins`;
  const say = (body: object, headers?: Record<string, string>) => call('POST', path, { habitId, ...body }, headers);
  const streak = async () =>
    (await call('GET', `/v1/coachees/${coacheeId}/habits`)).body.items[0].standing.streak.current;
  return { name, coacheeId, habitId, path, say, streak };
};

describe('a check-in', () => {
  test('by the habit’s id or name counts for today, and tells reminders and journeys', async () => {
    const { name, coacheeId, habitId, path } = await given();
    const program = await givenProgram(world.ada, { steps: [{ key: 'hello', type: 'message', text: 'Hello' }] });
    const enrollmentId = await givenEnrollment(world.ada, program, coacheeId);
    const { status, body } = await call('POST', path, { habit: name, act: 'done', note: 'Easy' });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      checkIn: { habitId, habit: name, date: dayThere(), act: 'checkIn', done: true, source: 'api', note: 'Easy' },
      duplicate: false,
      standing: { today: { status: 'done', progress: 1 }, streak: { current: 1 } },
    });
    expect(world.reminded.at(-1)).toBe(coacheeId);
    expect(world.nudged).toContain(enrollmentId);
  });

  test('of a counted habit adds up, and done without an amount is what is lacking', async () => {
    const { say } = await given(GLASSES);
    const first = await say({ act: 'done', amount: 1 });
    expect(first.body.standing.today).toMatchObject({ status: 'open', amount: 1 });
    const rest = await say({ act: 'done' });
    expect(rest.body.checkIn.amount).toBe(2);
    expect(rest.body.standing.today).toEqual({ date: dayThere(), status: 'done', progress: 1, amount: 3 });
    expect((await say({ act: 'done' })).body.checkIn.amount).toBe(0);
    expect((await say({ act: 'done', amount: 2 })).body.standing.today.amount).toBe(5);
  });

  test('at the same moment as another loses neither', async () => {
    const { say } = await given({ measure: { kind: 'amount', target: 10, unit: 'km' } });
    const answers = await Promise.all([1, 2, 3, 4].map(() => say({ act: 'done', amount: 2 })));
    expect(answers.map(({ body }) => body.standing.today.amount).sort()).toEqual([2, 4, 6, 8]);
    const all = await Promise.all([1, 2, 3].map(() => say({ act: 'done' })));
    expect(all.map(({ body }) => body.checkIn.amount).sort()).toEqual([0, 0, 2]);
  });

  test('several times a day is done when all are', async () => {
    const { say } = await given({ measure: { kind: 'yesNo', timesPerDay: 2 } });
    expect((await say({ act: 'done' })).body.standing.today).toMatchObject({ status: 'open', progress: 0.5 });
    expect((await say({ act: 'done' })).body.standing.today).toMatchObject({ status: 'done', progress: 1 });
  });

  test('may say that it is not done, which counts for nothing, or skip the day, which is no miss', async () => {
    const { coacheeId, say } = await given({}, { since: 2, closed: true });
    expect((await say({ act: 'notDone' })).body).toMatchObject({
      checkIn: { act: 'checkIn', done: false },
      standing: { today: { status: 'open' } },
    });
    await say({ act: 'skip', date: dayThere(-1) });
    expect(await daysOf(world.ada, coacheeId)).toEqual([`${dayThere(-2)} missed`, `${dayThere(-1)} skipped`]);
  });

  test('counts once by its Idempotency-Key, one after the other and all at once', async () => {
    const { coacheeId, say } = await given(GLASSES);
    const once = { 'idempotency-key': `glass-${coacheeId}` };
    const answers = await Promise.all([1, 2, 3, 4].map(() => say({ act: 'done', amount: 1 }, once)));
    expect(answers.filter(({ status }) => status === 201).length).toBeGreaterThanOrEqual(1);
    for (const { status } of answers) expect([201, 409]).toContain(status);
    const again = await say({ act: 'done', amount: 1 }, once);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.body.standing.today.amount).toBe(1);
    expect(await world.ada.em().count(CheckIn, { coacheeId })).toBe(1);
  });

  test('counts once by its key also when the kept answer is long gone', async () => {
    const { coacheeId, say } = await given();
    const once = { 'idempotency-key': `late-${coacheeId}` };
    const first = await say({ act: 'done' }, once);
    await world.ada.em().execute('delete from idempotent_requests');
    const late = await say({ act: 'done' }, once);
    expect(late.status).toBe(200);
    expect(late.body).toMatchObject({ duplicate: true, checkIn: { id: first.body.checkIn.id } });
    expect(await world.ada.em().count(CheckIn, { coacheeId })).toBe(1);
  });

  test('fills in a day within the limit, and mends the streak; further back and to come it is refused', async () => {
    const { say, streak } = await given({}, { since: 3, closed: true });
    await say({ act: 'done', date: dayThere(-3) });
    await say({ act: 'done', date: dayThere(-1) });
    expect(await streak()).toBe(1);
    const mended = await say({ act: 'done', date: dayThere(-2) });
    expect(mended.body.standing.streak.current).toBe(3);
    for (const date of [dayThere(-4), dayThere(1)]) {
      const refused = await say({ act: 'done', date });
      expect(refused.status).toBe(422);
      expect(refused.body.errors[0].path).toBe('date');
    }
    expect((await say({ act: 'done', date: dayThere(-4) })).body.errors[0].message).toContain(dayThere(-3));
  });

  test.each([
    ['neither id nor name', { habitId: undefined, act: 'done' }, 422, 'habitId'],
    ['both', { habit: 'x', act: 'done' }, 422, 'habitId'],
    ['an amount of yes and no', { act: 'done', amount: 2 }, 422, 'amount'],
    ['an amount of what is skipped', { act: 'skip', amount: 2 }, 422, 'amount'],
    ['a habit that is not kept', { habitId: crypto.randomUUID(), act: 'done' }, 404, undefined],
  ])('with %s is refused', async (_, body, status, path) => {
    const { say } = await given();
    const answer = await say(body);
    expect(answer.status).toBe(status);
    expect(answer.body.errors?.[0].path).toBe(path);
  });
});

describe('taking a check-in back', () => {
  test('restores the streak as it was, once and for all', async () => {
    const { coacheeId, say } = await given({}, { since: 3, closed: true });
    for (const days of [-3, -2, -1]) await say({ act: 'done', date: dayThere(days) });
    const logged = await say({ act: 'done' });
    expect(logged.body.standing.streak.current).toBe(4);
    const undo = () => call('DELETE', `/v1/check-ins/${logged.body.checkIn.id}`);
    const undone = await undo();
    expect(undone.body.standing).toMatchObject({ today: { status: 'open' }, streak: { current: 3, longest: 3 } });
    expect(world.reminded.at(-1)).toBe(coacheeId);
    expect((await undo()).body).toEqual(undone.body);
    const listed = await call('GET', `/v1/coachees/${coacheeId}/check-ins?limit=1`);
    expect(listed.body.items[0]).toMatchObject({ id: logged.body.checkIn.id, undoneAt: expect.any(String) });
  });

  test('of a day in the middle breaks the streak there', async () => {
    const { say, streak } = await given({}, { since: 3, closed: true });
    const logged = [];
    for (const days of [-3, -2, -1]) logged.push(await say({ act: 'done', date: dayThere(days) }));
    await call('DELETE', `/v1/check-ins/${logged[1]?.body.checkIn.id}`);
    expect(await streak()).toBe(1);
  });

  test('of what is not there is a 404', async () => {
    expect((await call('DELETE', `/v1/check-ins/${crypto.randomUUID()}`)).status).toBe(404);
  });
});

test('check-ins are listed by habit and day, page by page', async () => {
  const { path, habitId, say } = await given();
  for (const days of [-3, -2, -1, 0]) await say({ act: 'done', date: dayThere(days) });
  const dates = async (query: string) =>
    (await call('GET', `${path}?${query}`)).body.items.map(({ date }: { date: string }) => date);
  expect(await dates(`from=${dayThere(-2)}&to=${dayThere(-1)}`)).toEqual([dayThere(-1), dayThere(-2)]);
  expect(await dates(`habitId=${crypto.randomUUID()}`)).toEqual([]);
  const first = await call('GET', `${path}?habitId=${habitId}&limit=3`);
  const second = await call('GET', `${path}?habitId=${habitId}&limit=3&cursor=${first.body.nextCursor}`);
  expect([...first.body.items, ...second.body.items].map(({ date }) => date)).toEqual(
    [0, -1, -2, -3].map((days) => dayThere(days)),
  );
  expect(second.body.nextCursor).toBeNull();
});
