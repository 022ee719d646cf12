/** Imports over HTTP: the dry run, the rows that are kept, their errors, and the end by hand. */
import type { Client } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EnrollmentImport, EnrollmentImportRow } from '../../shared/db/entities/enrollment-imports.ts';
import { Coachee, Enrollment } from '../../shared/db/entities/journeys.ts';
import { connectTemporal } from '../../temporal/client.ts';
import { enrollmentImportWorkflowId } from '../../temporal/ids.ts';
import { type GivenCaller, givenCaller, startApi, type TestApi } from '../support/api.ts';
import { givenEnrollment, givenProgram } from '../support/factories.ts';

let api: TestApi;
let temporal: Client;
beforeAll(async () => {
  api = await startApi();
  temporal = await connectTemporal(api.deps.config);
});
afterAll(async () => {
  await temporal.connection.close();
  await api.close();
});

const csv = { 'content-type': 'text/csv; charset=utf-8' };
const given = async (enrollment?: object) => {
  const owner = await givenCaller(api);
  const steps = [{ key: 'hello', type: 'message', text: 'Hello' }];
  const program = await givenProgram(owner, { steps, ...(enrollment && { enrollment }) });
  const send = (body: string, more = '') =>
    owner.call('POST', `/v1/enrollment-imports?programId=${program.programId}${more}`, { body, headers: csv });
  const cohort = async (body: object) =>
    (await owner.call('POST', `/v1/programs/${program.programId}/cohorts`, { body: { name: 'Spring', ...body } })).body
      .id;
  return { owner, program, send, cohort };
};
const makeCoachee = async (owner: GivenCaller, externalId: string): Promise<Coachee['id']> =>
  (await owner.call('POST', '/v1/coachees', { body: { name: externalId, timeZone: 'UTC', externalId } })).body.id;

describe('a dry run', () => {
  test('tells what would come of each row, and does nothing', async () => {
    const { owner, program, send } = await given({ reentry: { afterDays: 30 } });
    const lives = await makeCoachee(owner, 'lives');
    await givenEnrollment(owner, program, lives);
    const lived = await givenEnrollment(owner, program, await makeCoachee(owner, 'lived'));
    const over = { status: 'finished' as const, endedAt: new Date(), runStartedAt: new Date() };
    await owner.em().nativeUpdate(Enrollment, { id: lived }, over);
    await makeCoachee(owner, 'known');

    const text = 'name,externalId,timeZone\nA,lives,\nB,lived,\nC,known,\nD,new,\nE,,Nowhere\nF,,UTC\n';
    const { status, body } = await send(text, '&dryRun=true');
    expect(status).toBe(200);
    expect(body.import).toBeNull();
    expect(body.forecast).toEqual({
      ...{ rows: 6, bad: 1, newCoachees: 2, knownCoachees: 1, alreadyEnrolled: 1, refused: 1 },
      errors: [
        { line: 3, column: null, message: expect.stringMatching(/again/) },
        { line: 6, column: 'timeZone', message: expect.stringMatching(/time zone/) },
      ],
    });
    expect(await owner.em().count(Coachee, {})).toBe(3);
    expect(await owner.em().count(Enrollment, {})).toBe(2);
    expect(await owner.em().count(EnrollmentImport, {})).toBe(0);
  });

  test('counts the places of the cohort, and looks at its start in each one’s time zone', async () => {
    const { send, cohort } = await given();
    const id = await cohort({ kind: 'rolling', cap: 2 });
    const { body } = await send('name\nA\nB\nC\n', `&dryRun=true&cohortId=${id}`);
    expect(body.forecast).toMatchObject({ newCoachees: 2, refused: 1, errors: [{ line: 4, column: null }] });
  });
});

