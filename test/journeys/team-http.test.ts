/** What the team does for a coachee over HTTP: reviews, entitlements, shifts; each of it in the audit trail. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EnrollmentId, newId, type ReviewId } from '../../shared/contracts/ids.ts';
import { AuditEntry } from '../../shared/db/entities/accounts.ts';
import { Enrollment, Review } from '../../shared/db/entities/journeys.ts';
import type { SendableEvent, SentVerdict } from '../../temporal/start/journeys.ts';
import { type GivenCaller, givenCaller, startApi, type TestApi } from '../support/api.ts';
import { givenCoachee, givenEnrollment, givenProgram } from '../support/factories.ts';

let api: TestApi;
let ada: GivenCaller;
const told: { enrollmentId: string; event: SendableEvent }[] = [];
const nudged: string[] = [];
let verdict: SentVerdict = 'accepted';

beforeAll(async () => {
  api = await startApi(
    {},
    {
      runs: {
        start: async () => {},
        send: async (enrollmentId, event) => {
          told.push({ enrollmentId, event });
          return verdict;
        },
        nudge: async (ids) => void nudged.push(...ids),
        progress: () => Promise.reject(new Error('not asked')),
      },
    },
  );
  ada = await givenCaller(api);
});
afterAll(() => api.close());

const given = async () => {
  const program = await givenProgram(ada, { steps: [{ key: 'hello', type: 'message', text: 'Hello' }] });
  const { coacheeId } = await givenCoachee(ada, ada.webChannelId);
  const enrollmentId = await givenEnrollment(ada, program, coacheeId);
  await ada.em().nativeUpdate(Enrollment, { id: enrollmentId }, { runStartedAt: new Date() });
  return { coacheeId, enrollmentId };
};

const givenReview = async (enrollmentId: EnrollmentId) => {
  const id = newId<ReviewId>();
  const { creatorId } = ada;
  await ada.em().insert(Review, {
    ...{ id, creatorId, enrollmentId, stepKey: 'look', occurrence: 1, text: 'Dear Mira', status: 'open' as const },
  });
  return id;
};

const actionsOn = async (subject: string) =>
  (await ada.em().find(AuditEntry, { subject })).map(({ action, detail }) => ({ action, detail }));

describe('signals of the team', () => {
  const signal = (id: string, name: string, body: object = {}) =>
    ada.call('POST', `/v1/enrollments/${id}/signals/${name}`, { body });

  test('carry what only they know, and are in the audit trail', async () => {
    const { enrollmentId } = await given();
    told.length = 0;
    expect((await signal(enrollmentId, 'shift', { days: 3, reason: 'Flu' })).status).toBe(200);
    expect((await signal(enrollmentId, 'resume', { mode: 'shift' })).status).toBe(200);
    expect((await signal(enrollmentId, 'unlock', { stepKey: 'hello' })).status).toBe(200);
    expect(told.map(({ event: { id: _, ...event } }) => event)).toEqual([
      { type: 'shift', days: 3, reason: 'Flu' },
      { type: 'resume', mode: 'shift' },
      { type: 'unlock', stepKey: 'hello' },
    ]);
    expect(await actionsOn(`enrollment/${enrollmentId}`)).toEqual([
      { action: 'journey.shift', detail: { days: 3, reason: 'Flu' } },
      { action: 'journey.resume', detail: { mode: 'shift' } },
      { action: 'journey.unlock', detail: { stepKey: 'hello' } },
    ]);
  });

  test.each([
    ['shift', {}, 'days'],
    ['pause', { days: 1 }, 'days'],
    ['pause', { mode: 'shift' }, 'mode'],
    ['resume', { stepKey: 'hello' }, 'stepKey'],
    ['resume', { mode: 'later' }, 'mode'],
  ])('%s with %j names the field', async (name, body, path) => {
    const { enrollmentId } = await given();
    const refused = await signal(enrollmentId, name, body);
    expect(refused.status).toBe(422);
    expect(refused.body.errors[0].path).toBe(path);
  });
});

describe('a review', () => {
  const decide = (id: string, body: object) => ada.call('POST', `/v1/reviews/${id}/decision`, { body });

  test('is listed while it is open, and signed by whose word the journey took', async () => {
    const { enrollmentId } = await given();
    const id = await givenReview(enrollmentId);
    const { body: list } = await ada.call('GET', '/v1/reviews?status=open');
    expect(list.items.map((one: { id: string }) => one.id)).toContain(id);
    verdict = 'accepted';
    const { status, body } = await decide(id, { verdict: 'edited', text: 'Hello', note: 'Shorter' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ decidedBy: ada.userId, note: 'Shorter' });
    expect(told.at(-1)).toMatchObject({
      enrollmentId,
      event: { type: 'review', stepKey: 'look', occurrence: 1, verdict: 'edited', text: 'Hello', note: 'Shorter' },
    });
  });

  test.each([
    ['notAwaited', 409],
    ['refused', 409],
    ['queued', 202],
  ] as const)('that the journey answers with %s gives %i', async (answer, status) => {
    const { enrollmentId } = await given();
    verdict = answer;
    expect((await decide(await givenReview(enrollmentId), { verdict: 'approved' })).status).toBe(status);
    verdict = 'accepted';
  });

  test('needs the text where it was edited', async () => {
    const { enrollmentId } = await given();
    const refused = await decide(await givenReview(enrollmentId), { verdict: 'edited' });
    expect(refused.status).toBe(422);
    expect(refused.body.errors[0].path).toBe('text');
  });
});

describe('an entitlement', () => {
  test('is granted once and revoked, and the coachee’s journeys look again', async () => {
    const { coacheeId, enrollmentId } = await given();
    const path = `/v1/coachees/${coacheeId}/entitlements`;
    nudged.length = 0;
    await ada.call('PUT', `${path}/gold`, { body: {} });
    const { body } = await ada.call('PUT', `${path}/gold`, { body: {} });
    expect(body.items.map((one: { name: string }) => one.name)).toEqual(['gold']);
    expect((await ada.call('DELETE', `${path}/gold`)).body.items).toEqual([]);
    expect(nudged).toEqual([enrollmentId, enrollmentId, enrollmentId]);
    expect((await actionsOn(`coachee/${coacheeId}`)).map(({ action }) => action)).toEqual([
      'entitlement.granted',
      'entitlement.granted',
      'entitlement.revoked',
    ]);
  });
});

describe('a coachee', () => {
  test('keeps language and wishes, and journeys hear of a change', async () => {
    const { coacheeId, enrollmentId } = await given();
    nudged.length = 0;
    const deliveryPolicy = { quietHours: { from: '21:00', to: '08:00' }, maxPerDay: 3, channels: ['telegram', 'web'] };
    const changed = await ada.call('PATCH', `/v1/coachees/${coacheeId}`, { body: { language: 'de', deliveryPolicy } });
    expect(changed.body).toMatchObject({ language: 'de', deliveryPolicy });
    expect(nudged).toEqual([enrollmentId]);
    const row = await ada.em().findOneOrFail(Enrollment, { id: enrollmentId });
    expect(row.nudgedAt).toBeInstanceOf(Date);
    const cleared = await ada.call('PATCH', `/v1/coachees/${coacheeId}`, { body: { deliveryPolicy: null } });
    expect(cleared.body).toMatchObject({ language: 'de', deliveryPolicy: null });
  });

  test.each([
    [{ deliveryPolicy: { quietHours: { from: '25:00', to: '08:00' } } }, 'deliveryPolicy.quietHours.from'],
    [{ deliveryPolicy: { channels: ['web', 'web'] } }, 'deliveryPolicy.channels'],
    [{ language: 'German please' }, 'language'],
  ])('with %j names the field', async (body, path) => {
    const { coacheeId } = await given();
    const refused = await ada.call('PATCH', `/v1/coachees/${coacheeId}`, { body });
    expect(refused.status).toBe(422);
    expect(refused.body.errors[0].path).toBe(path);
  });
});
