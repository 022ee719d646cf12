import type { Client } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReconcileActivities } from '../../activities/reconcile/activities.ts';
import { type InboundId, newId, type UserId } from '../../shared/contracts/ids.ts';
import { IdempotentRequest, RefreshToken } from '../../shared/db/entities/accounts.ts';
import { InboundMessage } from '../../shared/db/entities/conversations.ts';
import { EnrollmentImport } from '../../shared/db/entities/enrollment-imports.ts';
import { Enrollment } from '../../shared/db/entities/journeys.ts';
import { Migration, MigrationItem } from '../../shared/db/entities/migrations.ts';
import { createOrm, type Orm } from '../../shared/db/orm.ts';
import type { JourneyRun } from '../../shared/domain/journeys/run.ts';
import { waitingLines } from '../../shared/services/enrollment-import-rows.ts';
import { cancelImport, createImport } from '../../shared/services/enrollment-imports.ts';
import { buildWorkflowBundle } from '../../temporal/bundle.ts';
import { connectTemporal, dataConverter } from '../../temporal/client.ts';
import { conversationId, enrollmentImportWorkflowId, journeyId, migrationRunId } from '../../temporal/ids.ts';
import { ensureSchedules } from '../../temporal/schedules.ts';
import { startJourney } from '../../temporal/start/journeys.ts';
import { testConfig } from '../support/environment.ts';
import { type GivenCreator, givenCoachee, givenCreator, givenEnrollment, givenProgram } from '../support/factories.ts';
import { givenRow } from '../support/imports.ts';
import { givenMigration, givenVersion } from '../support/migrations.ts';
import { createDatabase } from '../support/own-database.ts';
import { quietRuntime } from '../support/quiet-runtime.ts';
import { createNamespace } from '../support/temporal-namespace.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ago = (ms: number) => new Date(Date.now() - ms);

const name = `reconcile_${Date.now().toString(36)}`;
/** Nobody works in this namespace: what is started here stays as it was started. */
const config = testConfig({ TEMPORAL_NAMESPACE: name });

let database: Awaited<ReturnType<typeof createDatabase>>;
let orm: Orm;
let client: Client;
let activities: ReturnType<typeof createReconcileActivities>;
beforeAll(async () => {
  quietRuntime();
  database = await createDatabase(name);
  orm = createOrm({ databaseUrl: database.appUrl });
  client = await connectTemporal(config);
  await createNamespace(client, name);
  activities = createReconcileActivities({ orm, temporal: client, burstMs: 100 });
});
afterAll(async () => {
  await client.connection.close();
  await orm.close(true);
  await database.drop();
});

/** An enrollment that was made `ageMs` ago and whose run nobody confirmed. */
const givenUnstarted = async (ageMs: number, more: Partial<Pick<Enrollment, 'status'>> = {}) => {
  const owner = await givenCreator(orm);
  const program = await givenProgram(owner, { steps: [{ key: 'hello', type: 'message', text: 'Hello' }] });
  const { coacheeId } = await givenCoachee(owner, owner.webChannelId);
  const id = await givenEnrollment(owner, program, coacheeId);
  await owner.em().nativeUpdate(Enrollment, { id }, { createdAt: ago(ageMs), ...more });
  return { ...owner, ...program, id, row: () => owner.em().findOneOrFail(Enrollment, { id }) };
};

const runsOf = async (workflowId: string): Promise<string[]> => {
  try {
    return [(await client.workflow.getHandle(workflowId).describe()).runId];
  } catch {
    return [];
  }
};

describe('changes that no journey has seen', () => {
  it('are told to the runs of those that are to look at them', async () => {
    const { id, em, creatorId, programId, programVersion } = await givenUnstarted(HOUR_MS);
    await startJourney(client, { creatorId, enrollmentId: id, programId, programVersion, isTest: false });
    await em().nativeUpdate(Enrollment, { id }, { runStartedAt: new Date(), nudgedAt: ago(HOUR_MS) });

    expect(await activities.handUnread()).toBe(1);

    const { events } = await client.workflow.getHandle(journeyId(id)).fetchHistory();
    const signals = (events ?? []).flatMap((event) => event.workflowExecutionSignaledEventAttributes?.signalName ?? []);
    expect(signals).toEqual(['changed']);
    await em().nativeUpdate(Enrollment, { id }, { nudgedAt: null });
    expect(await activities.handUnread()).toBe(0);
  });
});

