/** Rules of reminders over HTTP, what follows from them for coachees, and what sets them off. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CoacheeId, newId, type ReminderFireId } from '../../shared/contracts/ids.ts';
import { Creator } from '../../shared/db/entities/accounts.ts';
import { Delivery } from '../../shared/db/entities/channels.ts';
import { ReminderAnchor, ReminderFire, ReminderRule, ReminderSchedule } from '../../shared/db/entities/habits.ts';
import { givenCaller } from '../support/api.ts';
import { givenMiddayCoachee, type HabitApi, startHabitApi } from '../support/habit-api.ts';
import { givenHabit, givenKeptHabit, givenReminder } from '../support/habits.ts';
import { dayThere, MIDDAY_ZONE } from '../support/midday.ts';

let world: HabitApi;
let names = 0;
beforeAll(async () => {
  world = await startHabitApi();
});
afterAll(() => world.api.close());

const call = (method: string, path: string, body?: unknown) => world.ada.call(method, path, { body });
const rule = { times: ['08:30'] };

const given = async () => {
  const { ada } = world;
  names += 1;
  const coacheeId = await givenMiddayCoachee(ada);
  const habitId = await givenHabit(ada, { name: `habit${names}` });
  await givenKeptHabit(ada, coacheeId, habitId, { startDate: dayThere() });
  await calm(coacheeId);
  return { coacheeId, habitId };
};
/** As the coachee's run leaves the schedule when it has looked. */
const calm = async (coacheeId: CoacheeId) => {
  await world.ada.em().nativeUpdate(ReminderSchedule, { coacheeId }, { nudgedAt: null });
  world.reminded.length = 0;
};
const isNoted = async (coacheeId: CoacheeId) =>
  (await world.ada.em().count(ReminderSchedule, { coacheeId, nudgedAt: { $ne: null } })) === 1;

