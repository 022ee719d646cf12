import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AuditEntry } from '../../shared/db/entities/accounts.ts';
import { Enrollment } from '../../shared/db/entities/journeys.ts';
import { Migration, MigrationItem } from '../../shared/db/entities/migrations.ts';
import { connectTemporal } from '../../temporal/client.ts';
import { migrationRunId } from '../../temporal/ids.ts';
import { type GivenCaller, givenCaller, startApi, type TestApi } from '../support/api.ts';
import { givenCoachee, givenEnrollment, givenProgram } from '../support/factories.ts';
import { givenVersion } from '../support/migrations.ts';
import { asks, says } from '../support/steps.ts';

let api: TestApi;
let ada: GivenCaller;
beforeAll(async () => {
  api = await startApi();
  ada = await givenCaller(api);
});
afterAll(() => api.close());

const rest = (days: number) => ({ key: 'rest', type: 'wait', for: { days } });

/** A program with two versions, and enrollments that stand at these steps of the first. */
const given = async (stands: (string | null)[], more: Partial<Pick<Enrollment, 'status' | 'endedAt'>> = {}) => {
  const program = await givenProgram(ada, { steps: [asks('mood'), rest(1), says('bye')] });
  await givenVersion(ada, program.programId, 2, { steps: [asks('mood'), asks('feeling'), says('rest')] });
  const ids: string[] = [];
  for (const stepKey of stands) {
    const { coacheeId } = await givenCoachee(ada, ada.webChannelId);
    const id = await givenEnrollment(ada, program, coacheeId);
    await ada.em().nativeUpdate(Enrollment, { id }, { stepKey, runStartedAt: new Date(), ...more });
    ids.push(id);
  }
  const path = `/v1/programs/${program.programId}/migrations`;
  const post = (body: object, to = path, caller = ada) =>
    caller.call('POST', to, { body: { fromVersion: 1, toVersion: 2, ...body } });
  return { ids, path, post, preview: (body: object = {}, query = '') => post(body, `${path}/preview${query}`) };
};

describe('the preview', () => {
  test('counts who lands where, says why, and names what needs a mapping', async () => {
    const { ids, preview } = await given(['mood', 'rest', 'rest', 'bye', null]);
    const { status, body } = await preview();
    expect(status).toBe(200);
    expect(body.counts).toEqual({ same: 2, mapped: 0, restart: 0, finish: 0, conflict: 3 });
    expect(body.conflicts).toEqual([
      { stepKey: 'bye', journeys: 1, why: 'The new version has no step bye.' },
      { stepKey: 'rest', journeys: 2, why: 'Step rest was of the kind wait and is now message.' },
    ]);
    expect(body.items.map((item: { enrollmentId: string }) => item.enrollmentId)).toEqual(ids);
    expect(body.items[0]).toMatchObject({ stepKey: 'mood', status: 'active', lands: 'same', to: 'mood' });
  });

  test('follows the mapping', async () => {
    const { preview } = await given(['mood', 'rest', 'bye']);
    const mapping = { mood: { goTo: 'feeling' }, rest: { restart: true }, bye: { finish: 'over' } };
    expect((await preview({ mapping })).body.counts).toMatchObject({ mapped: 1, restart: 1, finish: 1, conflict: 0 });
  });

  test('is paged, and leaves out who is over or has no run', async () => {
    const { ids, preview } = await given(['mood', 'mood', 'mood']);
    await ada.em().nativeUpdate(Enrollment, { id: ids[2] as never }, { status: 'finished', endedAt: new Date() });
    const first = (await preview({}, '?limit=1')).body;
    const second = (await preview({}, `?limit=1&cursor=${first.nextCursor}`)).body;
    expect([...first.items, ...second.items].map((item) => item.enrollmentId)).toEqual(ids.slice(0, 2));
    expect(second.nextCursor).toBeNull();
    expect(first.counts.same).toBe(2);
  });

  test.each([
    ['a step that the new version has not', { mapping: { rest: { goTo: 'gone' } } }, 422, 'mapping.rest.goTo'],
    ['a step that the old version has not', { mapping: { gone: { restart: true } } }, 422, 'mapping.gone'],
    ['two things at once', { mapping: { rest: { goTo: 'mood', restart: true } } }, 422, 'mapping.rest'],
    ['the same version', { toVersion: 1 }, 422, 'toVersion'],
    ['an unknown version', { toVersion: 9 }, 404, undefined],
  ])('refuses %s', async (_, body, status, path) => {
    const answer = await (await given([])).preview(body);
    expect(answer.status).toBe(status);
    if (path !== undefined) expect(answer.body.errors[0].path).toContain(path);
  });
});

