/**
 * The environment, parsed once. Every process calls `loadConfig(process.env)` at its start; a variable that is missing or wrong stops it and
 * is named. `npm start` sets what is unset to its embedded servers.
 */
import { z } from 'zod';

/** Marks a secret that `npm start` made up: production refuses it. */
export const GENERATED_SECRET_PREFIX = 'generated-';

const port = z.coerce.number().int().min(1).max(65535);
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
/** 32 bytes or more of base64url, with or without the generated mark. */
const secret = z.string().min(32, 'needs at least 32 characters');
const perSecond = z.coerce.number().min(1).max(100_000);
const httpUrl = z.url({ protocol: /^https?$/ });

const schema = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  /** Address that the API listens on. */
  HOST: z.string().default('127.0.0.1'),
  PORT: port.default(3000),
  /** Where people reach the API: links and webhooks are built on it. */
  PUBLIC_URL: httpUrl.optional(),
  /** Where the worker answers /healthz, /readyz and /metrics. */
  WORKER_HEALTH_PORT: port.default(3001),

  TEMPORAL_ADDRESS: z.string().min(1),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  /** Where ops engineers open the Temporal UI: the codec server answers this origin only. */
  TEMPORAL_UI_URL: httpUrl.default('http://127.0.0.1:8233'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  DATABASE_POOL_SIZE: z.coerce.number().int().min(1).max(200).default(10),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }),
  CHROMA_URL: httpUrl.optional(),
  OLLAMA_BASE_URL: httpUrl.default('http://127.0.0.1:11434'),
  /** What writes to coachees. */
  OLLAMA_CHAT_MODEL: z.string().min(1).default('llama3:8b'),
  S3_ENDPOINT: httpUrl.optional(),
  S3_BUCKET: z.string().default('cairn'),
  TELEGRAM_API_ROOT: httpUrl.default('https://api.telegram.org'),
  /** `https://api.eu.sendgrid.com` for accounts whose data stays in the EU. */
  SENDGRID_API_ROOT: httpUrl.default('https://api.sendgrid.com'),

  CAIRN_JWT_SECRET: secret,
  CAIRN_COOKIE_SECRET: secret,
  /** AES-256 keys as `<id>:<base64 of 32 bytes>`, comma-separated; the first encrypts, all decrypt. */
  CAIRN_ENCRYPTION_KEYS: z.string().min(1),

  /**
   * Messages a second by all channels of a kind together, whatever number of workers there is: what the providers (or, for the web chat, the database) shall
   * be asked for at most. What a single bot may send a second is Telegram's rule and is kept besides (shared/clients/send-limits.ts).
   */
  SEND_RATE_WEB: perSecond.default(500),
  SEND_RATE_TELEGRAM: perSecond.default(300),
  /** The messages a second of one business phone number, as Meta starts it. */
  SEND_RATE_WHATSAPP: perSecond.default(80),
  SEND_RATE_EMAIL: perSecond.default(100),

  /** Requests a minute that one signed-in caller may make, and one address may make unsigned. */
  RATE_LIMIT_PER_MINUTE: z.coerce.number().int().min(1).default(600),
  RATE_LIMIT_ANONYMOUS_PER_MINUTE: z.coerce.number().int().min(1).default(60),
  /** Tries to sign in a minute from one address. */
  RATE_LIMIT_SIGN_IN_PER_MINUTE: z.coerce.number().int().min(1).default(20),
  /** How many proxies in front of the API add to X-Forwarded-For; 0: the header is not believed. */
  TRUSTED_PROXY_HOPS: z.coerce.number().int().min(0).max(10).default(0),
  /** How long a conversation waits for the rest of a burst of messages. */
  CONVERSATION_BURST_MS: z.coerce.number().int().min(0).max(10_000).default(400),
  /** Whether webhooks of programs may reach private and loopback addresses: for development only. */
  ALLOW_PRIVATE_WEBHOOKS: flag.default(false),
});

export type Config = z.infer<typeof schema> & { publicUrl: string };

const SECRETS = ['CAIRN_JWT_SECRET', 'CAIRN_COOKIE_SECRET', 'CAIRN_ENCRYPTION_KEYS', 'DATABASE_URL'] as const;

/** Parses the environment; throws one error that names every variable that is wrong, without its value. */
export const loadConfig = (environment: Record<string, string | undefined>): Config => {
  const parsed = schema.safeParse(environment);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`The environment is not usable:\n${faults.join('\n')}`);
  }
  const config = parsed.data;
  if (config.NODE_ENV === 'production') {
    const generated = SECRETS.filter((name) => config[name].includes(GENERATED_SECRET_PREFIX));
    if (generated.length > 0) {
      throw new Error(
        `Production needs secrets of its own; these were generated for development: ${generated.join(', ')}`,
      );
    }
    if (config.ALLOW_PRIVATE_WEBHOOKS) throw new Error('ALLOW_PRIVATE_WEBHOOKS is for development only');
  }
  return { ...config, publicUrl: config.PUBLIC_URL ?? `http://127.0.0.1:${config.PORT}` };
};
