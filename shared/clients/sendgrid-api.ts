/** SendGrid's v3 API through its own client, with a deadline per call and errors that carry neither the key nor an address. */
import { Client } from '@sendgrid/client';
import { type MailDataRequired, MailService } from '@sendgrid/mail';
import { z } from 'zod';
import type { CheckEmailKey } from '../contracts/email-account.ts';
import { CairnError } from '../errors.ts';
import { neverConnected } from './connection-faults.ts';

/** A call that failed. `status` is SendGrid's, null when no answer of theirs came. */
export class SendGridCallFailed extends Error {
  readonly status: number | null;
  /** Milliseconds until the limit is lifted, from a 429. */
  readonly afterMs: number | null;
  /** Whether the request certainly never reached SendGrid. */
  readonly notReached: boolean;

  constructor(message: string, facts: { status?: number; afterMs?: number; notReached?: boolean } = {}) {
    super(message);
    this.name = 'SendGridCallFailed';
    this.status = facts.status ?? null;
    this.afterMs = facts.afterMs ?? null;
    this.notReached = facts.notReached ?? false;
  }
}

export interface SendGridApi {
  /** Hands an email over; gives SendGrid's id of it, null where the answer names none. Throws SendGridCallFailed. */
  send(apiKey: string, mail: MailDataRequired): Promise<string | null>;
  /** What the key may do. Throws SendGridCallFailed. */
  scopes(apiKey: string): Promise<string[]>;
}

const TIMEOUT_MS = 10_000;

const answered = z.object({
  code: z.number(),
  response: z.object({
    headers: z.looseObject({ 'x-ratelimit-reset': z.coerce.number().optional().catch(undefined) }),
    body: z.object({ errors: z.array(z.object({ message: z.string() })) }).catch({ errors: [] }),
  }),
});

const WAIT_MOST_MS = 15 * 60_000;

/** Until the Unix seconds of `X-RateLimit-Reset`; a minute where it is missing. */
const untilReset = (resetAtSeconds: number | undefined): number =>
  resetAtSeconds === undefined ? 60_000 : Math.min(Math.max(resetAtSeconds * 1000 - Date.now(), 1000), WAIT_MOST_MS);

const asCallFailed = (what: string, error: unknown): SendGridCallFailed => {
  const refused = answered.safeParse(error);
  if (refused.success) {
    const { code: status, response } = refused.data;
    const why = response.body.errors.map(({ message }) => message.replaceAll(/\S+@\S+/g, '…')).join(' ');
    return new SendGridCallFailed(`SendGrid refused ${what}: ${status} ${why}`.trim(), {
      status,
      ...(status === 429 && { afterMs: untilReset(response.headers['x-ratelimit-reset']) }),
    });
  }
  const fault = error as { code?: string; message?: string; name?: string };
  if (neverConnected(fault)) {
    return new SendGridCallFailed(`SendGrid could not be reached for ${what} (${fault.code})`, { notReached: true });
  }
  return new SendGridCallFailed(`SendGrid gave no answer to ${what} (${fault.code ?? fault.name ?? 'unknown fault'})`);
};

/** `apiRoot`: where the API lives, e.g. `https://api.sendgrid.com`; `timeoutMs`: how long a call may take. */
export const createSendGridApi = (apiRoot: string, timeoutMs = TIMEOUT_MS): SendGridApi => {
  const mailer = (apiKey: string) => {
    const client = new Client();
    client.setApiKey(apiKey);
    // After the key, which sets SendGrid's own address.
    client.setDefaultRequest('baseUrl', apiRoot);
    const mail = new MailService();
    mail.setClient(client);
    mail.setTimeout(timeoutMs);
    return { client, mail };
  };
  return {
    send: async (apiKey, mail) => {
      const [{ headers }] = await mailer(apiKey).mail.send(mail).catch(fail('the email'));
      const { 'x-message-id': id } = headers as Record<string, unknown>;
      return typeof id === 'string' && id !== '' ? id : null;
    },
    scopes: async (apiKey) => {
      const asked = mailer(apiKey).client.request({ method: 'GET', url: '/v3/scopes' });
      const [, body] = await asked.catch(fail('the question what the key may do'));
      return z
        .object({ scopes: z.array(z.string()) })
        .catch({ scopes: [] })
        .parse(body).scopes;
    },
  };
};

const fail = (what: string) => (error: unknown) => Promise.reject(asCallFailed(what, error));

/** Asks SendGrid whether the key may send. */
export const createEmailKeyCheck =
  (api: SendGridApi): CheckEmailKey =>
  async (apiKey) => {
    const scopes = await api.scopes(apiKey).catch((error: unknown) => Promise.reject(explain(error)));
    if (!scopes.includes('mail.send')) throw new CairnError('invalid', 'This API key may not send email.');
  };

const explain = (error: unknown): unknown => {
  if (!(error instanceof SendGridCallFailed)) return error;
  const { status, message } = error;
  if (status === 401 || status === 403) return new CairnError('invalid', 'SendGrid does not know this API key.');
  if (status === 429) return new CairnError('tooManyRequests', message);
  return new CairnError(status !== null && status < 500 ? 'invalid' : 'unavailable', message);
};