describe('a migration', () => {
  test('is refused while journeys have no place, or while another is at work', async () => {
    const { post } = await given(['mood', 'rest']);
    const refused = await post({});
    expect(refused.status).toBe(409);
    expect(refused.body.conflicts).toMatchObject([{ stepKey: 'rest', journeys: 1 }]);
    const mapping = { rest: { goTo: 'feeling' } };
    expect((await post({ mapping })).status).toBe(202);
    expect((await post({ mapping })).status).toBe(409);
  });

  test('has a line for each journey, a canary cohort drawn always alike, an audit entry and a run', async () => {
    const { ids, post } = await given(['mood', 'mood', 'mood', 'mood']);
    const made = await post({ canary: { percent: 30 } });
    expect(made.status).toBe(202);
    expect(made.body).toMatchObject({ status: 'planned', canary: 2, counts: { planned: 4, moved: 0 }, errorRate: 0 });
    const path = made.headers.get('location') ?? '';
    expect((await ada.call('GET', path)).body.id).toBe(made.body.id);
    const { items } = (await ada.call('GET', `${path}/items?status=planned`)).body;
    expect(items.map((item: { enrollmentId: string }) => item.enrollmentId)).toEqual(ids);
    expect(items.filter((item: { canary: boolean }) => item.canary)).toHaveLength(2);
    expect((await ada.call('GET', `${path}/items?status=moved`)).body.items).toEqual([]);
    const actions = (await ada.em().find(AuditEntry, { subject: `migration/${made.body.id}` })).map(
      ({ action }) => action,
    );
    expect(actions).toEqual(['migration.started']);
    const temporal = await connectTemporal(api.deps.config);
    const { status } = await temporal.workflow.getHandle(migrationRunId(made.body.id)).describe();
    expect(status.name).toBe('RUNNING');
    await temporal.connection.close();
  });

  test('takes the orders that fit how far it is', async () => {
    const { post } = await given(['mood']);
    const { body } = await post({});
    const order = (name: string) => ada.call('POST', `/v1/migrations/${body.id}/${name}`);
    expect((await order('pause')).status).toBe(202);
    expect((await order('resume')).status).toBe(202);
    expect((await order('stop')).status).toBe(202);
    expect((await order('hurry')).status).toBe(404);
    await ada.em().nativeUpdate(Migration, { id: body.id }, { status: 'undone' });
    expect((await order('undo')).status).toBe(409);
    expect((await ada.call('POST', `/v1/migrations/${crypto.randomUUID()}/stop`)).status).toBe(404);
  });

  test('is for editors', async () => {
    const { post, path } = await given(['mood']);
    const coach = await givenCaller(api, 'coach', ada);
    expect((await post({}, path, coach)).status).toBe(403);
    expect((await post({}, `${path}/preview`, coach)).status).toBe(403);
    expect(await ada.em().count(MigrationItem, { status: 'failed' })).toBe(0);
  });

  test('of ten thousand is planned and previewed in a moment', { timeout: 60_000 }, async () => {
    const { ids, post, preview } = await given(['mood']);
    await ada.em().execute(
      `with template as (select * from enrollments where id = ?), made as (
         insert into coachees (id, creator_id, name, time_zone, traits, tags)
         select gen_random_uuid(), creator_id, 'Mira', 'UTC', '{}', '[]' from template, generate_series(1, 9999)
         returning id, creator_id)
       insert into enrollments (id, creator_id, program_id, program_version_id, program_version, coachee_id, status, step_key, run_started_at)
       select gen_random_uuid(), t.creator_id, program_id, program_version_id, program_version, made.id, 'active', 'mood', now()
       from template t, made`,
      [ids[0]],
    );
    const startedAtMs = Date.now();
    expect((await preview()).body.counts.same).toBe(10_000);
    const { body } = await post({ canary: { percent: 1 } });
    expect(body).toMatchObject({ canary: 100, counts: { planned: 10_000 } });
    expect(Date.now() - startedAtMs).toBeLessThan(15_000);
  });
});
