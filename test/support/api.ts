/** The API on real Postgres, Redis and Temporal, listening on a port of its own, and callers of it. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import { createApp } from '../../api/app.ts';
import type { ApiDeps } from '../../api/deps.ts';
import { journeyRuns } from '../../api/journeys/runs.ts';
import { migrationRuns } from '../../api/migrations/runs.ts';
import { createSimulator } from '../../api/programs/simulator.ts';
import { createEmailKeyCheck, createSendGridApi } from '../../shared/clients/sendgrid-api.ts';
import { createTelegramApi } from '../../shared/clients/telegram-api.ts';
import { createTelegramBots } from '../../shared/clients/telegram-bot.ts';
import type { CreatorId } from '../../shared/contracts/ids.ts';
import { newId, type UserId } from '../../shared/contracts/ids.ts';
import { Member, User } from '../../shared/db/entities/accounts.ts';
import { createOrm } from '../../shared/db/orm.ts';
import type { Role } from '../../shared/domain/accounts/roles.ts';
import { createLogger } from '../../shared/logger.ts';
import { createVault } from '../../shared/services/secrets.ts';
import { createMint, type TokenMint } from '../../shared/services/tokens.ts';
import { connectTemporal } from '../../temporal/client.ts';
import { handInbound } from '../../temporal/start/conversations.ts';
import { startEnrollmentImport } from '../../temporal/start/enrollment-imports.ts';
import { nudgeReminders } from '../../temporal/start/reminders.ts';
import { testConfig } from './environment.ts';
import { type GivenCreator, givenCreator } from './factories.ts';

/** So high that only tests of the limits meet them. */
const NO_LIMITS = {
  RATE_LIMIT_PER_MINUTE: '1000000',
  RATE_LIMIT_ANONYMOUS_PER_MINUTE: '1000000',
  RATE_LIMIT_SIGN_IN_PER_MINUTE: '1000000',
};

export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every kind, and a wrong look fails them
  body: any;
  text: string;
}

export interface CallOptions {
  token?: string;
  /** Sent as JSON; a string or URLSearchParams goes as it is. */
  body?: unknown;
  headers?: Record<string, string>;
}

export type Call = (method: string, path: string, options?: CallOptions) => Promise<Answer>;

export interface TestApi {
  url: string;
  call: Call;
  deps: ApiDeps;
  mint: TokenMint;
  close: () => Promise<void>;
}

/** Starts the API; `environment` overrides its configuration, `given` its dependencies. */
export const startApi = async (
  environment: Record<string, string> = {},
  given: Partial<ApiDeps> = {},
): Promise<TestApi> => {
  const config = testConfig({ ...NO_LIMITS, ...environment });
  const temporal = await connectTemporal(config);
  const redis = new Redis(config.REDIS_URL, { enableOfflineQueue: false, maxRetriesPerRequest: 1, lazyConnect: true });
  redis.on('error', () => {});
  await redis.connect().catch(() => {});
  const deps: ApiDeps = {
    config,
    redis,
    orm: createOrm({ databaseUrl: config.DATABASE_URL }),
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
    logger: createLogger({ level: 'silent', name: 'test' }),
    metrics: new Registry(),
    lifecycle: { draining: false },
    ...given,
  };
  const server = createServer(createApp(deps).callback());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    call: caller(url),
    deps,
    mint: createMint({ jwt: config.CAIRN_JWT_SECRET, cookie: config.CAIRN_COOKIE_SECRET }),
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
      redis.disconnect();
      await deps.simulator.close();
      await deps.orm.close(true);
      await temporal.connection.close();
    },
  };
};

const caller =
  (url: string): Call =>
  async (method, path, { token, body, headers } = {}) => {
    const raw = body === undefined || typeof body === 'string' || body instanceof URLSearchParams;
    const response = await fetch(`${url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(body !== undefined && !(body instanceof URLSearchParams) && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body !== undefined && { body: raw ? (body as string) : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : null };
  };

export interface GivenCaller extends GivenCreator {
  userId: UserId;
  token: string;
  /** Calls the API with this caller's access token. */
  call: Call;
}

/** A member of a creator (a new one, unless named) with an access token. */
export const givenCaller = async (api: TestApi, role: Role = 'owner', creator?: GivenCreator): Promise<GivenCaller> => {
  const owner = creator ?? (await givenCreator(api.deps.orm));
  const userId = newId<UserId>();
  await addMember(owner, userId, role);
  const token = await api.mint.issueAccess({
    kind: 'user',
    id: userId,
    creatorId: owner.creatorId,
    role,
    platformRole: null,
  });
  return { ...owner, userId, token, call: (method, path, options) => api.call(method, path, { token, ...options }) };
};

const addMember = async (
  { creatorId, em }: { creatorId: CreatorId; em: GivenCreator['em'] },
  userId: UserId,
  role: Role,
) => {
  await em().insert(Member, { creatorId, userId, role });
  // No password: it signs in nowhere.
  await em().insert(User, {
    id: userId,
    email: `${userId}@example.org`,
    name: 'Ada',
    passwordHash: '',
    createdAt: new Date(),
  });
};

/** An e-mail address that no other test has. */
export const freshEmail = (): string => `${newId<UserId>()}@example.org`;