describe('a reminder', () => {
  test('of a habit has defaults, is noted for everyone who keeps it, and tells them', async () => {
    const { coacheeId, habitId } = await given();
    const made = await call('POST', '/v1/reminders', { habitId, rule });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      ...{ habitId, coacheeId: null, kind: 'reminder', text: null, rule, revision: 1, escalation: [] },
      ...{ snoozes: [{ minutes: 30 }], dropAfterMinutes: 180, stopWhenDone: true },
    });
    expect(await isNoted(coacheeId)).toBe(true);
    expect(world.reminded).toEqual([coacheeId]);
    expect((await call('GET', made.headers.get('location') ?? '')).body).toEqual(made.body);
  });

  test('of one coachee makes them a schedule', async () => {
    const coacheeId = await givenMiddayCoachee(world.ada);
    await call('POST', '/v1/reminders', { coacheeId, rule, text: 'Breathe, {{coachee.name}}' });
    expect(await isNoted(coacheeId)).toBe(true);
    expect(world.reminded.at(-1)).toBe(coacheeId);
  });

  test('counts a revision when its rule changes, and only then', async () => {
    const { coacheeId, habitId } = await given();
    const id = await givenReminder(world.ada, { times: ['08:30', '20:00'], days: ['MO'] }, { habitId });
    const change = async (body: object) => (await call('PATCH', `/v1/reminders/${id}`, body)).body;
    const escalation = [{ afterMinutes: 120, via: 'coach' }];
    expect(await change({ text: 'Water!', escalation })).toMatchObject({ text: 'Water!', escalation, revision: 1 });
    expect((await change({ rule: { days: ['MO'], times: ['20:00', '08:30'] } })).revision).toBe(1);
    expect(await change({ rule: { times: ['09:00'] } })).toMatchObject({ rule: { times: ['09:00'] }, revision: 2 });
    expect(await change({ text: null })).toMatchObject({ text: null, escalation, revision: 2 });
    expect(await isNoted(coacheeId)).toBe(true);
  });

  test('that is deleted is not there any more', async () => {
    const { coacheeId, habitId } = await given();
    const id = await givenReminder(world.ada, rule, { habitId });
    expect((await call('DELETE', `/v1/reminders/${id}`)).status).toBe(204);
    expect(world.reminded).toEqual([coacheeId]);
    for (const method of ['GET', 'DELETE']) expect((await call(method, `/v1/reminders/${id}`)).status).toBe(404);
    expect(await world.ada.em().count(ReminderRule, { id })).toBe(1);
  });

  test('is found by what it is of', async () => {
    const { coacheeId, habitId } = await given();
    const ofHabit = await givenReminder(world.ada, rule, { habitId });
    const digest = await givenReminder(world.ada, rule, { coacheeId, kind: 'digest' });
    const found = async (query: string) =>
      (await call('GET', `/v1/reminders?${query}`)).body.items.map(({ id }: { id: string }) => id);
    expect(await found(`habitId=${habitId}`)).toEqual([ofHabit]);
    expect(await found(`coacheeId=${coacheeId}`)).toEqual([digest]);
    expect(await found(`coacheeId=${coacheeId}&kind=reminder`)).toEqual([]);
    expect((await found('limit=2')).slice(0, 2)).toEqual([digest, ofHabit]);
  });

  test('for everyone is an editor’s to make and change; a coach may remind one coachee', async () => {
    const { coacheeId, habitId } = await given();
    const coach = await givenCaller(world.api, 'coach', world.ada);
    const make = (body: object) => coach.call('POST', '/v1/reminders', { body: { rule, ...body } });
    expect((await make({ habitId })).status).toBe(403);
    expect((await make({ habitId, coacheeId })).status).toBe(201);
    const id = await givenReminder(world.ada, rule, { habitId });
    expect((await coach.call('PATCH', `/v1/reminders/${id}`, { body: { text: 'Hi' } })).status).toBe(403);
    expect((await coach.call('DELETE', `/v1/reminders/${id}`)).status).toBe(403);
  });

  test.each([
    ['of nobody', {}, 'habitId'],
    ['by a rule of nonsense', { rule: { times: ['25:00'] } }, 'rule.times.0'],
    ['after an event without a name', { rule: { ...rule, after: { event: '1st sale' } } }, 'rule.after.event'],
    ['that is a digest with a text', { kind: 'digest', text: 'Hi' }, 'text'],
    ['that is too patient', { escalation: [{ afterMinutes: 5000, via: 'again' }] }, 'escalation.0.afterMinutes'],
  ])('%s is refused', async (_, body, path) => {
    const { habitId } = await given();
    const about = path === 'habitId' ? {} : { habitId };
    const answer = await call('POST', '/v1/reminders', { rule, ...about, ...body });
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map((error: { path: string }) => error.path)).toContain(path);
  });

  test('of a habit or coachee that is not there is a 404', async () => {
    for (const body of [{ habitId: crypto.randomUUID() }, { coacheeId: crypto.randomUUID() }]) {
      expect((await call('POST', '/v1/reminders', { rule, ...body })).status).toBe(404);
    }
  });
});

test('settings have defaults, are kept, and have bounds', async () => {
  const own = await givenCaller(world.api);
  const path = '/v1/reminders/settings';
  expect((await own.call('GET', path)).body).toEqual({ jitterMinutes: 0, mergeMinutes: 5 });
  const body = { jitterMinutes: 15, mergeMinutes: 0 };
  expect((await own.call('PUT', path, { body })).body).toEqual(body);
  expect((await own.call('GET', path)).body).toEqual(body);
  expect(await own.em().findOneOrFail(Creator, own.creatorId)).toMatchObject({ reminderSettings: body });
  for (const wrong of [{ jitterMinutes: 121 }, { mergeMinutes: 61 }, { mergeMinutes: -1 }]) {
    expect((await own.call('PUT', path, { body: { ...body, ...wrong } })).status).toBe(422);
  }
  const coach = await givenCaller(world.api, 'coach', own);
  expect((await coach.call('PUT', path, { body })).status).toBe(403);
});

