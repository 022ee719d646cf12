import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Enrollment } from '../../shared/db/entities/journeys.ts';
import type { Reentry } from '../../shared/domain/journeys/definition.ts';
import { mayReenter } from '../../shared/domain/journeys/reentry.ts';
import { join } from '../../shared/services/joins.ts';
import { type GivenCaller, givenCaller, startApi, type TestApi } from '../support/api.ts';
import { givenCoachee, givenEnrollment, givenProgram } from '../support/factories.ts';
import { givenJoinCode } from '../support/telegram.ts';

let api: TestApi;
let ada: GivenCaller;
beforeAll(async () => {
  api = await startApi();
  ada = await givenCaller(api);
});
afterAll(() => api.close());

const DAY_MS = 86_400_000;
const steps = [{ key: 'hello', type: 'message', text: 'Hello' }];

/** Somebody who lived a program with that rule and came to its end `endedDaysAgo` days ago. */
const given = async (reentry: Reentry | undefined, endedDaysAgo: number, more: { testMsPerDay?: number } = {}) => {
  const program = await givenProgram(ada, { steps, ...(reentry && { enrollment: { reentry } }) });
  const { coacheeId, identityId } = await givenCoachee(ada, ada.webChannelId);
  const id = await givenEnrollment(ada, program, coacheeId, more);
  const endedAt = new Date(Date.now() - endedDaysAgo * DAY_MS);
  await ada.em().nativeUpdate(Enrollment, { id }, { status: 'finished', runStartedAt: endedAt, endedAt });
  const { programId } = program;
  const again = (body: object = {}) => ada.call('POST', '/v1/enrollments', { body: { programId, coacheeId, ...body } });
  return { programId, identityId, id, endedAt, again };
};

describe('a program that was lived', () => {
  test('may be lived again at once unless it says otherwise', async () => {
    expect((await (await given(undefined, 0)).again()).status).toBe(201);
    expect((await (await given('afterEnd', 0)).again()).status).toBe(201);
  });

  test('never again, where it says never', async () => {
    const { again } = await given('never', 900);
    expect(await again()).toMatchObject({ status: 409, body: { possibleFrom: null } });
  });

  test('may be lived again so many days after its end, which the refusal names', async () => {
    const { again, endedAt } = await given({ afterDays: 30 }, 29);
    const possibleFrom = new Date(endedAt.getTime() + 30 * DAY_MS).toISOString();
    expect(await again()).toMatchObject({ status: 409, body: { possibleFrom } });
    expect((await (await given({ afterDays: 30 }, 31)).again()).status).toBe(201);
  });

  test('may be lived again as a test, and a test counts for nothing', async () => {
    const { again } = await given('never', 1);
    expect((await again({ test: { msPerDay: 500 } })).status).toBe(201);
    expect((await (await given('never', 1, { testMsPerDay: 500 })).again()).status).toBe(201);
  });

  test('counts only where it was lived: an invitation that was withdrawn may be made again', async () => {
    const { id, again } = await given('never', 1);
    await ada.em().nativeUpdate(Enrollment, { id }, { status: 'exited', runStartedAt: null });
    expect((await again()).status).toBe(201);
  });

  test('is not entered again by a link either', async () => {
    const { programId, identityId } = await given('never', 1);
    const code = await givenJoinCode(ada, { programId });
    const joined = join(ada.em(), {
      ...{ creatorId: ada.creatorId, channelId: ada.webChannelId, address: identityId, code },
      ...{ name: 'Mira', timeZone: 'UTC' },
    });
    await expect(joined).rejects.toMatchObject({ type: 'conflict', detail: { possibleFrom: null } });
  });
});

test('the day itself opens the door', () => {
  expect(mayReenter({ afterDays: 1 }, 0, DAY_MS - 1)).toEqual({ allowed: false, possibleFromMs: DAY_MS });
  expect(mayReenter({ afterDays: 1 }, 0, DAY_MS)).toEqual({ allowed: true });
  expect(mayReenter('never', null, 0)).toEqual({ allowed: true });
});
