/** The whole API with its realtime server, as it runs, but for Temporal: starts and hand-overs are written down instead. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import { createApp } from '../../api/app.ts';
import type { ApiDeps } from '../../api/deps.ts';
import { createSimulator } from '../../api/programs/simulator.ts';
import { attachRealtime } from '../../api/realtime/attach.ts';
import { createEmailKeyCheck, createSendGridApi } from '../../shared/clients/sendgrid-api.ts';
import { createTelegramApi } from '../../shared/clients/telegram-api.ts';
import { createTelegramBots } from '../../shared/clients/telegram-bot.ts';
import { newId, type UserId } from '../../shared/contracts/ids.ts';
import { Member, User } from '../../shared/db/entities/accounts.ts';
import { createOrm } from '../../shared/db/orm.ts';
import type { Role } from '../../shared/domain/accounts/roles.ts';
import { CairnError } from '../../shared/errors.ts';
import { createLogger } from '../../shared/logger.ts';
import { createVault } from '../../shared/services/secrets.ts';
import { createMint } from '../../shared/services/tokens.ts';
import { testConfig } from './environment.ts';
import type { GivenCreator } from './factories.ts';

const NO_LIMITS = { RATE_LIMIT_PER_MINUTE: '1000000', RATE_LIMIT_ANONYMOUS_PER_MINUTE: '1000000' };

export interface ChannelApi {
  url: string;
  deps: ApiDeps;
  /** Enrollments whose run was asked for, and inbound messages that were handed over. */
  started: string[];
  handed: string[];
  /** Calls the API as a member of the creator. */
  as: (
    creator: GivenCreator,
    role?: Role,
  ) => Promise<(method: string, path: string, body?: unknown) => Promise<Response>>;
  stop: () => Promise<void>;
}

/** Starts it on `port` (0: any free one); `telegramUrl` is where the Bot API lives, `sendGridUrl` SendGrid's. */
export const startChannelApi = async (
  telegramUrl: string,
  port = 0,
  sendGridUrl = 'http://127.0.0.1:1',
): Promise<ChannelApi> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const config = testConfig({
    ...NO_LIMITS,
    TELEGRAM_API_ROOT: telegramUrl,
    SENDGRID_API_ROOT: sendGridUrl,
    PUBLIC_URL: url,
  });
  const started: string[] = [];
  const handed: string[] = [];
  const away = async () => {
    throw new CairnError('unavailable', 'There is no Temporal in this test.');
  };
  const deps: ApiDeps = {
    config,
    orm: createOrm({ databaseUrl: config.DATABASE_URL }),
    redis: new Redis(config.REDIS_URL),
    runs: {
      start: async ({ enrollmentId }) => void started.push(enrollmentId),
      send: away,
      nudge: async () => {},
      progress: away,
    },
    startImport: async () => {},
    migrations: { start: away, order: away },
    nudgeReminders: async () => {},
    handInbound: async ({ inboundId }) => void handed.push(inboundId),
    telegramBots: createTelegramBots(createTelegramApi(config.TELEGRAM_API_ROOT)),
    checkEmailKey: createEmailKeyCheck(createSendGridApi(config.SENDGRID_API_ROOT)),
    pingTemporal: away,
    vault: createVault(config.CAIRN_ENCRYPTION_KEYS),
    simulator: createSimulator(),
    logger: createLogger({ level: 'silent', name: 'test' }),
    metrics: new Registry(),
    lifecycle: { draining: false },
  };
  server.on('request', createApp(deps).callback());
  const realtime = attachRealtime(server, deps);
  const mint = createMint({ jwt: config.CAIRN_JWT_SECRET, cookie: config.CAIRN_COOKIE_SECRET });
  return {
    url,
    deps,
    started,
    handed,
    as: async ({ creatorId, em }, role = 'owner') => {
      const id = newId<UserId>();
      await em().insert(Member, { creatorId, userId: id, role });
      await em().insert(User, { id, email: `${id}@example.org`, name: 'Ada', passwordHash: '' });
      const token = await mint.issueAccess({ kind: 'user', id, creatorId, role, platformRole: null });
      return (method, path, body) =>
        fetch(`${url}${path}`, {
          method,
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        });
    },
    stop: async () => {
      await deps.simulator.close();
      await realtime.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      deps.redis.disconnect();
      await deps.orm.close(true);
    },
  };
};
