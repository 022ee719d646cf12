/** Structured logs, one JSON line each. Secrets never get in: the paths they may stand at are cut out before a line is written. */
import { type Logger, pino } from 'pino';

export type { Logger };

const SECRET_FIELDS = [
  'authorization',
  'cookie',
  'password',
  'currentPassword',
  'newPassword',
  'passwordHash',
  'secret',
  'token',
  'accessToken',
  'refreshToken',
  'refresh_token',
  'client_secret',
  'joinCode',
  'text',
  'body',
];

export interface LoggerOptions {
  /** Smallest level written: `trace` to `fatal`, or `silent`. */
  level: string;
  /** Which process writes: `api`, `worker`. */
  name: string;
}

/** Makes a process's logger; it writes to stdout. Errors go under `err`. */
export const createLogger = ({ level, name }: LoggerOptions): Logger =>
  pino({
    level,
    base: { name },
    redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]), censor: '[redacted]' },
    serializers: { err: describeError },
  });

/**
 * What a log may say of an error. Not `pino`'s own: that writes every property, and errors of drivers and parsers carry the
 * statement's parameters or the request's body.
 */
const describeError = (error: unknown): unknown => {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause } = error;
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  return { name, message, ...code, stack, ...(cause === undefined ? {} : { cause: describeError(cause) }) };
};