describe('rows without runs', () => {
  it('are started once, and marked', async () => {
    const one = await givenUnstarted(HOUR_MS);
    const two = await givenUnstarted(HOUR_MS);

    expect(await activities.startUnstarted()).toBe(2);

    for (const { row } of [one, two]) expect((await row()).runStartedAt).toBeInstanceOf(Date);
    const runs = await runsOf(journeyId(one.id));
    expect(runs).toHaveLength(1);
    expect(await runsOf(journeyId(two.id))).toHaveLength(1);
    expect(await activities.startUnstarted()).toBe(0);
    expect(await runsOf(journeyId(one.id))).toEqual(runs);
  });

  it('whose run exists are only marked, also when it has ended', async () => {
    for (const ended of [false, true]) {
      const { id, creatorId, programId, programVersion, row } = await givenUnstarted(HOUR_MS);
      await startJourney(client, { creatorId, enrollmentId: id, programId, programVersion, isTest: false });
      if (ended) await client.workflow.getHandle(journeyId(id)).terminate();
      const runs = await runsOf(journeyId(id));

      await activities.startUnstarted();

      expect(await runsOf(journeyId(id))).toEqual(runs);
      expect((await row()).runStartedAt).toBeInstanceOf(Date);
    }
  });

  it('are left alone while they are on their way, and while nobody can be reached', async () => {
    const fresh = await givenUnstarted(0);
    const invited = await givenUnstarted(HOUR_MS, { status: 'invited' });
    expect(await activities.startUnstarted()).toBe(0);
    for (const { id, row } of [fresh, invited]) {
      expect((await row()).runStartedAt).toBeNull();
      expect(await runsOf(journeyId(id))).toEqual([]);
    }
  });

  it('stay for the next time when Temporal refuses', async () => {
    const nowhere = await connectTemporal({ ...config, TEMPORAL_NAMESPACE: 'no_such_namespace' });
    const { row } = await givenUnstarted(HOUR_MS);
    const { startUnstarted } = createReconcileActivities({ orm, temporal: nowhere, burstMs: 100 });
    await expect(startUnstarted()).rejects.toThrow();
    expect((await row()).runStartedAt).toBeNull();
    await nowhere.connection.close();
    await activities.startUnstarted();
    expect((await row()).runStartedAt).toBeInstanceOf(Date);
  });
});

describe('imports without runs', () => {
  const givenImport = async (ageMs: number) => {
    const { creatorId, em } = await givenCreator(orm);
    const { programId } = await givenProgram({ creatorId, em }, { steps: [{ key: 'a', type: 'message', text: 'A' }] });
    const { id } = await em().transactional((tx) =>
      createImport(tx, { creatorId, programId, cohortId: null, rows: [givenRow(2)] }),
    );
    await em().nativeUpdate(EnrollmentImport, { id }, { createdAt: ago(ageMs) });
    return { id, creatorId, em };
  };

  it('are started, again and again until the run is seen at work', async () => {
    const { id, em } = await givenImport(HOUR_MS);
    expect(await activities.startUnstarted()).toBe(1);
    const runs = await runsOf(enrollmentImportWorkflowId(id));
    expect(runs).toHaveLength(1);
    expect(await activities.startUnstarted()).toBe(1);
    expect(await runsOf(enrollmentImportWorkflowId(id))).toEqual(runs);
    expect(await waitingLines(em(), id, 10)).toEqual([2]);
    expect(await activities.startUnstarted()).toBe(0);
  });

  it('are left alone while they are on their way, and once they were cancelled', async () => {
    const fresh = await givenImport(0);
    const cancelled = await givenImport(HOUR_MS);
    await cancelImport(cancelled.em(), cancelled.id);
    expect(await activities.startUnstarted()).toBe(0);
    for (const { id } of [fresh, cancelled]) expect(await runsOf(enrollmentImportWorkflowId(id))).toEqual([]);
  });
});

const givenInbound = async (owner: GivenCreator, ageMs: number, handled = false) => {
  const { coacheeId, identityId } = await givenCoachee(owner, owner.webChannelId);
  const id = newId<InboundId>();
  await owner.em().insert(InboundMessage, {
    id,
    creatorId: owner.creatorId,
    channelId: owner.webChannelId,
    externalId: id,
    identityId,
    coacheeId,
    content: { kind: 'text', text: 'Hi' },
    handledAt: handled ? new Date() : null,
    createdAt: ago(ageMs),
  });
  return { id, coacheeId };
};

/** The signals that a conversation has had. */
const signalsOf = async (coacheeId: string): Promise<number> => {
  const { events } = await client.workflow.getHandle(conversationId(coacheeId)).fetchHistory();
  return (events ?? []).filter((event) => event.workflowExecutionSignaledEventAttributes).length;
};

describe('messages without a reader', () => {
  it('are handed to their conversation', async () => {
    const unread = await givenInbound(await givenCreator(orm), HOUR_MS);
    expect(await activities.handUnread()).toBe(1);
    expect(await signalsOf(unread.coacheeId)).toBe(1);
  });

  it('are left alone when they are read, or on their way', async () => {
    const owner = await givenCreator(orm);
    const read = await givenInbound(owner, HOUR_MS, true);
    const fresh = await givenInbound(owner, 0);
    await activities.handUnread();
    for (const { coacheeId } of [read, fresh]) expect(await runsOf(conversationId(coacheeId))).toEqual([]);
  });
});