describe('an import', () => {
  test('keeps its rows and starts its run; bad rows are told at once', async () => {
    const { owner, program, send } = await given();
    const { status, body, headers } = await send('name,tags\nMira,vip\n,vip\nJuno,!\n');
    expect(status).toBe(201);
    expect(body.import).toMatchObject({
      ...{ programId: program.programId, cohortId: null, status: 'waiting', endedAt: null },
      counts: { waiting: 1, bad: 2, started: 0, invited: 0, alreadyIn: 0, refused: 0 },
    });
    const path = headers.get('location') ?? '';
    const read = await owner.call('GET', `${path}?limit=1`);
    expect(read.body.errors).toMatchObject({ items: [{ line: 3, column: 'name' }], nextCursor: expect.any(String) });
    const next = await owner.call('GET', `${path}?limit=1&cursor=${read.body.errors.nextCursor}`);
    expect(next.body.errors).toMatchObject({ items: [{ line: 4, column: 'tags' }], nextCursor: null });
    const rows = await owner.call('GET', `${path}/rows?status=waiting`);
    expect(rows.body.items).toMatchObject([
      { line: 2, status: 'waiting', enrollmentId: null, joinLink: null, errors: [] },
    ]);
    const run = await temporal.workflow.getHandle(enrollmentImportWorkflowId(body.import.id)).describe();
    expect(run.status.name).toBe('RUNNING');
  });

  test('keeps its rows when Temporal cannot be reached: the reconcile starts its run', async () => {
    const startImport = () => Promise.reject(new Error('no connection'));
    const lonely = await startApi({}, { startImport });
    try {
      const owner = await givenCaller(lonely);
      const { programId } = await givenProgram(owner, { steps: [{ key: 'a', type: 'message', text: 'A' }] });
      const path = `/v1/enrollment-imports?programId=${programId}`;
      const { status, body } = await owner.call('POST', path, { body: 'name\nMira\n', headers: csv });
      expect(status).toBe(201);
      expect(await owner.em().findOneOrFail(EnrollmentImport, { id: body.import.id })).toMatchObject({
        runStartedAt: null,
      });
    } finally {
      await lonely.close();
    }
  });

  test('sent twice with its Idempotency-Key is one', async () => {
    const { owner, program } = await given();
    const headers = { ...csv, 'idempotency-key': 'import-1' };
    const path = `/v1/enrollment-imports?programId=${program.programId}`;
    const [first, second] = [
      await owner.call('POST', path, { body: 'name\nMira\n', headers }),
      await owner.call('POST', path, { body: 'name\nMira\n', headers }),
    ];
    expect(second.body).toEqual(first.body);
    expect(await owner.em().count(EnrollmentImport, {})).toBe(1);
  });

  test('is cancelled once, and not after its end', async () => {
    const { owner, send } = await given();
    const { id } = (await send('name\nMira\n')).body.import;
    const cancel = () => owner.call('POST', `/v1/enrollment-imports/${id}/cancel`);
    expect(await cancel()).toMatchObject({ status: 200, body: { status: 'cancelled', counts: { waiting: 1 } } });
    expect(await cancel()).toMatchObject({ status: 409, body: { importStatus: 'cancelled' } });
  });

  test('takes 5 MB, and no more', async () => {
    const { owner, send } = await given();
    const row = `${'x'.repeat(90)},${'y'.repeat(1900)}\n`;
    const fitting = `name,trait.a\n${row.repeat(2500)}`;
    expect((await send(fitting)).status).toBe(201);
    expect(await owner.em().count(EnrollmentImportRow, {})).toBe(2500);
    expect((await send(`${fitting}${row.repeat(200)}`)).status).toBe(413);
  });

  test.each([
    ['JSON', 'name\nMira\n', { 'content-type': 'application/json' }, 415],
    ['no file', '', csv, 422],
    ['a file without a name', 'tags\nvip\n', csv, 422],
    ['two columns of one name', 'name,name\nMira,Mira\n', csv, 422],
  ])('%s is refused', async (_, body, headers, status) => {
    const { owner, program } = await given();
    const path = `/v1/enrollment-imports?programId=${program.programId}`;
    expect((await owner.call('POST', path, { body, headers })).status).toBe(status);
    expect(await owner.em().count(EnrollmentImport, {})).toBe(0);
  });

  test('into an unpublished program, or another’s cohort, is refused', async () => {
    const { owner, send } = await given();
    const definition = { v: 1, title: 'Draft', steps: [{ key: 'a', type: 'finish' }] };
    const draft = await owner.call('POST', '/v1/programs', { body: { definition } });
    const path = `/v1/enrollment-imports?programId=${draft.body.id}`;
    for (const more of ['', '&dryRun=true']) {
      expect((await owner.call('POST', `${path}${more}`, { body: 'name\nMira\n', headers: csv })).status).toBe(409);
    }
    const other = await given();
    const foreign = await other.cohort({ kind: 'rolling' });
    expect((await send('name\nMira\n', `&cohortId=${foreign}`)).status).toBe(404);
  });
});
