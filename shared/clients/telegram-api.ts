/** Telegram's Bot API through telegraf's client, with a deadline per call and errors that never carry the token (it is part of the URL). */
import { Agent } from 'node:https';
import { Telegram, TelegramError } from 'telegraf';
import { neverConnected } from './connection-faults.ts';

/** A call that failed. `status` is Telegram's `error_code`, null when no answer of Telegram's came. */
export class TelegramCallFailed extends Error {
  readonly status: number | null;
  /** Seconds to wait, from a 429. */
  readonly retryAfterSeconds: number | null;
  /** Whether the request certainly never reached Telegram. */
  readonly notReached: boolean;

  constructor(message: string, facts: { status?: number; retryAfterSeconds?: number; notReached?: boolean } = {}) {
    super(message);
    this.name = 'TelegramCallFailed';
    this.status = facts.status ?? null;
    this.retryAfterSeconds = facts.retryAfterSeconds ?? null;
    this.notReached = facts.notReached ?? false;
  }
}

export interface CallOptions {
  timeoutMs?: number;
  signal?: AbortSignal;
}

export interface TelegramApi {
  /** Calls a method of the Bot API and gives its `result`. Throws TelegramCallFailed. */
  call(token: string, method: string, payload: object, options?: CallOptions): Promise<unknown>;
}

const TIMEOUT_MS = 10_000;

const asCallFailed = (method: string, error: unknown): TelegramCallFailed => {
  if (error instanceof TelegramError) {
    const { code, description, parameters } = error;
    return new TelegramCallFailed(`Telegram refused ${method}: ${code} ${description}`, {
      status: code,
      ...(parameters?.retry_after !== undefined && { retryAfterSeconds: parameters.retry_after }),
    });
  }
  const fault = error as { code?: string; message?: string; name?: string };
  const { code = '', name = '' } = fault;
  if (neverConnected(fault)) {
    return new TelegramCallFailed(`Telegram could not be reached for ${method} (${code})`, { notReached: true });
  }
  return new TelegramCallFailed(`Telegram gave no answer to ${method} (${code || name || 'unknown fault'})`);
};

/** `apiRoot`: where the Bot API lives, e.g. `https://api.telegram.org`; `defaultTimeoutMs`: how long a call may take. */
export const createTelegramApi = (apiRoot: string, defaultTimeoutMs = TIMEOUT_MS): TelegramApi => {
  // Idle connections are dropped early: a request on one that Telegram is just closing would leave its fate unknown.
  const agent = new Agent({ keepAlive: true, scheduling: 'lifo', timeout: 5_000 });
  const root = apiRoot.endsWith('/') ? apiRoot : `${apiRoot}/`;
  return {
    call: async (token, method, payload, { timeoutMs = defaultTimeoutMs, signal } = {}) => {
      const deadline = AbortSignal.timeout(timeoutMs);
      const client = new Telegram(token, { apiRoot: root, agent, webhookReply: false });
      try {
        return await client.callApi(method as 'sendMessage', payload as never, {
          signal: (signal ? AbortSignal.any([signal, deadline]) : deadline) as never,
        });
      } catch (error) {
        throw asCallFailed(method, error);
      }
    },
  };
};
