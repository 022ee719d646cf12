/** The one place that makes the workers' clients. */
import type { Client } from '@temporalio/client';
import { NativeConnection, Runtime } from '@temporalio/worker';
import { Redis } from 'ioredis';
import type { SendDeps } from '../activities/journeys/send-message.ts';
import type { ReminderDeps } from '../activities/reminders/activities.ts';
import type { ChannelPort } from '../shared/clients/channels.ts';
import { type CoachModel, createCoachModel } from '../shared/clients/coach-model.ts';
import { createGuardedFetch, type GuardedFetch } from '../shared/clients/guarded-fetch.ts';
import { createSendLimits } from '../shared/clients/send-limits.ts';
import { createSendGridPort } from '../shared/clients/sendgrid.ts';
import { createSendGridApi } from '../shared/clients/sendgrid-api.ts';
import { createTelegramPort } from '../shared/clients/telegram.ts';
import { createTelegramApi } from '../shared/clients/telegram-api.ts';
import { createTelegramBots } from '../shared/clients/telegram-bot.ts';
import type { Config } from '../shared/config.ts';
import type { CreatorId, EnrollmentId } from '../shared/contracts/ids.ts';
import type { TelegramBots } from '../shared/contracts/telegram-bot.ts';
import { createOrm, forCreator, type Orm } from '../shared/db/orm.ts';
import type { ChannelKind } from '../shared/domain/channels/deliveries.ts';
import { createLogger, type Logger } from '../shared/logger.ts';
import { announce } from '../shared/services/conversations.ts';
import { startOf } from '../shared/services/journeys.ts';
import type { ScheduleRef } from '../shared/services/reminder-schedules.ts';
import { createVault, type Vault } from '../shared/services/secrets.ts';
import type { TelegramInboundDeps } from '../shared/services/telegram-replies.ts';
import { connectTemporal } from '../temporal/client.ts';
import { handInbound } from '../temporal/start/conversations.ts';
import { nudgeJourney, startJourney } from '../temporal/start/journeys.ts';
import { nudgeReminders } from '../temporal/start/reminders.ts';
import { temporalLogger } from './temporal-logger.ts';

/** `reached` is set by fault tests, which end the process at a named point of a send. */
export interface WorkerDeps extends Pick<SendDeps, 'reached'> {
  config: Config;
  logger: Logger;
  orm: Orm;
  redis: Redis;
  vault: Vault;
  temporal: Client;
  connection: NativeConnection;
  telegramBots: TelegramBots;
  ports: Partial<Record<ChannelKind, ChannelPort>>;
  guardedFetch: GuardedFetch;
  coachModel: CoachModel;
  announce: (coacheeId: string) => Promise<void>;
  nudge: ReminderDeps['nudge'];
  nudgeReminders: (ref: ScheduleRef) => Promise<void>;
  startRun: TelegramInboundDeps['startRun'];
  handInbound: TelegramInboundDeps['handInbound'];
  close: () => Promise<void>;
}

/** Connects to everything a worker needs, once per process; rejects, naming nothing secret, where Temporal cannot be reached. */
export const createWorkerDeps = async (config: Config): Promise<WorkerDeps> => {
  const logger = createLogger({ level: config.LOG_LEVEL, name: 'worker' });
  const orm = createOrm({ databaseUrl: config.DATABASE_URL, poolSize: config.DATABASE_POOL_SIZE });
  const redis = new Redis(config.REDIS_URL, { maxRetriesPerRequest: 2 });
  redis.on('error', (error) => logger.warn({ reason: error.message }, 'redis'));
  const temporal = await connectTemporal(config);
  // Before the first native connection, which would make a runtime of its own.
  Runtime.install({ logger: temporalLogger(logger), shutdownSignals: ['SIGTERM', 'SIGINT'] });
  const connection = await NativeConnection.connect({ address: config.TEMPORAL_ADDRESS });
  const telegramApi = createTelegramApi(config.TELEGRAM_API_ROOT);
  return {
    config,
    logger,
    orm,
    redis,
    vault: createVault(config.CAIRN_ENCRYPTION_KEYS),
    temporal,
    connection,
    telegramBots: createTelegramBots(telegramApi),
    ports: {
      telegram: createTelegramPort(telegramApi, createSendLimits(redis)),
      email: createSendGridPort(createSendGridApi(config.SENDGRID_API_ROOT)),
    },
    guardedFetch: createGuardedFetch({ allowPrivate: config.ALLOW_PRIVATE_WEBHOOKS }),
    coachModel: createCoachModel({ baseUrl: config.OLLAMA_BASE_URL, model: config.OLLAMA_CHAT_MODEL }),
    announce: (coacheeId) => announce(redis, coacheeId),
    startRun: async ({ creatorId, enrollmentId }) => {
      const em = forCreator(orm, creatorId as CreatorId);
      await startJourney(temporal, await startOf(em, enrollmentId as EnrollmentId));
    },
    nudge: async (enrollmentIds) => {
      for (const id of enrollmentIds) await nudgeJourney(temporal, id);
    },
    nudgeReminders: (ref) => nudgeReminders(temporal, ref),
    handInbound: (ref) => handInbound(temporal, ref, config.CONVERSATION_BURST_MS),
    close: async () => {
      redis.disconnect();
      await connection.close();
      await temporal.connection.close();
      await orm.close(true);
    },
  };
};
