/** Imports at work: rows become enrollments, each once, whatever happens to the worker. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EnrollmentImportActivities } from '../../activities/enrollment-imports/activities.ts';
import { type CohortId, newId } from '../../shared/contracts/ids.ts';
import { JoinCode } from '../../shared/db/entities/channels.ts';
import { Cohort } from '../../shared/db/entities/cohorts.ts';
import { EnrollmentImport } from '../../shared/db/entities/enrollment-imports.ts';
import { Coachee, Enrollment } from '../../shared/db/entities/journeys.ts';
import { createOrm, type Orm } from '../../shared/db/orm.ts';
import type { ImportProgress, ReadRow } from '../../shared/domain/journeys/enrollment-imports.ts';
import { enrollRow } from '../../shared/services/enrollment-import-rows.ts';
import { cancelImport, createImport } from '../../shared/services/enrollment-imports.ts';
import { enrollmentImportWorkflowId, journeyId } from '../../temporal/ids.ts';
import { startEnrollmentImport } from '../../temporal/start/enrollment-imports.ts';
import { testConfig } from '../support/environment.ts';
import { givenCoachee, givenCreator, givenProgram } from '../support/factories.ts';
import { givenRow, rowsOf } from '../support/imports.ts';
import { says } from '../support/steps.ts';
import { openTimeSkippingWorld, type TimeSkippingWorld } from '../support/time-skipping.ts';

let orm: Orm;
let world: TimeSkippingWorld;
/** What happens after each batch, before the server is told. */
let afterBatch: (batch: number) => Promise<void> = async () => {};
let batches = 0;

beforeAll(async () => {
  orm = createOrm({ databaseUrl: testConfig().DATABASE_URL });
  const swap = (activities: Record<string, unknown>) => {
    const { enrollRows } = activities as EnrollmentImportActivities;
    const watched: typeof enrollRows = async (ref) => {
      const progress = await enrollRows(ref);
      batches += 1;
      await afterBatch(batches);
      return progress;
    };
    return { ...activities, enrollRows: watched };
  };
  world = await openTimeSkippingWorld({ orm, swap });
});
afterAll(async () => {
  await world.close();
  await orm.close(true);
});

const given = async (rows: ReadRow[], cap?: number) => {
  batches = 0;
  afterBatch = async () => {};
  const owner = await givenCreator(orm);
  const { creatorId, em } = owner;
  const { programId } = await givenProgram(owner, { steps: [says('hello')] });
  const cohortId = cap === undefined ? null : newId<CohortId>();
  if (cohortId)
    await em().insert(Cohort, {
      id: cohortId,
      creatorId,
      programId,
      name: 'Spring',
      kind: 'rolling',
      cap: cap ?? null,
    });
  const create = (given: ReadRow[]) =>
    em().transactional((tx) => createImport(tx, { creatorId, programId, cohortId, rows: given }));
  const { id: importId } = await create(rows);
  const handle = world.client.workflow.getHandle(enrollmentImportWorkflowId(importId));
  return {
    ...owner,
    ...{ programId, importId, handle },
    rows: () => rowsOf(owner, importId),
    run: async (): Promise<ImportProgress> => {
      await startEnrollmentImport(world.client, { creatorId, importId });
      return handle.result();
    },
  };
};
const people = (count: number) => Array.from({ length: count }, (_, index) => givenRow(index + 2));

