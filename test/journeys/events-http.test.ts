/** Events of other systems, and tags over HTTP: who comes into which program by them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { housekeeping } from '../../shared/db/directory.ts';
import { EnrollmentEvent } from '../../shared/db/entities/enrollment-imports.ts';
import { Coachee, Enrollment } from '../../shared/db/entities/journeys.ts';
import { type GivenCaller, givenCaller, startApi, type TestApi } from '../support/api.ts';
import { givenCoachee, givenProgram } from '../support/factories.ts';

let api: TestApi;
let ada: GivenCaller;
const started: string[] = [];
beforeAll(async () => {
  api = await startApi();
  api.deps.runs.start = async ({ enrollmentId }) => void started.push(enrollmentId);
  ada = await givenCaller(api);
});
afterAll(() => api.close());

const steps = [{ key: 'hello', type: 'message', text: 'Hello' }];
let names = 0;
/** A name that no other test uses, with a program that is entered on it. */
const given = async (more: object = {}, owner = ada) => {
  names += 1;
  const name = `bought${names}`;
  const { programId } = await givenProgram(owner, { steps, enrollment: { on: [{ event: name }], ...more } });
  return { name, programId };
};
const send = (body: object, owner = ada, headers = {}) => owner.call('POST', '/v1/events', { body, headers });

describe('an event', () => {
  test('enrolls its coachee in every program that names it, and starts the journeys', async () => {
    const { name, programId } = await given();
    const { programId: second } = await givenProgram(ada, { steps, enrollment: { on: [{ event: name }] } });
    await givenProgram(ada, { steps });
    const { coacheeId } = await givenCoachee(ada, ada.webChannelId);
    const { status, body } = await send({ name, coacheeId, payload: { price: 9 } });
    expect(status).toBe(200);
    expect(body).toMatchObject({ coacheeId, duplicate: false, refused: [] });
    expect(body.enrolled).toMatchObject([
      { programId, status: 'active', programVersion: 1, joinLink: null },
      { programId: second, status: 'active' },
    ]);
    for (const { enrollmentId } of body.enrolled) expect(started).toContain(enrollmentId);
  });

  test('of somebody new makes them and invites them; by their externalId they are known afterwards', async () => {
    const { name } = await given({ reentry: 'never' });
    const coachee = { name: 'Juno', timeZone: 'UTC', externalId: `shop-${name}` };
    const first = await send({ name, coachee });
    expect(first.body.enrolled).toMatchObject([
      { status: 'invited', joinLink: { url: expect.stringContaining('/join/') } },
    ]);
    const { coacheeId } = first.body;
    const again = await send({ name, coachee: { ...coachee, name: 'Somebody' } });
    expect(again.body).toMatchObject({
      coacheeId,
      enrolled: [],
      refused: [{ reason: expect.stringMatching(/already/) }],
    });
    expect((await send({ name, externalId: coachee.externalId })).body.coacheeId).toBe(coacheeId);
    expect(await ada.em().findOneOrFail(Coachee, coacheeId)).toMatchObject({ name: 'Juno' });
  });

  test('counts once by its id, also at the same moment; without one, or with another, each time', async () => {
    const { name, programId } = await given();
    const { coacheeId } = await givenCoachee(ada, ada.webChannelId);
    const id = `order-${name}`;
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => send({ name, id, coacheeId })));
    expect(answers.map(({ body }) => body.duplicate).sort()).toEqual([false, true, true, true, true]);
    for (const { body } of answers) expect(body).toEqual({ ...answers[0]?.body, duplicate: body.duplicate });
    expect(await ada.em().count(Enrollment, { programId })).toBe(1);
    expect((await send({ name, coacheeId })).body).toMatchObject({ duplicate: false, refused: [{ programId }] });
    // Another creator's ids are their own.
    const eve = await givenCaller(api);
    const theirs = await givenCoachee(eve, eve.webChannelId);
    expect((await send({ name, id, coacheeId: theirs.coacheeId }, eve)).body).toMatchObject({
      duplicate: false,
      enrolled: [],
    });
  });

  test('counts once by its Idempotency-Key', async () => {
    const { name } = await given();
    const { coacheeId } = await givenCoachee(ada, ada.webChannelId);
    const once = () => send({ name, coacheeId }, ada, { 'idempotency-key': `key-${name}` });
    expect((await once()).body).toEqual((await once()).body);
  });

  test('is forgotten after 8 days', async () => {
    const { coacheeId } = await givenCoachee(ada, ada.webChannelId);
    await send({ name: 'old', id: 'old', coacheeId });
    await send({ name: 'young', id: 'young', coacheeId });
    const ago = (days: number) => ({ createdAt: new Date(Date.now() - days * 86_400_000) });
    await ada.em().nativeUpdate(EnrollmentEvent, { eventId: 'old' }, ago(8.1));
    await ada.em().nativeUpdate(EnrollmentEvent, { eventId: 'young' }, ago(7.9));
    await housekeeping(api.deps.orm);
    expect((await send({ name: 'old', id: 'old', coacheeId })).body.duplicate).toBe(false);
    expect((await send({ name: 'young', id: 'young', coacheeId })).body.duplicate).toBe(true);
  });

  test('puts people in the cohort that it names, as far as there are places', async () => {
    const { name, programId } = await given();
    const cohort = await ada.call('POST', `/v1/programs/${programId}/cohorts`, {
      body: { name: 'A', kind: 'rolling', cap: 1 },
    });
    const cohortId = cohort.body.id;
    const one = () => send({ name, cohortId, coachee: { name: 'Juno', timeZone: 'UTC' } });
    expect((await one()).body.enrolled).toMatchObject([{ cohortId }]);
    expect((await one()).body).toMatchObject({
      enrolled: [],
      refused: [{ programId, detail: { cohortRefusal: 'full' } }],
    });
  });

  test('goes by the newest version only', async () => {
    const { name, programId } = await given();
    const { coacheeId } = await givenCoachee(ada, ada.webChannelId);
    const definition = { v: 1, title: 'Without', steps };
    await ada.call('PUT', `/v1/programs/${programId}/draft`, { body: { definition } });
    expect((await ada.call('POST', `/v1/programs/${programId}/publish`, { body: {} })).status).toBe(201);
    expect((await send({ name, coacheeId })).body.enrolled).toEqual([]);
  });

  test.each([
    ['nobody', {}, 422],
    ['two at once', { externalId: 'a', coachee: { name: 'M', timeZone: 'UTC' } }, 422],
    ['somebody unknown', { externalId: 'nobody-has-this' }, 404],
    ['a coachee who is not there', { coacheeId: crypto.randomUUID() }, 404],
    ['an unknown cohort', { coachee: { name: 'M', timeZone: 'UTC' }, cohortId: crypto.randomUUID() }, 404],
  ])('of %s is %i', async (_, body, status) => {
    const before = await ada.em().count(Coachee, {});
    expect((await send({ name: 'bought', ...body })).status).toBe(status);
    expect(await ada.em().count(Coachee, {})).toBe(before);
  });
});

