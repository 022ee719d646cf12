/** The API's process: makes the clients, listens, and goes down gracefully. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { Redis } from 'ioredis';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { createEmailKeyCheck, createSendGridApi } from '../shared/clients/sendgrid-api.ts';
import { createTelegramApi } from '../shared/clients/telegram-api.ts';
import { createTelegramBots } from '../shared/clients/telegram-bot.ts';
import { type Config, loadConfig } from '../shared/config.ts';
import { createOrm } from '../shared/db/orm.ts';
import { createLogger } from '../shared/logger.ts';
import { createVault } from '../shared/services/secrets.ts';
import { connectTemporal } from '../temporal/client.ts';
import { handInbound } from '../temporal/start/conversations.ts';
import { startEnrollmentImport } from '../temporal/start/enrollment-imports.ts';
import { nudgeReminders } from '../temporal/start/reminders.ts';
import { createApp } from './app.ts';
import type { ApiDeps } from './deps.ts';
import { journeyRuns } from './journeys/runs.ts';
import { migrationRuns } from './migrations/runs.ts';
import { createSimulator } from './programs/simulator.ts';
import { attachRealtime } from './realtime/attach.ts';

/** Longer than any request of ours takes; a client that is still there then is cut off. */
const GRACE_MS = 10_000;
/** Above the idle time of usual load balancers (60 s), so that they never send into a connection that we just closed. */
const KEEP_ALIVE_MS = 65_000;

const main = async (config: Config): Promise<void> => {
  const logger = createLogger({ level: config.LOG_LEVEL, name: 'api' });
  const orm = createOrm({ databaseUrl: config.DATABASE_URL, poolSize: config.DATABASE_POOL_SIZE });
  const redis = connectRedis(config, logger);
  const temporal = await connectTemporal(config);
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  const deps: ApiDeps = {
    config,
    orm,
    redis,
    runs: journeyRuns(temporal),
    startImport: (ref) => startEnrollmentImport(temporal, ref),
    migrations: migrationRuns(temporal),
    nudgeReminders: (ref) => nudgeReminders(temporal, ref),
    handInbound: (ref) => handInbound(temporal, ref, config.CONVERSATION_BURST_MS),
    telegramBots: createTelegramBots(createTelegramApi(config.TELEGRAM_API_ROOT)),
    checkEmailKey: createEmailKeyCheck(createSendGridApi(config.SENDGRID_API_ROOT)),
    pingTemporal: async () => {
      await temporal.workflowService.getSystemInfo({});
    },
    vault: createVault(config.CAIRN_ENCRYPTION_KEYS),
    simulator: createSimulator(),
    logger,
    metrics,
    lifecycle: { draining: false },
  };

  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, createApp(deps).callback());
  const realtime = attachRealtime(server, deps);
  server.listen(config.PORT, config.HOST);
  await once(server, 'listening');
  logger.info({ host: config.HOST, port: config.PORT }, 'listening');

  await signalled();
  logger.info('going down');
  deps.lifecycle.draining = true;
  await Promise.all([realtime.close(), close(server)]);
  await Promise.allSettled([deps.simulator.close(), redis.quit(), orm.close(), temporal.connection.close()]);
  logger.info('down');
};

/** A command fails at once when Redis is away, instead of waiting for it: what uses it here can do without. */
const connectRedis = (config: Config, logger: ApiDeps['logger']): Redis => {
  const redis = new Redis(config.REDIS_URL, { enableOfflineQueue: false, maxRetriesPerRequest: 1 });
  redis.on('error', (err) => logger.warn({ err }, 'Redis does not answer'));
  return redis;
};

const signalled = (): Promise<unknown> => Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);

/** Takes no more connections, lets requests under way finish, and cuts off what is left after ten seconds. */
const close = async (server: Server): Promise<void> => {
  const timer = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  server.close();
  await once(server, 'close');
  clearTimeout(timer);
};

await main(loadConfig(process.env));
