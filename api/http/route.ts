/**
 * How a route is declared: once, and from that come the Koa route, its checks and its entry in the OpenAPI document.
 * - `route`: for signed-in callers (access token), with the least role that may use it.
 * - `publicRoute`: for everyone. - `page`: what browsers open (HTML, assets), left out of the OpenAPI document.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Context } from 'koa';
import { z } from 'zod';
import type { Role } from '../../shared/domain/accounts/roles.ts';
import type { Caller } from '../../shared/services/tokens.ts';
import type { BodyKind } from './body.ts';

/** Which rate limit counts: the usual one, the strict one of what guesses passwords, or none (signed webhooks of providers). */
export type Limit = 'usual' | 'signIn' | 'none';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** Nothing may be sent where a route names no schema. */
export const nothing = z.strictObject({});
type Nothing = typeof nothing;

/** What any handler knows of its request. */
export interface RequestFacts {
  /** Also in the answer's X-Request-Id and in every log line about it. */
  id: string;
  /** The client's IP address. */
  address: string;
  /** The Idempotency-Key header, if given. */
  idempotencyKey: string | null;
  /** For what only Koa knows: cookies, other headers. */
  ctx: Context;
}

export interface PublicCall<Params, Query, Body> {
  params: Params;
  query: Query;
  body: Body;
  request: RequestFacts;
}

export interface CallerCall<Params, Query, Body> extends PublicCall<Params, Query, Body> {
  caller: Caller;
  /**
   * Bound to the caller's creator, in a transaction that commits, together with the answer kept for the Idempotency-Key, when the handler
   * is done; see `transaction`.
   */
  em: EntityManager;
}

export interface Reply<Body = unknown> {
  body: Body;
  /** `body` as it is sent, where its very bytes matter or it is no JSON; the Content-Type stands among the headers. */
  text?: string;
  /** Where it is not the route's usual one. */
  status?: number;
  headers?: Record<string, string>;
  /** Done after the commit, before the answer goes out. What it throws is logged and changes nothing about the answer. */
  after?: () => Promise<void>;
}

/** An answer with a body. */
export const reply = <Body>(body: Body, more: Omit<Reply, 'body'> = {}): Reply<Body> => ({ body, ...more });

interface Declaration<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType, R extends z.ZodType> {
  method: Method;
  /** Koa's form: `/v1/programs/:id`. */
  path: `/${string}`;
  /** The group in the documentation: a domain's name. */
  tag: string;
  summary: string;
  description?: string;
  params?: P;
  query?: Q;
  body?: B;
  /** Media types of the body; JSON only by default. */
  consumes?: BodyKind[];
  /** Media types of the answer; JSON only by default. */
  produces?: string[];
  /** Of the answer; by default 200, or 204 without `reply`. */
  status?: number;
  reply?: R;
  /** Problems beside the usual ones (401, 403, 404, 422, 429): `409` where a state may be in the way. */
  problems?: number[];
  limit?: Limit;
  /** For protocols with error bodies of their own (OAuth2): gives the answer to an error, or null for problem details. */
  explain?: ((error: unknown) => Reply | null) | null;
}

export interface CallerDeclaration<
  P extends z.ZodObject = Nothing,
  Q extends z.ZodObject = Nothing,
  B extends z.ZodType = Nothing,
  R extends z.ZodType = z.ZodUndefined,
> extends Declaration<P, Q, B, R> {
  /** The least role that may. */
  role: Role;
  /** False where the handler calls other systems: then `em` opens its transactions itself. By default true. */
  transaction?: boolean;
  handle(call: CallerCall<z.output<P>, z.output<Q>, z.output<B>>): Promise<Reply<z.input<R>>>;
}

export interface PublicDeclaration<
  P extends z.ZodObject = Nothing,
  Q extends z.ZodObject = Nothing,
  B extends z.ZodType = Nothing,
  R extends z.ZodType = z.ZodUndefined,
> extends Declaration<P, Q, B, R> {
  handle(call: PublicCall<z.output<P>, z.output<Q>, z.output<B>>): Promise<Reply<z.input<R>>>;
}

/** A declared route, as the pipeline and the OpenAPI document read it. */
export interface Route
  extends Omit<Required<Declaration<z.ZodObject, z.ZodObject, z.ZodType, z.ZodType>>, 'reply' | 'limit'> {
  kind: 'route';
  limit: Limit;
  /** Null: for everyone. */
  role: Role | null;
  transaction: boolean;
  reply: z.ZodType | null;
  handle(call: PublicCall<unknown, unknown, unknown> & Partial<CallerCall<unknown, unknown, unknown>>): Promise<Reply>;
}

/** A page or asset: plain Koa, with the address limited and the secure headers set. */
export interface Page {
  kind: 'page';
  method: 'get' | 'post' | 'delete' | 'options';
  path: string;
  limit: Limit;
  handle(ctx: Context): Promise<void>;
}

export const route = <
  P extends z.ZodObject = Nothing,
  Q extends z.ZodObject = Nothing,
  B extends z.ZodType = Nothing,
  R extends z.ZodType = z.ZodUndefined,
>(
  declared: CallerDeclaration<P, Q, B, R>,
): Route => ({
  ...filledIn(declared),
  role: declared.role,
  transaction: declared.transaction ?? true,
  handle: (call) => declared.handle(call as CallerCall<z.output<P>, z.output<Q>, z.output<B>>),
});

export const publicRoute = <
  P extends z.ZodObject = Nothing,
  Q extends z.ZodObject = Nothing,
  B extends z.ZodType = Nothing,
  R extends z.ZodType = z.ZodUndefined,
>(
  declared: PublicDeclaration<P, Q, B, R>,
): Route => ({
  ...filledIn(declared),
  role: null,
  transaction: false,
  handle: (call) => declared.handle(call as PublicCall<z.output<P>, z.output<Q>, z.output<B>>),
});

export const page = (declared: Omit<Page, 'kind' | 'limit'> & { limit?: Limit }): Page => ({
  kind: 'page',
  limit: 'usual',
  ...declared,
});

const filledIn = <P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType, R extends z.ZodType>(
  declared: Declaration<P, Q, B, R>,
) => ({
  kind: 'route' as const,
  method: declared.method,
  path: declared.path,
  tag: declared.tag,
  summary: declared.summary,
  description: declared.description ?? '',
  params: declared.params ?? nothing,
  query: declared.query ?? nothing,
  body: declared.body ?? nothing,
  consumes: declared.consumes ?? ['json' as const],
  produces: declared.produces ?? ['application/json'],
  status: declared.status ?? (declared.reply ? 200 : 204),
  reply: declared.reply ?? null,
  problems: declared.problems ?? [],
  limit: declared.limit ?? ('usual' as const),
  explain: declared.explain ?? null,
});
