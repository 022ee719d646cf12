import type { Client } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CoacheeId, EnrollmentId } from '../../shared/contracts/ids.ts';
import { Enrollment } from '../../shared/db/entities/journeys.ts';
import { CairnError } from '../../shared/errors.ts';
import { connectTemporal } from '../../temporal/client.ts';
import { journeyId } from '../../temporal/ids.ts';
import type { SendableEvent, SentVerdict } from '../../temporal/start/journeys.ts';
import { type GivenCaller, givenCaller, startApi, type TestApi } from '../support/api.ts';
import { givenCoachee, givenEnrollment, givenProgram } from '../support/factories.ts';

let api: TestApi;
let temporal: Client;
let ada: GivenCaller;
/** What the signal routes told the runs, and what those answer. Runs that live are the business of the journeys' own tests. */
const told: { enrollmentId: string; event: SendableEvent }[] = [];
let verdict: SentVerdict | CairnError = 'accepted';

beforeAll(async () => {
  api = await startApi();
  temporal = await connectTemporal(api.deps.config);
  api.deps.runs.send = async (enrollmentId, event) => {
    told.push({ enrollmentId, event });
    if (verdict instanceof CairnError) throw verdict;
    return verdict;
  };
  ada = await givenCaller(api);
});
afterAll(async () => {
  await temporal.connection.close();
  await api.close();
});

const steps = [{ key: 'hello', type: 'message', text: 'Hello' }];
const signals = [{ name: 'paid', payload: { amount: 'number', note: 'text' } }];
const enroll = (body: object, caller = ada) => caller.call('POST', '/v1/enrollments', { body });
const isRunning = async (id: string) => {
  const { status } = await temporal.workflow.getHandle(journeyId(id)).describe();
  return status.name === 'RUNNING';
};

describe('a coachee', () => {
  test('is made, read, changed', async () => {
    const body = { name: ' Mira ', timeZone: 'Asia/Kolkata', traits: { goal: 'sleep' }, tags: ['vip', 'vip'] };
    const made = await ada.call('POST', '/v1/coachees', { body });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ name: 'Mira', timeZone: 'Asia/Kolkata', tags: ['vip'], isTest: false });
    const path = made.headers.get('location') ?? '';
    expect((await ada.call('GET', path)).body).toEqual(made.body);
    const changed = await ada.call('PATCH', path, { body: { traits: { mood: 4, goal: null }, timeZone: 'UTC' } });
    expect(changed.body).toEqual({ ...made.body, traits: { mood: 4 }, timeZone: 'UTC' });
    expect((await ada.call('PATCH', path, { body: {} })).body).toEqual(changed.body);
  });

  test('pages neither skip nor repeat when others come in between', async () => {
    const bob = await givenCaller(api);
    const make = (name: string) => bob.call('POST', '/v1/coachees', { body: { name, timeZone: 'UTC' } });
    for (const name of ['a', 'b', 'c', 'd', 'e']) await make(name);
    const names: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Awaited<ReturnType<typeof bob.call>> = await bob.call(
        'GET',
        `/v1/coachees?limit=2${cursor && `&cursor=${cursor}`}`,
      );
      names.push(...page.body.items.map((one: { name: string }) => one.name));
      cursor = page.body.nextCursor;
      await make('latecomer');
    }
    expect(names).toEqual(['e', 'd', 'c', 'b', 'a']);
  });
});