describe('an import', () => {
  test('enrolls the good rows although others are bad, and gives each who is on no channel a link', async () => {
    const bad: ReadRow = { line: 3, errors: [{ column: 'name', message: 'A name is needed.' }] };
    const more = { timeZone: null, language: 'de', externalId: 'c-1', tags: ['vip'], traits: { goal: 'sleep' } };
    const { run, rows, em, importId } = await given([givenRow(2, more), bad]);
    expect(await run()).toEqual({
      status: 'finished',
      counts: { waiting: 0, bad: 1, started: 0, invited: 1, alreadyIn: 0, refused: 0 },
    });
    const [first, second] = await rows();
    expect(second).toMatchObject({ status: 'bad', enrollmentId: null });
    expect(first).toMatchObject({ status: 'invited', newcomer: null, errors: [] });
    const coachee = await em().findOneOrFail(Coachee, { externalId: 'c-1' });
    expect(coachee).toMatchObject({ ...more, name: 'Person 2', timeZone: 'UTC' });
    const code = await em().findOneOrFail(JoinCode, { code: first?.joinCode ?? '' });
    expect(code).toMatchObject({ coacheeId: coachee.id, enrollmentId: first?.enrollmentId });
    const ended = await em().findOneOrFail(EnrollmentImport, { id: importId });
    expect([ended.runStartedAt, ended.endedAt]).toEqual([expect.any(Date), expect.any(Date)]);
  });

  test('starts the journeys of known coachees who can be reached, and leaves them as they are', async () => {
    const { run, rows, em, webChannelId, creatorId } = await given([
      givenRow(2, { externalId: 'known', tags: ['new'] }),
    ]);
    const { coacheeId } = await givenCoachee({ creatorId, em }, webChannelId);
    await em().nativeUpdate(Coachee, { id: coacheeId }, { externalId: 'known' });
    await run();
    const [row] = await rows();
    expect(row).toMatchObject({ status: 'started', coacheeId, joinCode: null });
    expect(await world.client.workflow.getHandle(journeyId(row?.enrollmentId ?? '')).result()).toBe('completed');
    expect(await em().findOneOrFail(Coachee, coacheeId)).toMatchObject({ name: 'Mira', tags: [] });
  });

  test('lets in as many as there are places, and says why of the others', async () => {
    const { run, rows, em } = await given(people(5), 3);
    expect((await run()).counts).toMatchObject({ invited: 3, refused: 2 });
    expect((await rows()).at(-1)?.errors).toEqual([{ column: null, message: 'The cohort “Spring” is full.' }]);
    // Nobody is kept who was not let in.
    expect(await em().count(Coachee, {})).toBe(3);
  });

  test('names those who live in the program already', async () => {
    const { run, rows, em, creatorId, programId } = await given([givenRow(2, { externalId: 'a' })]);
    await run();
    const [{ id }] = [
      await em().transactional((tx) =>
        createImport(tx, { creatorId, programId, cohortId: null, rows: [givenRow(2, { externalId: 'a' })] }),
      ),
    ];
    await startEnrollmentImport(world.client, { creatorId, importId: id });
    await world.client.workflow.getHandle(enrollmentImportWorkflowId(id)).result();
    const [first] = await rows();
    const [again] = await rowsOf({ em }, id);
    expect(again).toMatchObject({ status: 'alreadyIn', enrollmentId: first?.enrollmentId });
  });

  test('answers how far it is', async () => {
    const { run, handle } = await given(people(150));
    const seen: ImportProgress[] = [];
    afterBatch = async (batch) => {
      if (batch === 2) seen.push(await handle.query<ImportProgress>('progress'));
    };
    await run();
    expect(seen).toMatchObject([{ status: 'running', counts: { waiting: 50, invited: 100 } }]);
    expect(await handle.query('progress')).toMatchObject({ status: 'finished', counts: { waiting: 0, invited: 150 } });
  });

  test('that is cancelled ends after the batch in hand, and keeps what was done', async () => {
    const { run, em, importId } = await given(people(150));
    afterBatch = async () => {
      await cancelImport(em(), importId);
      afterBatch = async () => {};
    };
    expect(await run()).toMatchObject({ status: 'cancelled', counts: { waiting: 50, invited: 100 } });
    expect(await em().count(Enrollment, {})).toBe(100);
  });
});

describe('a batch whose worker is gone', () => {
  test('after its work, before anybody knew: the next one doubles nobody', async () => {
    const { run, em } = await given(people(150));
    afterBatch = async (batch) => {
      if (batch === 1) throw new Error('the worker is gone');
    };
    expect((await run()).counts).toMatchObject({ waiting: 0, invited: 150 });
    expect(await em().count(Coachee, {})).toBe(150);
    expect(await em().count(Enrollment, {})).toBe(150);
  });

  test('a row that two workers have in hand is enrolled by one of them', async () => {
    const { creatorId, importId, em } = await given([givenRow(2)]);
    await em().nativeUpdate(EnrollmentImport, { id: importId }, { status: 'running' });
    await Promise.all([1, 2, 3].map(() => enrollRow(em(), { creatorId, importId, line: 2 })));
    expect(await em().count(Coachee, {})).toBe(1);
    expect(await em().count(Enrollment, {})).toBe(1);
  });
});
