/** Puts declared routes before Koa: the chain below is what every request of theirs goes through, in this order. */
import type { Router } from '@koa/router';
import type { Middleware } from 'koa';
import { fieldErrors } from '../../shared/contracts/field-errors.ts';
import { contentProblem } from '../../shared/contracts/json-bounds.ts';
import { forCreator, reading } from '../../shared/db/orm.ts';
import { atLeast } from '../../shared/domain/accounts/roles.ts';
import { CairnError, invalid, notFound } from '../../shared/errors.ts';
import type { AppParts } from '../app-parts.ts';
import { authenticate, identify } from '../middleware/authenticate.ts';
import { errorAnswer } from '../middleware/errors.ts';
import { answerOnce, idempotencyKeyOf } from '../middleware/idempotency.ts';
import { present } from '../middleware/present.ts';
import { limitRate } from '../middleware/rate-limit.ts';
import { readBody } from './body.ts';
import { type Answer, exchangeOf } from './exchange.ts';
import type { Page, Reply, Route } from './route.ts';

/** Registers routes and pages on Koa's router. */
export const mount = (router: Router, parts: AppParts, declared: (Route | Page)[]): void => {
  for (const one of declared) {
    router.register(one.path, [one.method], one.kind === 'route' ? chain(parts, one) : pageChain(parts, one));
  }
};

const chain = (parts: AppParts, route: Route): Middleware[] => [
  identify(parts, route.role),
  limitRate(parts, route.limit),
  authenticate(route.role),
  answer(parts, route),
  body(route),
  answerOnce(parts, route),
  validate(route),
  authorize(route),
  handle(parts, route),
];

const pageChain = (parts: AppParts, page: Page): Middleware[] => [
  identify(parts, null),
  limitRate(parts, page.limit),
  (ctx) => page.handle(ctx),
];

const WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);

/** Reads the body, where the method has one. */
const body =
  (route: Route): Middleware =>
  async (ctx, next) => {
    if (WITH_BODY.has(ctx.method)) {
      const exchange = exchangeOf(ctx);
      const { raw, value } = await readBody(ctx, route.consumes);
      exchange.rawBody = raw;
      exchange.input.body = value;
    }
    await next();
  };

/** Sends what comes of the steps within; what is to follow the commit is done before that, and its failure is logged. */
const answer =
  (parts: AppParts, route: Route): Middleware =>
  async (ctx, next) => {
    const exchange = exchangeOf(ctx);
    try {
      await next();
      if (!exchange.answer) throw new Error('The route gave no answer');
    } catch (error) {
      exchange.answer = errorAnswer(parts, ctx, route, error);
    }
    try {
      await exchange.answer.after?.();
    } catch (err) {
      parts.logger.error({ requestId: exchange.requestId, err }, 'what was to follow the answer failed');
    }
    present(ctx, exchange.answer);
  };

/** Parses parameters, query and body. An id that cannot be one is a resource that is not there. */
const validate =
  (route: Route): Middleware =>
  async (ctx, next) => {
    const exchange = exchangeOf(ctx);
    const params = route.params.safeParse(ctx.params ?? {});
    if (!params.success) throw notFound('thing');
    const given = { query: { ...ctx.query }, body: exchange.input.body };
    refuseUnstorable(given);
    const query = route.query.safeParse(given.query);
    const parsedBody = route.body.safeParse(given.body);
    const faults = [
      ...(query.success ? [] : fieldErrors(query.error, 'query')),
      ...(parsedBody.success ? [] : fieldErrors(parsedBody.error)),
    ];
    if (faults.length > 0) throw invalid('Some fields do not fit.', faults);
    exchange.input = { params: params.data, query: query.data, body: parsedBody.data };
    await next();
  };

/** Deeper than any schema of ours: walking a deeper body could exhaust the stack. */
const DEEPEST = 64;

/** Refuses what is nested too deep, and text that Postgres cannot keep. */
const refuseUnstorable = ({ query, body: given }: { query: unknown; body: unknown }): void => {
  const problem = contentProblem(query, DEEPEST) ?? contentProblem(given, DEEPEST);
  if (problem) throw invalid('Some fields do not fit.', [{ path: problem.path.join('.'), message: problem.message }]);
};

/** Refuses callers whose role is too small. Throws CairnError `forbidden`. */
const authorize =
  (route: Route): Middleware =>
  async (ctx, next) => {
    const { caller } = exchangeOf(ctx);
    if (route.role !== null && !(caller && atLeast(caller.role, route.role))) {
      throw new CairnError('forbidden', `This needs the role ${route.role} or more.`);
    }
    await next();
  };

const READS = new Set(['GET', 'HEAD']);

/** Runs the handler: to read in a transaction that cannot write, to change in one together with the answer that its Idempotency-Key keeps. */
const handle =
  ({ orm, config }: AppParts, route: Route): Middleware =>
  async (ctx) => {
    const exchange = exchangeOf(ctx);
    const { caller, requestId, input } = exchange;
    const request = { id: requestId, address: ctx.ip, idempotencyKey: idempotencyKeyOf(ctx), ctx };
    const toAnswer = (given: Reply): Answer => ({
      status: given.status ?? route.status,
      headers: given.headers ?? {},
      body: config.NODE_ENV === 'test' ? checked(route, given) : given.body,
      ...(given.text !== undefined && { text: given.text }),
      after: given.after,
    });
    if (!caller) {
      exchange.answer = toAnswer(await route.handle({ ...input, request }));
      return;
    }
    const em = forCreator(orm, caller.creatorId);
    if (!route.transaction) {
      exchange.answer = toAnswer(await route.handle({ ...input, request, caller, em }));
      return;
    }
    if (READS.has(ctx.method)) {
      const read = () => route.handle({ ...input, request, caller, em });
      exchange.answer = toAnswer(await reading(em, read));
      return;
    }
    exchange.answer = await em.transactional(async (tx) => {
      const given = toAnswer(await route.handle({ ...input, request, caller, em: tx }));
      await exchange.keepAnswer?.(given, tx);
      return given;
    });
  };

/** In tests an answer that breaks its own schema is a failure. */
const checked = (route: Route, { status, body: given }: Reply): unknown => {
  if (!route.reply || (status !== undefined && status !== route.status)) return given;
  const parsed = route.reply.safeParse(given);
  if (!parsed.success) {
    throw new Error(`${route.method} ${route.path} breaks its schema: ${JSON.stringify(fieldErrors(parsed.error))}`);
  }
  return given;
};
