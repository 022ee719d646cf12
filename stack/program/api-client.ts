/** A running Cairn over HTTP, with an API key from the environment. */
import type { z } from 'zod';
import { type Problem, problem } from '../../shared/contracts/http.ts';
import { tokenResponse } from '../../shared/contracts/oauth.ts';

/** The API said no; the message is what a person is told. */
export class ApiRefusal extends Error {
  readonly problem: Problem | null;

  constructor(message: string, why: Problem | null) {
    const fields = (why?.errors ?? []).map(({ path, message: wrong }) => `  ${path}: ${wrong}`);
    super([message, ...fields].join('\n'));
    this.name = 'ApiRefusal';
    this.problem = why;
  }
}

export interface ApiClient {
  /** @throws ApiRefusal */
  get<T extends z.ZodType>(path: string, reply: T): Promise<z.output<T>>;
  /** A body that is a text goes as it is, with its `type`. @throws ApiRefusal */
  send<T extends z.ZodType>(method: 'POST' | 'PUT', path: string, sent: Sent<T>): Promise<z.output<T>>;
}

interface Sent<T> {
  body: unknown;
  type?: string;
  reply: T;
}

/** Throws an Error that says what is missing, or ApiRefusal when the key is not good. */
export const signIn = async (api: string): Promise<ApiClient> => {
  const { CAIRN_CLIENT_ID: clientId, CAIRN_CLIENT_SECRET: clientSecret } = process.env;
  if (!clientId || !clientSecret) {
    throw new Error('Set CAIRN_CLIENT_ID and CAIRN_CLIENT_SECRET to an API key (POST /v1/api-keys, role editor)');
  }
  const body = new URLSearchParams({
    ...{ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret },
  });
  const { access_token: token } = await exchange(api, '/oauth/token', { method: 'POST', body }, tokenResponse);
  const headers = { authorization: `Bearer ${token}` };
  return {
    get: (path, reply) => exchange(api, path, { headers }, reply),
    send: (method, path, { body: content, type = 'application/json', reply }) => {
      const text = typeof content === 'string' ? content : JSON.stringify(content);
      return exchange(api, path, { method, headers: { ...headers, 'content-type': type }, body: text }, reply);
    },
  };
};

const exchange = async <T extends z.ZodType>(
  api: string,
  path: string,
  request: RequestInit,
  reply: T,
): Promise<z.output<T>> => {
  const response = await fetch(new URL(path, api), request).catch((error: Error) => {
    throw new Error(`${api} does not answer (${(error.cause as Error | undefined)?.message ?? error.message})`);
  });
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return reply.parse(answer);
  const why = problem.safeParse(answer).data ?? null;
  const said = why?.detail ?? why?.title ?? JSON.stringify(answer);
  throw new ApiRefusal(`${request.method ?? 'GET'} ${path}: ${response.status}. ${said}`, why);
};
