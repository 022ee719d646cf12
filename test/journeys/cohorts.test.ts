/** Cohorts over HTTP, and who is let into them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Cohort } from '../../shared/db/entities/cohorts.ts';
import { Enrollment } from '../../shared/db/entities/journeys.ts';
import { join } from '../../shared/services/joins.ts';
import { type GivenCaller, givenCaller, startApi, type TestApi } from '../support/api.ts';
import { givenCoachee, givenProgram } from '../support/factories.ts';

let api: TestApi;
let ada: GivenCaller;
beforeAll(async () => {
  api = await startApi();
  ada = await givenCaller(api);
});
afterAll(() => api.close());

const steps = [{ key: 'hello', type: 'message', text: 'Hello' }];
const DAY_MS = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

const givenCohort = async (body: object, more: Partial<Pick<Cohort, 'startsOn'>> = {}) => {
  const { programId } = await givenProgram(ada, { steps });
  const made = await ada.call('POST', `/v1/programs/${programId}/cohorts`, { body: { name: 'Spring', ...body } });
  if (more.startsOn) await ada.em().nativeUpdate(Cohort, { id: made.body.id }, more);
  return { programId, cohortId: made.body.id as string, made };
};
const enroll = (body: object) => ada.call('POST', '/v1/enrollments', { body });
const enrollSomeone = async (programId: string, cohortId: string, timeZone = 'UTC') =>
  enroll({ programId, cohortId, coachee: { name: 'Mira', timeZone } });
const change = (cohortId: string, body: object) => ada.call('PATCH', `/v1/cohorts/${cohortId}`, { body });
const rolling = { kind: 'rolling' };

describe('a cohort', () => {
  test('is made, listed, read with its figures, and changed', async () => {
    const coach = await givenCaller(api, 'coach', ada);
    const body = { kind: 'fixed', startsOn: inDays(9), startsAt: '07:30', cap: 3, coachUserId: coach.userId };
    const { programId, cohortId, made } = await givenCohort(body);
    expect(made).toMatchObject({
      status: 201,
      body: { ...body, name: 'Spring', programId, late: false, closedAt: null },
    });
    expect((await ada.call('GET', `/v1/programs/${programId}/cohorts`)).body.items).toEqual([made.body]);
    await enrollSomeone(programId, cohortId);
    const read = await ada.call('GET', `/v1/cohorts/${cohortId}`);
    expect(read.body).toEqual({
      ...made.body,
      enrollments: { total: 1, taken: 1, byStatus: expect.objectContaining({ invited: 1, active: 0 }) },
    });
    const changed = await change(cohortId, { name: 'Summer', cap: null, coachUserId: null, closed: true });
    expect(changed.body).toMatchObject({ name: 'Summer', cap: null, coachUserId: null, startsOn: body.startsOn });
    expect(changed.body.closedAt).not.toBeNull();
    expect((await change(cohortId, { closed: false })).body.closedAt).toBeNull();
  });

  test('has 08:00 as its time unless another is given', async () => {
    const { made } = await givenCohort({ kind: 'fixed', startsOn: inDays(3) });
    expect(made.body.startsAt).toBe('08:00');
  });

  test.each([
    ['a fixed one without a day', { kind: 'fixed' }, 'startsOn'],
    ['a rolling one with a day', { ...rolling, startsOn: '2999-01-01' }, 'startsOn'],
    ['a rolling one with a time', { ...rolling, startsAt: '09:00' }, 'startsAt'],
    ['a day that is past', { kind: 'fixed', startsOn: '2020-01-01' }, 'startsOn'],
    ['a day that is none', { kind: 'fixed', startsOn: '2999-02-30' }, 'startsOn'],
    ['a coach who is no member', { ...rolling, coachUserId: crypto.randomUUID() }, 'coachUserId'],
  ])('%s is refused', async (_, body, path) => {
    const { made } = await givenCohort(body);
    expect(made.status).toBe(422);
    expect(made.body.errors.map((one: { path: string }) => one.path)).toEqual([path]);
  });

  test('has no viewer for its coach', async () => {
    const viewer = await givenCaller(api, 'viewer', ada);
    expect((await givenCohort({ ...rolling, coachUserId: viewer.userId })).made.status).toBe(422);
  });

  test('of another program takes nobody in', async () => {
    const { cohortId } = await givenCohort(rolling);
    const other = await givenProgram(ada, { steps });
    expect((await enrollSomeone(other.programId, cohortId)).status).toBe(404);
  });
});

describe('a start', () => {
  const fixed = { kind: 'fixed', startsOn: inDays(5) };

  test('moves while it is ahead, also for those who are invited', async () => {
    const { programId, cohortId } = await givenCohort(fixed);
    await enrollSomeone(programId, cohortId);
    const moved = await change(cohortId, { startsOn: inDays(7), startsAt: '10:00' });
    expect(moved).toMatchObject({ status: 200, body: { startsOn: inDays(7), startsAt: '10:00' } });
  });

  test('moves with those who wait for it, and not once it has come, nor into the past', async () => {
    const { cohortId: begun } = await givenCohort(fixed, { startsOn: inDays(-2) });
    expect((await change(begun, { startsOn: inDays(7) })).status).toBe(409);
    const { programId, cohortId } = await givenCohort(fixed);
    expect((await change(cohortId, { startsOn: inDays(-1) })).status).toBe(422);
    const { coacheeId } = await givenCoachee(ada, ada.webChannelId);
    await enroll({ programId, cohortId, coacheeId });
    expect(await change(cohortId, { startsOn: inDays(7) })).toMatchObject({ status: 200 });
    const { cohortId: other } = await givenCohort(rolling);
    expect((await change(other, { startsOn: inDays(7) })).status).toBe(409);
  });
});

describe('into a cohort', () => {
  test('exactly as many come as there are places, however many ask at the same moment', async () => {
    const { programId, cohortId } = await givenCohort({ ...rolling, cap: 10 });
    const coachees = await Promise.all(Array.from({ length: 50 }, () => givenCoachee(ada, ada.webChannelId)));
    const answers = await Promise.all(coachees.map(({ coacheeId }) => enroll({ programId, cohortId, coacheeId })));
    const refused = answers.filter(({ status }) => status === 409);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(10);
    expect(refused).toHaveLength(40);
    for (const { body } of refused) {
      expect(body).toMatchObject({ detail: 'The cohort “Spring” is full.', cohortRefusal: 'full', cohortId });
    }
    expect(await ada.em().count(Enrollment, { cohortId: cohortId as Cohort['id'] })).toBe(10);
  });

  test('a place is free again when somebody leaves, not when they finish; tests take none', async () => {
    const { programId, cohortId } = await givenCohort({ ...rolling, cap: 1 });
    const test = await enroll({
      programId,
      cohortId,
      coachee: { name: 'T', timeZone: 'UTC' },
      test: { msPerDay: 500 },
    });
    expect(test.status).toBe(201);
    const first = (await enrollSomeone(programId, cohortId)).body.enrollment;
    expect((await enrollSomeone(programId, cohortId)).status).toBe(409);
    const end = (status: Enrollment['status']) =>
      ada.em().nativeUpdate(Enrollment, { id: first.id }, { status, endedAt: new Date() });
    await end('finished');
    expect((await enrollSomeone(programId, cohortId)).status).toBe(409);
    await end('exited');
    expect((await enrollSomeone(programId, cohortId)).status).toBe(201);
  });

  test('that is closed, or has started where the coachee lives, nobody comes unless latecomers are allowed', async () => {
    const { programId, cohortId } = await givenCohort(rolling);
    await change(cohortId, { closed: true });
    expect((await enrollSomeone(programId, cohortId)).body).toMatchObject({ cohortRefusal: 'closed' });
    await change(cohortId, { late: true });
    expect((await enrollSomeone(programId, cohortId)).status).toBe(201);

    const begun = await givenCohort({ kind: 'fixed', startsOn: inDays(3) }, { startsOn: inDays(-2) });
    expect((await enrollSomeone(begun.programId, begun.cohortId)).body).toMatchObject({ cohortRefusal: 'started' });
    await change(begun.cohortId, { late: true });
    expect((await enrollSomeone(begun.programId, begun.cohortId)).status).toBe(201);
  });

  test('a start that has come in Auckland is still ahead in Honolulu', async () => {
    const { programId, cohortId } = await givenCohort({ kind: 'fixed', startsOn: inDays(3) });
    // Now, in a zone in the middle of the two.
    const now = new Date();
    await ada
      .em()
      .nativeUpdate(
        Cohort,
        { id: cohortId as Cohort['id'] },
        { startsOn: now.toISOString().slice(0, 10), startsAt: now.toISOString().slice(11, 16) },
      );
    expect((await enrollSomeone(programId, cohortId, 'Pacific/Auckland')).status).toBe(409);
    expect((await enrollSomeone(programId, cohortId, 'Pacific/Honolulu')).status).toBe(201);
  });

  test('enrollments show it, and are found by it', async () => {
    const { programId, cohortId } = await givenCohort(rolling);
    const { body } = await enrollSomeone(programId, cohortId);
    await enroll({ programId, coachee: { name: 'Juno', timeZone: 'UTC' } });
    expect(body.enrollment.cohortId).toBe(cohortId);
    const found = await ada.call('GET', `/v1/enrollments?cohortId=${cohortId}`);
    expect(found.body.items).toEqual([body.enrollment]);
  });

  test('people come by a link that was made for it, as long as there are places', async () => {
    const { programId, cohortId } = await givenCohort({ ...rolling, cap: 1 });
    const link = await ada.call('POST', `/v1/programs/${programId}/join-codes`, { body: { cohortId } });
    expect(link.body).toMatchObject({ cohortId });
    const open = (address: string) =>
      join(ada.em(), {
        ...{ creatorId: ada.creatorId, channelId: ada.webChannelId, address, code: link.body.code },
        ...{ name: 'Mira', timeZone: 'UTC' },
      });
    const { enrollmentId } = await open('a');
    expect(await ada.em().findOneOrFail(Enrollment, { id: enrollmentId as Enrollment['id'] })).toMatchObject({
      cohortId,
    });
    await expect(open('b')).rejects.toMatchObject({ type: 'conflict', detail: { cohortRefusal: 'full' } });
    const other = await givenProgram(ada, { steps });
    const foreign = await ada.call('POST', `/v1/programs/${other.programId}/join-codes`, { body: { cohortId } });
    expect(foreign.status).toBe(404);
  });
});