describe('a coachee’s reminders', () => {
  test('are told with what came of each, and what comes next', async () => {
    const { coacheeId, habitId } = await given();
    const path = `/v1/coachees/${coacheeId}/reminders`;
    expect((await call('GET', path)).body).toEqual({ items: [], nextCursor: null, pausedAt: null, next: null });
    const ruleId = await givenReminder(world.ada, { times: ['20:15'] }, { habitId });
    const { creatorId, em } = world.ada;
    const key = `reminders/${coacheeId}/x/1`;
    await em().insert(Delivery, {
      ...{ id: newId<Delivery['id']>(), creatorId, key, messageId: newId<Delivery['messageId']>(), coacheeId },
      ...{ status: 'failed', reason: 'No channel.' },
    });
    await em().insert(ReminderFire, {
      ...{ id: newId<ReminderFireId>(), creatorId, coacheeId, ruleId, habitId, date: dayThere(-1), time: '20:15' },
      ...{ habitDay: dayThere(-1), status: 'over', stage: 1, dueAt: new Date(), deliveryKey: key },
    });
    const { body } = await call('GET', path);
    expect(body.items).toMatchObject([
      { ruleId, habitId, localDate: dayThere(-1), status: 'over', stage: 1, delivery: { status: 'failed', key } },
    ]);
    expect(body.next).toMatchObject({ ruleId, habitId, localDate: dayThere(), localTime: '20:15' });
    expect(new Date(body.next.at).toLocaleTimeString('de', { timeZone: MIDDAY_ZONE, timeStyle: 'short' })).toBe(
      '20:15',
    );
  });

  test('fall silent and speak again', async () => {
    const { coacheeId } = await given();
    const post = async (what: string) => (await call('POST', `/v1/coachees/${coacheeId}/reminders/${what}`, {})).body;
    const { pausedAt } = await post('pause');
    expect(pausedAt).toEqual(expect.any(String));
    expect(await post('pause')).toEqual({ pausedAt });
    expect((await call('GET', `/v1/coachees/${coacheeId}/reminders`)).body.pausedAt).toBe(pausedAt);
    expect(world.reminded.at(-1)).toBe(coacheeId);
    expect(await post('resume')).toEqual({ pausedAt: null });
    const newcomer = await givenMiddayCoachee(world.ada);
    expect((await call('POST', `/v1/coachees/${newcomer}/reminders/pause`, {})).body.pausedAt).not.toBeNull();
  });

  test('look again when the coachee moves or wishes otherwise, and not for a new name', async () => {
    const { coacheeId } = await given();
    const change = (body: object) => call('PATCH', `/v1/coachees/${coacheeId}`, body);
    await change({ name: 'Juno' });
    expect(world.reminded).toEqual([]);
    await change({ timeZone: 'Asia/Tokyo' });
    expect(world.reminded).toEqual([coacheeId]);
    expect(await isNoted(coacheeId)).toBe(true);
    await change({ deliveryPolicy: { quietHours: { from: '22:00', to: '07:00' } } });
    expect(world.reminded).toEqual([coacheeId, coacheeId]);
    const other = await givenMiddayCoachee(world.ada);
    await call('PATCH', `/v1/coachees/${other}`, { timeZone: 'Asia/Tokyo' });
    expect(world.reminded).not.toContain(other);
  });
});

describe('an event', () => {
  const send = (body: object) => call('POST', '/v1/events', body);
  const anchors = (coacheeId: CoacheeId) => world.ada.em().find(ReminderAnchor, { coacheeId });

  test('that a rule follows is kept with the coachee’s date, once, and tells their reminders', async () => {
    const { coacheeId, habitId } = await given();
    const name = `bought${names}`;
    await call('POST', '/v1/reminders', { habitId, rule: { ...rule, after: { event: name, days: 3 } } });
    await calm(coacheeId);
    await send({ name, id: `${name}-1`, coacheeId });
    await send({ name, id: `${name}-1`, coacheeId });
    expect(world.reminded).toEqual([coacheeId]);
    expect(await isNoted(coacheeId)).toBe(true);
    expect(await anchors(coacheeId)).toMatchObject([{ eventId: `${name}-1`, event: name, date: dayThere() }]);
    const next = (await call('GET', `/v1/coachees/${coacheeId}/reminders`)).body;
    expect(next.next).toMatchObject({ localDate: dayThere(3), localTime: '08:30' });
  });

  test('that a rule of one coachee follows makes them a schedule; others are left alone', async () => {
    const coacheeId = await givenMiddayCoachee(world.ada);
    const other = await givenMiddayCoachee(world.ada);
    const name = `called${names}`;
    await givenReminder(world.ada, { ...rule, after: { event: name } }, { coacheeId });
    world.reminded.length = 0;
    await send({ name, coacheeId });
    await send({ name, coacheeId: other });
    await send({ name: 'somethingElse', coacheeId });
    expect(world.reminded).toEqual([coacheeId]);
    expect(await isNoted(coacheeId)).toBe(true);
    expect(await anchors(coacheeId)).toHaveLength(1);
    expect(await world.ada.em().count(ReminderSchedule, { coacheeId: other })).toBe(0);
  });
});
