/** The shares of creators in a queue, on the stack's real server: who is served when much more waits than can be done. */
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import protocol from '@temporalio/proto';
import { bundleWorkflowCode, DefaultLogger, type InjectedSinks, NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SendInput } from '../../activities/journeys/send-message.ts';
import { newId } from '../../shared/contracts/ids.ts';
import { connectTemporal, dataConverter } from '../../temporal/client.ts';
import { journeyId } from '../../temporal/ids.ts';
import { JOURNEYS_QUEUE, sendQueueOf } from '../../temporal/queues.ts';
import { startJourney } from '../../temporal/start/journeys.ts';
import { testConfig } from '../support/environment.ts';
import { quietRuntime } from '../support/quiet-runtime.ts';
import { soon } from '../support/soon.ts';
import { createNamespace } from '../support/temporal-namespace.ts';
import type { ServedSinks } from './fair-shares/served.ts';
import type { herd } from './fair-shares/workflow.ts';

const config = testConfig({ TEMPORAL_NAMESPACE: `shares_${newId<string>()}` });
const HERDS_QUEUE = 'herds';
const BIG = 300;
const SMALL = 10;

let client: Client;
let connection: NativeConnection;
beforeAll(async () => {
  quietRuntime();
  client = await connectTemporal(config);
  connection = await NativeConnection.connect({ address: config.TEMPORAL_ADDRESS });
  await createNamespace(client, config.TEMPORAL_NAMESPACE);
});
afterAll(async () => {
  await connection.close();
  await client.connection.close();
});

const onThisServer = () => ({
  connection,
  namespace: config.TEMPORAL_NAMESPACE,
  dataConverter: dataConverter(config),
});

/** A worker of the stand-ins, a few at a time; `served` notes whose journeys ran. */
const workflowsWorker = async (taskQueue: string, served: string[] = []) =>
  Worker.create({
    ...onThisServer(),
    taskQueue,
    workflowBundle: await bundleWorkflowCode({
      workflowsPath: fileURLToPath(new URL('fair-shares/workflow.ts', import.meta.url)),
      logger: new DefaultLogger('ERROR'),
    }),
    sinks: {
      served: { note: { fn: (_info, creatorId) => void served.push(creatorId) } },
    } satisfies InjectedSinks<ServedSinks>,
    maxConcurrentWorkflowTaskExecutions: 4,
    maxConcurrentWorkflowTaskPolls: 4,
  });

/** A sender of a few at a time that notes whose message it is; what it sends takes no time, so the order is the server's. */
const sender = (served: string[]) =>
  Worker.create({
    ...onThisServer(),
    taskQueue: sendQueueOf('telegram'),
    activities: {
      sendMessage: async ({ creatorId }: SendInput) => {
        served.push(creatorId);
        return { outcome: 'sent' };
      },
    },
    maxConcurrentActivityTaskExecutions: 5,
    maxTaskQueueActivitiesPerSecond: 100,
  });

const startHerd = (creatorId: string, messages: number) =>
  client.workflow.start<typeof herd>('herd', {
    taskQueue: HERDS_QUEUE,
    workflowId: `herd/${creatorId}`,
    args: [creatorId, messages],
  });

const { TASK_QUEUE_TYPE_ACTIVITY: ACTIVITIES, TASK_QUEUE_TYPE_WORKFLOW: WORKFLOWS } =
  protocol.temporal.api.enums.v1.TaskQueueType;

/** Until so many tasks wait in a queue. */
const untilWaiting = (name: string, taskQueueType: number, tasks: number) =>
  soon(async () => {
    const { stats } = await client.workflowService.describeTaskQueue({
      namespace: config.TEMPORAL_NAMESPACE,
      taskQueue: { name },
      taskQueueType,
      reportStats: true,
    });
    expect(Number(stats?.approximateBacklogCount)).toBe(tasks);
  });

/** How much of the big creator was served before the small one's last. */
const bigBeforeSmallWasDone = (served: string[]): number =>
  served.slice(0, served.lastIndexOf('small')).filter((creatorId) => creatorId === 'big').length;

test('ten messages of one creator do not wait for the end of another’s three hundred that came before them', async () => {
  const served: string[] = [];
  const herds = await workflowsWorker(HERDS_QUEUE);
  const ended = await herds.runUntil(async () => {
    const big = await startHerd('big', BIG);
    await untilWaiting(sendQueueOf('telegram'), ACTIVITIES, BIG);
    const small = await startHerd('small', SMALL);
    await untilWaiting(sendQueueOf('telegram'), ACTIVITIES, BIG + SMALL);
    const sends = await sender(served);
    return sends.runUntil(Promise.all([big.result(), small.result()]));
  });

  expect(ended).toHaveLength(2);
  expect(served).toHaveLength(BIG + SMALL);
  expect(bigBeforeSmallWasDone(served)).toBeLessThan(BIG / 4);
}, 60_000);

test('nor do ten journeys of one creator wait for another’s three hundred that woke before them', async () => {
  const start = async (creatorId: string, runs: number) => {
    const program = { programId: newId<string>(), programVersion: 1, isTest: true };
    const enrollmentIds = Array.from({ length: runs }, () => newId<string>());
    await Promise.all(
      enrollmentIds.map((enrollmentId) => startJourney(client, { creatorId, enrollmentId, ...program })),
    );
    return enrollmentIds.map((enrollmentId) => client.workflow.getHandle(journeyId(enrollmentId)));
  };
  const big = await start('big', BIG);
  await untilWaiting(JOURNEYS_QUEUE, WORKFLOWS, BIG);
  const small = await start('small', SMALL);
  await untilWaiting(JOURNEYS_QUEUE, WORKFLOWS, BIG + SMALL);

  const served: string[] = [];
  const journeys = await workflowsWorker(JOURNEYS_QUEUE, served);
  await journeys.runUntil(Promise.all([...big, ...small].map((run) => run.result())));

  expect(served).toHaveLength(BIG + SMALL);
  expect(bigBeforeSmallWasDone(served)).toBeLessThan(BIG / 4);
}, 60_000);
