/** The workers of the channels' queues, on real servers: at which pace, and that what waits there is sent. */
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import protocol from '@temporalio/proto';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTelegramPort } from '../../shared/clients/telegram.ts';
import { createTelegramApi } from '../../shared/clients/telegram-api.ts';
import { newId } from '../../shared/contracts/ids.ts';
import { Delivery } from '../../shared/db/entities/channels.ts';
import { createOrm } from '../../shared/db/orm.ts';
import { CHANNEL_KINDS } from '../../shared/domain/channels/deliveries.ts';
import { planMessage } from '../../shared/services/deliveries.ts';
import { createVault } from '../../shared/services/secrets.ts';
import { connectTemporal, dataConverter } from '../../temporal/client.ts';
import { sendQueueOf } from '../../temporal/queues.ts';
import { createSendWorkers } from '../../workers/sends.ts';
import { startTelegramEmulator, type TelegramEmulator } from '../emulators/telegram.ts';
import { testConfig } from '../support/environment.ts';
import { givenCoachee } from '../support/factories.ts';
import { quietRuntime } from '../support/quiet-runtime.ts';
import { soon } from '../support/soon.ts';
import { givenTelegram } from '../support/telegram.ts';
import { createNamespace } from '../support/temporal-namespace.ts';
import type { herd } from '../temporal/fair-shares/workflow.ts';

const config = testConfig({
  TEMPORAL_NAMESPACE: `sends_${newId<string>()}`,
  ...{ SEND_RATE_WEB: '41', SEND_RATE_TELEGRAM: '42', SEND_RATE_WHATSAPP: '43', SEND_RATE_EMAIL: '44' },
});
const orm = createOrm({ databaseUrl: config.DATABASE_URL });
const vault = createVault(config.CAIRN_ENCRYPTION_KEYS);
let emulator: TelegramEmulator;
let client: Client;
let connection: NativeConnection;
let stopSending: () => Promise<void>;

beforeAll(async () => {
  quietRuntime();
  emulator = await startTelegramEmulator();
  client = await connectTemporal(config);
  connection = await NativeConnection.connect({ address: config.TEMPORAL_ADDRESS });
  await createNamespace(client, config.TEMPORAL_NAMESPACE);
  const workers = await createSendWorkers({
    ...{ config, connection, orm, vault },
    ports: { telegram: createTelegramPort(createTelegramApi(emulator.url), { waitBeforeSend: async () => 0 }) },
    announce: async () => {},
  });
  const running = workers.map((worker) => worker.run());
  stopSending = async () => {
    for (const worker of workers) worker.shutdown();
    await Promise.all(running);
  };
});
afterAll(async () => {
  await stopSending();
  await connection.close();
  await Promise.all([client.connection.close(), emulator.stop(), orm.close(true)]);
});

test('every kind of channel has a queue that is polled, at its own pace', async () => {
  const paceOf = async (name: string) => {
    const { pollers } = await client.workflowService.describeTaskQueue({
      namespace: config.TEMPORAL_NAMESPACE,
      taskQueue: { name },
      taskQueueType: protocol.temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
    });
    return pollers?.[0]?.ratePerSecond;
  };
  await soon(async () => {
    const paces = await Promise.all(CHANNEL_KINDS.map((kind) => paceOf(sendQueueOf(kind))));
    expect(paces).toEqual([41, 42, 43, 44]);
  });
});

test('a message that waits in Telegram’s queue is sent, once', async () => {
  const owner = await givenTelegram({ orm, vault, url: emulator.url });
  await owner.bot.meets([7]);
  const { coacheeId } = await givenCoachee(owner, owner.channelId, { address: '7' });
  const { creatorId } = owner;
  const key = `herd/${creatorId}/0`;
  const message = { key, creatorId, coacheeId, text: 'Good morning', buttons: [], isTest: false };
  await owner.em().transactional((tx) => planMessage(tx, message));

  const workflows = await Worker.create({
    connection,
    namespace: config.TEMPORAL_NAMESPACE,
    dataConverter: dataConverter(config),
    taskQueue: 'herds',
    workflowBundle: await bundleWorkflowCode({
      workflowsPath: fileURLToPath(new URL('../temporal/fair-shares/workflow.ts', import.meta.url)),
      logger: new DefaultLogger('ERROR'),
    }),
  });
  const herdOfOne = { taskQueue: 'herds', workflowId: 'herd', args: [creatorId, 1] satisfies Parameters<typeof herd> };
  await workflows.runUntil(client.workflow.execute<typeof herd>('herd', herdOfOne));

  expect((await owner.bot.transcript(7)).map(({ text }) => text)).toEqual(['Good morning']);
  expect(await owner.em().findOneOrFail(Delivery, { key })).toMatchObject({ status: 'sent', attempts: 1 });
});