describe('enrolling', () => {
  test('a coachee on a channel starts the run', async () => {
    const program = await givenProgram(ada, { steps });
    const { coacheeId } = await givenCoachee(ada, ada.webChannelId);
    const { status, body, headers } = await enroll({ programId: program.programId, coacheeId });
    expect(status).toBe(201);
    expect(body).toMatchObject({ joinLink: null, enrollment: { status: 'active', programVersion: 1, isTest: false } });
    expect(headers.get('location')).toBe(`/v1/enrollments/${body.enrollment.id}`);
    expect(await isRunning(body.enrollment.id)).toBe(true);
  });

  test('a coachee without a channel invites them by a link of their own', async () => {
    const { programId } = await givenProgram(ada, { steps });
    const { body } = await enroll({ programId, coachee: { name: 'Juno', timeZone: 'UTC' }, test: { msPerDay: 2000 } });
    expect(body.enrollment).toMatchObject({ status: 'invited', isTest: true, testMsPerDay: 2000 });
    expect(body.joinLink.url).toBe(`${api.deps.config.publicUrl}/join/${body.joinLink.code}`);
    await expect(isRunning(body.enrollment.id)).rejects.toThrow();
    expect((await ada.call('GET', `/v1/coachees/${body.enrollment.coacheeId}`)).body.isTest).toBe(true);
    const again = await ada.call('POST', `/v1/coachees/${body.enrollment.coacheeId}/join-codes`);
    expect(again.body.code).not.toBe(body.joinLink.code);
  });

  test('the row stays when Temporal cannot be reached: the reconcile starts the run', async () => {
    const start = () => Promise.reject(new Error('no connection'));
    const lonely = await startApi({}, { runs: { ...api.deps.runs, start } });
    try {
      const bob = await givenCaller(lonely);
      const { programId } = await givenProgram(bob, { steps });
      const { coacheeId } = await givenCoachee(bob, bob.webChannelId);
      const { status, body } = await enroll({ programId, coacheeId }, bob);
      expect(status).toBe(201);
      const row = await bob.em().findOneOrFail(Enrollment, { id: body.enrollment.id });
      expect(row).toMatchObject({ status: 'active', runStartedAt: null });
    } finally {
      await lonely.close();
    }
  });

  test('is done once per program: a second time is refused, also at the same moment', async () => {
    const { programId } = await givenProgram(ada, { steps });
    const { coacheeId } = await givenCoachee(ada, ada.webChannelId);
    const answers = await Promise.all([1, 2, 3].map(() => enroll({ programId, coacheeId })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    const made = answers.find(({ status }) => status === 201);
    const refused = answers.find(({ status }) => status === 409);
    expect(refused?.body.enrollmentId).toBe(made?.body.enrollment.id);
  });

  test.each([
    [
      'an unpublished program',
      409,
      async () => ({ programId: await givenUnpublished(), coacheeId: await someCoachee() }),
    ],
    ['an unknown program', 404, async () => ({ programId: crypto.randomUUID(), coacheeId: await someCoachee() })],
    ['an unknown coachee', 404, async () => ({ programId: await someProgram(), coacheeId: crypto.randomUUID() })],
    ['nobody', 422, async () => ({ programId: await someProgram() })],
    ['a pace that is none', 422, async () => ({ ...(await fitting()), test: { msPerDay: 99 } })],
    [
      'a new coachee and a known one',
      422,
      async () => ({ ...(await fitting()), coachee: { name: 'M', timeZone: 'UTC' } }),
    ],
  ])('%s is %i, and nothing is half-written', async (_, status, body) => {
    const before = await ada.em().count(Enrollment, {});
    expect((await enroll(await body())).status).toBe(status);
    expect(await ada.em().count(Enrollment, {})).toBe(before);
  });

  test('a new coachee is not kept when the enrollment fails', async () => {
    const bob = await givenCaller(api);
    const programId = crypto.randomUUID();
    expect((await enroll({ programId, coachee: { name: 'Mira', timeZone: 'UTC' } }, bob)).status).toBe(404);
    expect((await bob.call('GET', '/v1/coachees')).body.items).toEqual([]);
  });
});

const someProgram = async () => (await givenProgram(ada, { steps })).programId;
const someCoachee = async () => (await givenCoachee(ada, ada.webChannelId)).coacheeId;
const fitting = async () => ({ programId: await someProgram(), coacheeId: await someCoachee() });
const givenUnpublished = async () => {
  const { body } = await ada.call('POST', '/v1/programs', { body: { definition: { v: 1, title: 'Draft', steps } } });
  return body.id as string;
};

describe('lists', () => {
  test('leave tests out unless they are asked for, and figures always do', async () => {
    const bob = await givenCaller(api);
    const program = await givenProgram(bob, { steps });
    const { coacheeId } = await givenCoachee(bob, bob.webChannelId);
    const tester = await givenCoachee(bob, bob.webChannelId, { isTest: true });
    const real = await givenEnrollment(bob, program, coacheeId);
    const pretended = await givenEnrollment(bob, program, tester.coacheeId, { testMsPerDay: 2000 });
    const idsOf = async (query: string) => {
      const { body } = await bob.call('GET', `/v1/enrollments?${query}`);
      return body.items.map((one: { id: string }) => one.id);
    };
    expect(await idsOf(`programId=${program.programId}`)).toEqual([real]);
    expect(await idsOf('includeTests=true')).toEqual([pretended, real]);
    expect(await idsOf('includeTests=true&status=paused')).toEqual([]);
    expect(await idsOf(`coacheeId=${tester.coacheeId}&includeTests=true`)).toEqual([pretended]);
    const coachees = await bob.call('GET', '/v1/coachees');
    expect(coachees.body.items.map((one: { id: string }) => one.id)).toEqual([coacheeId]);
    const figures = await bob.call('GET', `/v1/programs/${program.programId}/figures`);
    expect(figures.body.enrollments).toMatchObject({ total: 1, byStatus: { active: 1 } });
  });
});

describe('a signal', () => {
  const given = async (change: Partial<Pick<Enrollment, 'status' | 'endedAt'>> = {}) => {
    const program = await givenProgram(ada, { steps, signals });
    const { coacheeId } = await givenCoachee(ada, ada.webChannelId);
    const id = await givenEnrollment(ada, program, coacheeId);
    await ada.em().nativeUpdate(Enrollment, { id }, { runStartedAt: new Date(), ...change });
    told.length = 0;
    verdict = 'accepted';
    return { id, coacheeId: coacheeId as CoacheeId };
  };
  const signal = (id: EnrollmentId, name: string, body?: object, key?: string) =>
    ada.call('POST', `/v1/enrollments/${id}/signals/${name}`, {
      ...(body && { body }),
      ...(key !== undefined && { headers: { 'idempotency-key': key } }),
    });

  test('that every journey knows is passed on, with its reason', async () => {
    const { id } = await given();
    const answer = await signal(id, 'pause', { reason: 'on holiday' });
    expect(answer).toMatchObject({ status: 200, body: { verdict: 'accepted' } });
    expect(told).toEqual([
      { enrollmentId: id, event: { type: 'pause', id: expect.any(String), reason: 'on holiday' } },
    ]);
  });

  test('that the program declares is passed on with its payload', async () => {
    const { id } = await given();
    expect((await signal(id, 'paid', { payload: { amount: 12.5, note: 'thanks' } })).status).toBe(200);
    expect(told[0]?.event).toMatchObject({ type: 'signal', name: 'paid', payload: { amount: 12.5, note: 'thanks' } });
  });

  test('with a wrong payload is refused with the paths', async () => {
    const { id } = await given();
    const answer = await signal(id, 'paid', { payload: { amount: 'a lot', extra: true } });
    expect(answer.status).toBe(422);
    const paths = answer.body.errors.map((one: { path: string }) => one.path);
    expect(paths.sort()).toEqual(['payload.amount', 'payload.extra', 'payload.note']);
    expect((await signal(id, 'pause', { payload: { a: 1 } })).body.errors[0].path).toBe('payload');
    const unknown = await signal(id, 'payed', {});
    expect(unknown.status).toBe(422);
    expect(unknown.body.errors[0].message).toMatch(/paid/);
    expect(told).toEqual([]);
  });

  test('has the same id to the journey as often as its key comes, and another without one', async () => {
    const { id } = await given();
    await signal(id, 'pause', undefined, 'key-1');
    await signal(id, 'resume', {}, 'key-2');
    await signal(id, 'pause');
    await signal(id, 'pause');
    expect(new Set(told.map(({ event }) => event.id)).size).toBe(4);
    const replay = await signal(id, 'pause', undefined, 'key-1');
    expect(replay.headers.get('idempotent-replayed')).toBe('true');
    expect(told).toHaveLength(4);
  });

  test.each([
    ['duplicate', 200, { verdict: 'duplicate' }],
    ['notAwaited', 200, { verdict: 'notAwaited' }],
    ['queued', 202, { verdict: 'queued' }],
    ['refused', 409, { verdict: 'refused' }],
    ['ended', 409, { detail: 'This journey has ended.' }],
  ] as const)('that the journey calls %s is %i', async (said, status, body) => {
    const { id } = await given();
    verdict = said;
    expect(await signal(id, 'resume')).toMatchObject({ status, body });
  });

  test('that cannot be delivered now says so, and may be sent again', async () => {
    const { id } = await given();
    verdict = new CairnError('unavailable', 'The journey cannot be reached right now.');
    const answer = await signal(id, 'pause', undefined, 'key-3');
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).not.toBeNull();
    verdict = 'accepted';
    expect((await signal(id, 'pause', undefined, 'key-3')).status).toBe(200);
  });

  test('to a journey that has ended is 409', async () => {
    const { id } = await given({ status: 'finished', endedAt: new Date() });
    expect(await signal(id, 'pause')).toMatchObject({ status: 409, body: { enrollmentStatus: 'finished' } });
    expect(told).toEqual([]);
  });

  test('to an invitation: `exit` takes it back, all else is 409', async () => {
    const { programId } = await givenProgram(ada, { steps });
    const { body } = await enroll({ programId, coachee: { name: 'Juno', timeZone: 'UTC' } });
    const { id } = body.enrollment;
    expect((await signal(id, 'pause')).status).toBe(409);
    expect((await signal(id, 'exit', { reason: 'changed her mind' })).status).toBe(200);
    const { body: after } = await ada.call('GET', `/v1/enrollments/${id}`);
    expect(after).toMatchObject({ status: 'exited', outcome: 'changed her mind' });
    expect((await signal(id, 'exit')).status).toBe(409);
  });

  test('is for coaches and above', async () => {
    const { id } = await given();
    const viewer = await givenCaller(api, 'viewer', ada);
    expect((await viewer.call('POST', `/v1/enrollments/${id}/signals/pause`)).status).toBe(403);
    const coach = await givenCaller(api, 'coach', ada);
    expect((await coach.call('POST', `/v1/enrollments/${id}/signals/pause`)).status).toBe(200);
  });
});

describe('progress', () => {
  test('of who has not begun or has ended comes from the row', async () => {
    const { programId } = await givenProgram(ada, { steps });
    const { body } = await enroll({ programId, coachee: { name: 'Juno', timeZone: 'UTC' } });
    const path = `/v1/enrollments/${body.enrollment.id}/progress`;
    expect((await ada.call('GET', path)).body).toMatchObject({
      status: 'invited',
      doing: expect.stringContaining('channel'),
    });
    await ada.em().nativeUpdate(Enrollment, { id: body.enrollment.id }, { status: 'finished', endedAt: new Date() });
    expect((await ada.call('GET', path)).body).toMatchObject({ status: 'finished', dueAt: null });
  });
});