describe('a tag', () => {
  const givenTagged = async () => {
    names += 1;
    const tag = `tag${names}`;
    const { programId } = await givenProgram(ada, { steps, enrollment: { on: [{ tag }] } });
    return { tag, programId, count: () => ada.em().count(Enrollment, { programId }) };
  };

  test('that is put on a coachee enrolls them, and one that was there does not', async () => {
    const { tag, programId, count } = await givenTagged();
    const { coacheeId } = await givenCoachee(ada, ada.webChannelId);
    const put = (tags: string[]) => ada.call('PATCH', `/v1/coachees/${coacheeId}`, { body: { tags } });
    expect((await put([tag])).status).toBe(200);
    const made = await ada.em().findOneOrFail(Enrollment, { programId });
    expect(made).toMatchObject({ coacheeId, status: 'active' });
    expect(started).toContain(made.id);
    await ada.em().nativeUpdate(Enrollment, { id: made.id }, { endedAt: new Date(), status: 'finished' });
    await put([tag, 'more']);
    expect(await count()).toBe(1);
    await put([]);
    await put([tag]);
    expect(await count()).toBe(2);
  });

  test('that a new coachee comes with enrolls them, by whatever way they come', async () => {
    const { tag, count } = await givenTagged();
    const coachee = { name: 'Juno', timeZone: 'UTC', tags: [tag] };
    await ada.call('POST', '/v1/coachees', { body: coachee });
    expect(await count()).toBe(1);
    const { programId } = await givenProgram(ada, { steps });
    await ada.call('POST', '/v1/enrollments', { body: { programId, coachee } });
    expect(await count()).toBe(2);
    await send({ name: 'anything', coachee });
    expect(await count()).toBe(3);
  });
});

describe('an externalId', () => {
  test('belongs to one coachee, who is found by it', async () => {
    const body = { name: 'Juno', timeZone: 'UTC', externalId: 'crm-1' };
    const made = await ada.call('POST', '/v1/coachees', { body });
    expect(made.body.externalId).toBe('crm-1');
    const second = await ada.call('POST', '/v1/coachees', { body });
    expect(second).toMatchObject({ status: 409, body: { coacheeId: made.body.id } });
    expect((await ada.call('GET', '/v1/coachees?externalId=crm-1')).body.items).toEqual([made.body]);
    const eve = await givenCaller(api);
    expect((await eve.call('POST', '/v1/coachees', { body })).status).toBe(201);
  });
});
