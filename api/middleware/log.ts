/** Names every request and writes one line about it: no bodies, no query strings, no secrets. */
import type { Context, Middleware } from 'koa';
import { v7 } from 'uuid';
import type { ApiDeps } from '../deps.ts';
import { beginExchange } from '../http/exchange.ts';

const GIVEN_ID = /^[\w-]{8,64}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Asked every few seconds by machines. */
const QUIET = new Set(['/healthz', '/readyz', '/metrics']);

/** Takes the client's X-Request-Id where it has a usable one, else makes one, and gives it back in the answer. */
export const log =
  ({ logger }: ApiDeps): Middleware =>
  async (ctx, next) => {
    const given = ctx.get('X-Request-Id');
    const exchange = beginExchange(ctx, GIVEN_ID.test(given) ? given : v7());
    ctx.set('X-Request-Id', exchange.requestId);
    const began = performance.now();
    await next();
    const { caller } = exchange;
    const level = QUIET.has(ctx.path) ? 'debug' : 'info';
    logger[level](
      {
        requestId: exchange.requestId,
        method: ctx.method,
        route: routeOf(ctx),
        ids: idsOf(ctx),
        status: ctx.status,
        ms: Math.round((performance.now() - began) * 10) / 10,
        ...(caller && { creatorId: caller.creatorId, caller: `${caller.kind}/${caller.id}` }),
      },
      'request',
    );
  };

/** The route's pattern, never the path itself: a path may hold a join code. */
export const routeOf = (ctx: Context): string =>
  typeof ctx._matchedRoute === 'string' ? ctx._matchedRoute : 'unmatched';

const idsOf = (ctx: Context): Record<string, string> | undefined => {
  const ids = Object.entries((ctx.params ?? {}) as Record<string, string>).filter(([, value]) => UUID.test(value));
  return ids.length > 0 ? Object.fromEntries(ids) : undefined;
};
