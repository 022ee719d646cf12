/** The HTTP application: what surrounds every request, then the routes. */
import { Router } from '@koa/router';
import Koa, { type Middleware } from 'koa';
import { createParts } from './app-parts.ts';
import type { ApiDeps } from './deps.ts';
import { mount } from './http/mount.ts';
import { HttpProblem } from './http/problem.ts';
import { errors } from './middleware/errors.ts';
import { log } from './middleware/log.ts';
import { metrics } from './middleware/metrics.ts';
import { secureHeaders } from './middleware/secure-headers.ts';
import { declareAll } from './routes.ts';

/** Makes the application of its dependencies; it listens nowhere yet. */
export const createApp = (deps: ApiDeps): Koa => {
  const parts = createParts(deps);
  const router = new Router();
  mount(router, parts, declareAll(parts));

  const hops = deps.config.TRUSTED_PROXY_HOPS;
  const app = new Koa({ proxy: hops > 0, maxIpsCount: hops });
  app.use(log(deps));
  app.use(metrics(deps));
  app.use(secureHeaders(deps));
  app.use(closeWhenDraining(deps));
  app.use(errors(deps));
  app.use(router.routes());
  app.use(noRoute(router));
  app.on('error', (err) => deps.logger.warn({ err }, 'an answer could not be sent'));
  return app;
};

/** On the way out connections are not kept open, so that the server can close; also that of a request which came before. */
const closeWhenDraining =
  ({ lifecycle }: ApiDeps): Middleware =>
  async (ctx, next) => {
    await next();
    if (lifecycle.draining) ctx.set('Connection', 'close');
  };

/** 404 for an unknown path; 405 with what is possible for a known one. */
const noRoute =
  (router: Router): Middleware =>
  async (ctx) => {
    const methods = new Set(router.match(ctx.path, ctx.method).path.flatMap((layer) => layer.methods));
    if (methods.size === 0) throw new HttpProblem(404, 'notFound', 'There is nothing at this address.');
    const Allow = [...methods, 'OPTIONS'].sort().join(', ');
    if (ctx.method !== 'OPTIONS') {
      throw new HttpProblem(405, 'methodNotAllowed', `${ctx.method} is not possible here.`, { Allow });
    }
    ctx.set({ Allow });
    ctx.status = 204;
  };
