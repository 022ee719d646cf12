/** What the pipeline learns about one request on its way through; each step adds its part. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Context } from 'koa';
import type { AccessClaims, Caller } from '../../shared/services/tokens.ts';
import type { Reply } from './route.ts';

export interface Exchange {
  requestId: string;
  /** From a valid access token, before anyone asked what still holds of it; or why there are none. */
  claims: AccessClaims | 'none' | 'expired' | 'invalid';
  /** What the database says of the claims, once it has answered; rejects where they no longer hold. Null where nobody asked. */
  confirmed: Promise<Caller> | null;
  /** Set once the database confirmed the claims. */
  caller: Caller | null;
  rawBody: string;
  input: { params: unknown; query: unknown; body: unknown };
  /** Set when this request is the one that answers an Idempotency-Key: keeps the answer within the handler's transaction. */
  keepAnswer: ((answer: Answer, tx: EntityManager) => Promise<void>) | null;
  answer: Answer | null;
}

/** What goes back to the client. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  /** Undefined: no content. */
  body: unknown;
  /** What is sent in place of the body as JSON. */
  text?: Reply['text'];
  after?: Reply['after'];
}

/** The exchange of a request; begun by the log middleware. */
export const exchangeOf = (ctx: Context): Exchange => ctx.state.exchange as Exchange;

export const beginExchange = (ctx: Context, requestId: string): Exchange => {
  const exchange: Exchange = {
    requestId,
    claims: 'none',
    confirmed: null,
    caller: null,
    rawBody: '',
    input: { params: {}, query: {}, body: {} },
    keepAnswer: null,
    answer: null,
  };
  ctx.state.exchange = exchange;
  return exchange;
};
