/** Whatever goes wrong leaves as problem details; what is our fault is logged with the request's id. */
import type { Context, Middleware } from 'koa';
import type { ApiDeps } from '../deps.ts';
import { type Answer, exchangeOf } from '../http/exchange.ts';
import { toProblem } from '../http/problem.ts';
import type { Route } from '../http/route.ts';
import { present } from './present.ts';

export const errors =
  (deps: ApiDeps): Middleware =>
  async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      present(ctx, problemAnswer(deps, ctx, error));
    }
  };

/** The answer that an error on a route becomes: the route's own words for it, else problem details. */
export const errorAnswer = (deps: ApiDeps, ctx: Context, route: Route, error: unknown): Answer => {
  const own = route.explain?.(error);
  if (!own) return problemAnswer(deps, ctx, error);
  return { status: own.status ?? 400, headers: own.headers ?? {}, body: own.body };
};

/** Problem details of an error. */
const problemAnswer = ({ logger }: ApiDeps, ctx: Context, error: unknown): Answer => {
  const { requestId } = exchangeOf(ctx);
  const { body, headers } = toProblem(error, { id: requestId, path: ctx.path });
  if (body.status >= 500) logger.error({ requestId, err: error }, 'request failed');
  return { status: body.status, headers: { ...headers, 'Content-Type': 'application/problem+json' }, body };
};
