/** How many requests, of which route, how they ended and how long they took. */
import type { Middleware } from 'koa';
import { Histogram } from 'prom-client';
import type { ApiDeps } from '../deps.ts';
import { routeOf } from './log.ts';

export const metrics = ({ metrics: registry }: ApiDeps): Middleware => {
  const seconds = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the first byte of a request to its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  return async (ctx, next) => {
    const stop = seconds.startTimer();
    await next();
    stop({ method: ctx.method, route: routeOf(ctx), status: ctx.status });
  };
};
