/** Calls a creator's webhook for a `callWebhook` step. */
import { Context } from '@temporalio/activity';
import {
  ForbiddenAddress,
  type GuardedFetch,
  type GuardedResponse,
  UnusableAnswer,
} from '../../shared/clients/guarded-fetch.ts';
import type { WebhookCall } from '../../shared/domain/journeys/run.ts';
import type { JsonValue } from '../../shared/domain/journeys/state.ts';

export interface CallWebhookDeps {
  guardedFetch: GuardedFetch;
}

export type WebhookAnswer = { ok: true; result: JsonValue } | { ok: false; reason: string };

/** The result is carried in the journey's state from then on: small, or nothing. */
const MAX_RESULT_BYTES = 8 * 1024;
/** As many as `callWebhookPatiently` in workflows/activity-options.ts allows: the last attempt answers instead of throwing. */
const ATTEMPTS = 5;

/**
 * POSTs the body as JSON with `Idempotency-Key: <key>`. Gives the parsed answer of a 2xx (null where it is no JSON), or why it did not work once a
 * retry cannot cure it: a 4xx, a forbidden address, an answer past 8 KiB, or the last of several attempts.
 */
export const createCallWebhook =
  ({ guardedFetch }: CallWebhookDeps) =>
  async (call: WebhookCall): Promise<WebhookAnswer> => {
    const last = Context.current().info.attempt >= ATTEMPTS;
    try {
      const response = await guardedFetch({
        url: call.url,
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': call.key, 'user-agent': 'Cairn' },
        body: JSON.stringify(call.body),
        timeoutMs: call.timeoutSeconds * 1000,
        maxBytes: MAX_RESULT_BYTES,
      });
      if (response.status < 300) return parsed(response);
      const reason = `The webhook answered ${response.status}`;
      if (last || !mayPass(response.status)) return { ok: false, reason };
      throw new Error(reason);
    } catch (error) {
      if (last || isForGood(error)) return { ok: false, reason: reasonOf(error) };
      throw error;
    }
  };

const parsed = ({ body, contentType }: GuardedResponse): WebhookAnswer => {
  if (!/\bjson\b/.test(contentType) || body.trim() === '') return { ok: true, result: null };
  try {
    return { ok: true, result: JSON.parse(body) as JsonValue };
  } catch {
    return { ok: false, reason: 'The webhook said JSON and sent something else' };
  }
};

/** Statuses after which the same call may work later. */
const mayPass = (status: number) => status >= 500 || status === 408 || status === 425 || status === 429;

const isForGood = (error: unknown): boolean =>
  error instanceof UnusableAnswer ||
  error instanceof ForbiddenAddress ||
  (error instanceof Error && error.cause instanceof ForbiddenAddress);

const reasonOf = (error: unknown): string => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
};
