import { createServer } from 'node:net';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createJourneyActivities } from '../../activities/journeys/activities.ts';
import { createGuardedFetch } from '../../shared/clients/guarded-fetch.ts';
import { type EnrollmentId, newId } from '../../shared/contracts/ids.ts';
import { Message } from '../../shared/db/entities/conversations.ts';
import { Enrollment, TimelineEntry } from '../../shared/db/entities/journeys.ts';
import { createOrm, type Orm } from '../../shared/db/orm.ts';
import { createVault } from '../../shared/services/secrets.ts';
import { buildWorkflowBundle } from '../../temporal/bundle.ts';
import { connectTemporal, dataConverter } from '../../temporal/client.ts';
import { journeyId } from '../../temporal/ids.ts';
import { JOURNEYS_QUEUE } from '../../temporal/queues.ts';
import { queryProgress, sendJourneyEvent, startJourney } from '../../temporal/start/journeys.ts';
import { testConfig } from '../support/environment.ts';
import { givenCoachee, givenCreator, givenEnrollment, givenProgram } from '../support/factories.ts';
import { quietRuntime } from '../support/quiet-runtime.ts';
import { asks } from '../support/steps.ts';
import { createNamespace } from '../support/temporal-namespace.ts';

/** Where no worker of another test polls. */
const config = testConfig({ TEMPORAL_NAMESPACE: `start_${newId<string>()}` });

let orm: Orm;
let client: Client;
beforeAll(async () => {
  quietRuntime();
  orm = createOrm({ databaseUrl: config.DATABASE_URL });
  client = await connectTemporal(config);
  await createNamespace(client, config.TEMPORAL_NAMESPACE);
});
afterAll(async () => {
  await client.connection.close();
  await orm.close();
});

const given = async (steps: object[]) => {
  const owner = await givenCreator(orm);
  const program = await givenProgram(owner, { steps });
  const { coacheeId } = await givenCoachee(owner, owner.webChannelId);
  const enrollmentId = await givenEnrollment(owner, program, coacheeId);
  const { creatorId } = owner;
  const { programId, programVersion } = program;
  return {
    ...owner,
    coacheeId,
    enrollmentId,
    start: { creatorId, enrollmentId, programId, programVersion, isTest: false },
  };
};

const reply = (id: string, text: string) => ({ type: 'reply', id, text }) as const;

const journeysWorker = async () => {
  const connection = await NativeConnection.connect({ address: config.TEMPORAL_ADDRESS });
  const deps = {
    orm,
    ports: {},
    vault: createVault(config.CAIRN_ENCRYPTION_KEYS),
    announce: async () => {},
    guardedFetch: createGuardedFetch({ allowPrivate: true }),
    startRun: async () => {},
    nudgeReminders: async () => {},
  };
  const worker = await Worker.create({
    connection,
    namespace: config.TEMPORAL_NAMESPACE,
    taskQueue: JOURNEYS_QUEUE,
    workflowBundle: await buildWorkflowBundle(),
    dataConverter: dataConverter(config),
    activities: createJourneyActivities(deps),
  });
  return { worker, connection };
};

/** Does `work` while a worker takes the journeys on. */
const whileWorking = async (work: () => Promise<void>) => {
  const { worker, connection } = await journeysWorker();
  await worker.runUntil(work());
  await connection.close();
};

describe('a start', () => {
  it('twice is one run, also after the run has ended', async () => {
    const { start } = await given([asks('mood')]);
    await startJourney(client, start);
    const handle = client.workflow.getHandle(journeyId(start.enrollmentId));
    const { runId } = await handle.describe();

    await Promise.all([startJourney(client, start), startJourney(client, start)]);
    expect((await handle.describe()).runId).toBe(runId);

    await handle.terminate();
    await startJourney(client, start);
    expect(await handle.describe()).toMatchObject({ runId, status: { name: 'TERMINATED' } });
  });

  it('shows what can be searched by, and nothing personal', async () => {
    const { start } = await given([asks('mood')]);
    await startJourney(client, { ...start, isTest: true });
    const { typedSearchAttributes } = await client.workflow.getHandle(journeyId(start.enrollmentId)).describe();
    const shown = Object.fromEntries(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]));
    expect(shown).toMatchObject({
      creatorId: start.creatorId,
      programId: start.programId,
      programVersion: '1',
      status: 'active',
      isTest: true,
    });
  });
});

