/** The shares of creators in a channel's queue, on the stack's real server: who is served when much more waits than can be sent. */
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SendInput } from '../../activities/journeys/send-message.ts';
import { newId } from '../../shared/contracts/ids.ts';
import { connectTemporal, dataConverter } from '../../temporal/client.ts';
import { sendQueueOf } from '../../temporal/queues.ts';
import { testConfig } from '../support/environment.ts';
import { quietRuntime } from '../support/quiet-runtime.ts';
import { soon } from '../support/soon.ts';
import { createNamespace } from '../support/temporal-namespace.ts';
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

const herdsWorker = async () =>
  Worker.create({
    ...onThisServer(),
    taskQueue: HERDS_QUEUE,
    workflowBundle: await bundleWorkflowCode({
      workflowsPath: fileURLToPath(new URL('fair-shares/workflow.ts', import.meta.url)),
      logger: new DefaultLogger('ERROR'),
    }),
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

/** Until so many messages wait in the channel's queue. */
const untilWaiting = (messages: number) =>
  soon(async () => {
    const { stats } = await client.workflowService.describeTaskQueue({
      namespace: config.TEMPORAL_NAMESPACE,
      taskQueue: { name: sendQueueOf('telegram') },
      taskQueueType: 2,
      reportStats: true,
    });
    expect(Number(stats?.approximateBacklogCount)).toBe(messages);
  });

test('ten messages of one creator do not wait for the end of another’s three hundred that came before them', async () => {
  const served: string[] = [];
  const herds = await herdsWorker();
  const ended = await herds.runUntil(async () => {
    const big = await startHerd('big', BIG);
    await untilWaiting(BIG);
    const small = await startHerd('small', SMALL);
    await untilWaiting(BIG + SMALL);
    const sends = await sender(served);
    return sends.runUntil(Promise.all([big.result(), small.result()]));
  });

  expect(ended).toHaveLength(2);
  expect(served).toHaveLength(BIG + SMALL);
  const bigBefore = served.slice(0, served.lastIndexOf('small')).filter((creatorId) => creatorId === 'big').length;
  expect(bigBefore).toBeLessThan(BIG / 4);
}, 60_000);