describe('migrations', () => {
  it('without a run are started once', async () => {
    const { programId, row, ...owner } = await givenUnstarted(0);
    await givenVersion(owner, programId, 2, { steps: [{ key: 'hello', type: 'message', text: 'Hi' }] });
    const { id } = await givenMigration(owner, programId);
    await activities.startUnstarted();
    expect(await runsOf(migrationRunId(id))).toEqual([]);
    await owner.em().nativeUpdate(Migration, { id }, { createdAt: ago(HOUR_MS) });
    await activities.startUnstarted();
    const runs = await runsOf(migrationRunId(id));
    expect(runs).toHaveLength(1);
    await activities.startUnstarted();
    expect(await runsOf(migrationRunId(id))).toEqual(runs);
    // As its run does first.
    await owner.em().nativeUpdate(Migration, { id }, { runStartedAt: new Date() });
    expect(await activities.startUnstarted()).toBe(0);
  });

  it('forget what journeys were like once they cannot be undone any more', async () => {
    const { programId, em, ...owner } = await givenUnstarted(0);
    await givenVersion({ ...owner, em }, programId, 2, { steps: [{ key: 'hello', type: 'message', text: 'Hi' }] });
    const { id } = await givenMigration({ ...owner, em }, programId);
    await em().nativeUpdate(MigrationItem, { migrationId: id }, { before: { turns: 1 } as JourneyRun });
    const states = () => em().count(MigrationItem, { migrationId: id, before: { $ne: null } });
    await em().nativeUpdate(Migration, { id }, { runStartedAt: new Date(), undoUntil: ago(-HOUR_MS) });
    await activities.dropExpired();
    expect(await states()).toBe(1);
    await em().nativeUpdate(Migration, { id }, { undoUntil: ago(HOUR_MS) });
    await activities.dropExpired();
    expect(await states()).toBe(0);
  });
});

describe('housekeeping', () => {
  it('deletes what its retention has passed, and nothing else', async () => {
    const owner = await givenCreator(orm);
    const { creatorId, em } = owner;
    const givenRequest = (key: string, createdAt: Date) =>
      em().insert(IdempotentRequest, { creatorId, key, fingerprint: 'f', status: 200, response: null, createdAt });
    await givenRequest('old', ago(25 * HOUR_MS));
    await givenRequest('young', ago(23 * HOUR_MS));
    const givenToken = (tokenHash: string, expiresAt: Date, usedAt: Date | null = null) =>
      em().insert(RefreshToken, {
        ...{ id: newId<string>(), creatorId, userId: newId<UserId>(), familyId: newId<string>() },
        ...{ tokenHash: `${creatorId}/${tokenHash}`, expiresAt, usedAt, createdAt: ago(90 * DAY_MS) },
      });
    await givenToken('long over', ago(9 * DAY_MS));
    await givenToken('just over', ago(7 * DAY_MS));
    await givenToken('used', ago(-DAY_MS), ago(20 * DAY_MS));
    const oldAndRead = await givenInbound(owner, 9 * DAY_MS, true);
    const youngAndRead = await givenInbound(owner, 7 * DAY_MS, true);
    const oldAndUnread = await givenInbound(owner, 9 * DAY_MS);

    await activities.dropExpired();

    expect((await em().find(IdempotentRequest, {})).map(({ key }) => key)).toEqual(['young']);
    const tokens = (await em().find(RefreshToken, {})).map(({ tokenHash }) => tokenHash.split('/')[1]);
    expect(tokens.sort()).toEqual(['just over', 'used']);
    const inbound = (await em().find(InboundMessage, {})).map(({ id }) => id);
    expect(inbound).not.toContain(oldAndRead.id);
    expect(inbound.sort()).toEqual([youngAndRead.id, oldAndUnread.id].sort());
  });
});

describe('the schedule', () => {
  it('is made once, however many workers start, and keeps a pause', async () => {
    await ensureSchedules(client);
    const handle = client.schedule.getHandle('reconcile');
    try {
      await handle.pause('an operator looks into something');
      await Promise.all([ensureSchedules(client), ensureSchedules(client)]);

      const { spec, policies, state, action } = await handle.describe();
      expect(spec.intervals).toMatchObject([{ every: 60_000 }]);
      expect(policies.overlap).toBe('SKIP');
      expect(action).toMatchObject({ type: 'startWorkflow', workflowType: 'reconcile', taskQueue: 'journeys' });
      expect(state).toMatchObject({ paused: true, note: 'an operator looks into something' });
    } finally {
      await handle.delete();
    }
  });

  it('runs a workflow that does all of it', async () => {
    const { row } = await givenUnstarted(HOUR_MS);
    const unread = await givenInbound(await givenCreator(orm), HOUR_MS);
    const connection = await NativeConnection.connect({ address: config.TEMPORAL_ADDRESS });
    const taskQueue = 'reconcile-alone';
    const worker = await Worker.create({
      connection,
      namespace: config.TEMPORAL_NAMESPACE,
      taskQueue,
      workflowBundle: await buildWorkflowBundle(),
      dataConverter: dataConverter(config),
      activities,
    });

    const options = { taskQueue, workflowId: 'reconcile-once' };
    const outcome = await worker.runUntil(client.workflow.execute('reconcile', options));

    expect(outcome).toMatchObject({ started: 1, handed: expect.any(Number) });
    expect((await row()).runStartedAt).toBeInstanceOf(Date);
    expect(await signalsOf(unread.coacheeId)).toBe(1);
    await connection.close();
  });
});