describe('an event', () => {
  it('for a journey that never was, or is over, finds it ended', async () => {
    expect(await sendJourneyEvent(client, newId<EnrollmentId>(), reply('r', 'hi'))).toBe('ended');
    const { start } = await given([asks('mood')]);
    await startJourney(client, start);
    await client.workflow.getHandle(journeyId(start.enrollmentId)).terminate();
    expect(await sendJourneyEvent(client, start.enrollmentId, reply('r', 'hi'))).toBe('ended');
    expect(await sendJourneyEvent(client, start.enrollmentId, { type: 'pause', id: 'p' })).toBe('ended');
  });

  it('that no worker takes in time is kept, and taken once when one comes', async () => {
    const { start, em, coacheeId, enrollmentId } = await given([
      asks('one'),
      { key: 'after', type: 'message', text: 'You said {{answers.one}}' },
      asks('two'),
    ]);
    await startJourney(client, start);
    await whileWorking(async () => {
      await expect
        .poll(() => queryProgress(client, enrollmentId), { timeout: 15_000 })
        .toMatchObject({
          stepKey: 'one',
          awaitingReply: true,
          doing: expect.stringMatching(/^Waiting/),
        });
    });

    expect(await sendJourneyEvent(client, enrollmentId, reply('r1', 'calm'), 500)).toBe('queued');
    expect(await sendJourneyEvent(client, enrollmentId, reply('r1', 'calm'), 500)).toBe('queued');

    await whileWorking(async () => {
      await expect
        .poll(() => queryProgress(client, enrollmentId), { timeout: 15_000 })
        .toMatchObject({ stepKey: 'two', doing: expect.stringMatching(/^Waiting/) });
      expect(await sendJourneyEvent(client, enrollmentId, reply('r1', 'calm'))).toBe('duplicate');
      expect(await sendJourneyEvent(client, enrollmentId, reply('r2', 'fine'))).toBe('accepted');
      await expect.poll(() => sendJourneyEvent(client, enrollmentId, reply('r3', 'late'))).toBe('ended');
    });

    const texts = (await em().find(Message, { coacheeId }, { orderBy: { seq: 'asc' } })).map(({ text }) => text);
    expect(texts).toEqual(['one?', 'You said calm', 'two?']);
    const answered = await em().find(TimelineEntry, { enrollmentId, kind: 'answered' });
    expect(answered.map(({ detail }) => detail.value)).toEqual(['calm', 'fine']);
    expect(await em().findOneOrFail(Enrollment, { id: enrollmentId })).toMatchObject({ status: 'finished' });
  });

  it('while the server is away is refused as unavailable, and so is a query', async () => {
    const away = new Client({ connection: Connection.lazy({ address: `127.0.0.1:${await closedPort()}` }) });
    const sent = sendJourneyEvent(away, newId<EnrollmentId>(), reply('r', 'hi'), 1_000);
    await expect(sent).rejects.toMatchObject({ name: 'CairnError', type: 'unavailable' });
    await expect(queryProgress(away, newId<EnrollmentId>(), 1_000)).rejects.toMatchObject({ type: 'unavailable' });
    await away.connection.close();
  });
});

describe('a query', () => {
  it('of a journey that never was finds none', async () => {
    await expect(queryProgress(client, newId<EnrollmentId>())).rejects.toMatchObject({ type: 'notFound' });
  });
});

/** A port that was free a moment ago. */
const closedPort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
