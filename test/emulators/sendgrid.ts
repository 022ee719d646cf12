/** A SendGrid of our own: a real HTTP server, as strict as channel-rules.md and the API's documentation where Cairn uses it. */
import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { errorsOf, type MailBody, mailBody } from './sendgrid/rules.ts';

interface Account {
  scopes: string[];
  /** The one sender that the account has verified. */
  sender: string;
  /** Emails that were taken, with the id that was answered. */
  mails: (MailBody & { id: string })[];
}

/** What becomes of the next call, after or before the email was taken. */
interface Fault {
  kind: 'hang' | 'reset' | '500' | '429';
  afterAccepting: boolean;
}

export interface SendGridEmulator {
  /** What SENDGRID_API_ROOT is set to. */
  url: string;
  /** A new account's API key. */
  account(more?: Partial<Account>): string;
  mails(apiKey: string): Account['mails'];
  failNext(fault: Fault): void;
  stop(): Promise<void>;
}

interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

const refused = (status: number, message: string): Answer => ({ status, body: errorsOf([{ path: [], message }]) });

const send = (account: Account, body: unknown): Answer => {
  if (!account.scopes.includes('mail.send')) return refused(403, 'access forbidden');
  const parsed = mailBody.safeParse(body);
  if (!parsed.success) return { status: 400, body: errorsOf(parsed.error.issues) };
  if (parsed.data.from.email !== account.sender) {
    return refused(403, 'The from address does not match a verified Sender Identity.');
  }
  const id = randomBytes(16).toString('base64url');
  account.mails.push({ ...parsed.data, id });
  return { status: 202, headers: { 'x-message-id': id } };
};

const answerCall = async (accounts: Map<string, Account>, request: IncomingMessage): Promise<Answer> => {
  const [, key = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
  const account = accounts.get(key);
  if (!account) return refused(401, 'The provided authorization grant is invalid, expired, or revoked');
  switch (`${request.method} ${request.url}`) {
    case 'GET /v3/scopes':
      return { status: 200, body: { scopes: account.scopes } };
    case 'POST /v3/mail/send':
      if (!/^application\/json/.test(request.headers['content-type'] ?? ''))
        return refused(415, 'Content-Type should be application/json.');
      return send(account, await json(request).catch(() => ({})));
    default:
      return refused(404, 'not found');
  }
};

const RESET_SECONDS = 2;

const answerFault = (response: ServerResponse, { kind }: Fault): void => {
  if (kind === 'reset') response.socket?.resetAndDestroy();
  if (kind === '500') write(response, refused(500, 'Internal Server Error'));
  if (kind === '429') {
    const reset = String(Math.ceil(Date.now() / 1000) + RESET_SECONDS);
    write(response, { ...refused(429, 'too many requests'), headers: { 'x-ratelimit-reset': reset } });
  }
};

const write = (response: ServerResponse, { status, body, headers = {} }: Answer): void => {
  response.writeHead(status, { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
};

export const startSendGridEmulator = async (): Promise<SendGridEmulator> => {
  const accounts = new Map<string, Account>();
  const faults: Fault[] = [];
  const server = createServer(async (request, response) => {
    const fault = faults.shift();
    const answer = fault && !fault.afterAccepting ? null : await answerCall(accounts, request);
    if (fault) answerFault(response, fault);
    else if (answer) write(response, answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    account: (more = {}) => {
      const key = `SG.${randomBytes(16).toString('base64url')}.${randomUUID().replaceAll('-', '')}`;
      accounts.set(key, { scopes: ['mail.send'], sender: 'ada@example.org', mails: [], ...more });
      return key;
    },
    mails: (apiKey) => accounts.get(apiKey)?.mails ?? [],
    failNext: (fault) => void faults.push(fault),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
