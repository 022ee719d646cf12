/**
 * Idempotency-Key on every POST (draft-ietf-httpapi-idempotency-key-header): the same key with the same request gets the same answer
 * again, however often and however many at once. Refusals count as answers; failures of ours (5xx) do not.
 */
import { createHash } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Context, Middleware } from 'koa';
import { z } from 'zod';
import type { CreatorId } from '../../shared/contracts/ids.ts';
import { forCreator } from '../../shared/db/orm.ts';
import { conflict, invalid } from '../../shared/errors.ts';
import { type Claim, claimKey, keepAnswer, releaseClaim } from '../../shared/services/idempotency.ts';
import type { AppParts } from '../app-parts.ts';
import { type Answer, type Exchange, exchangeOf } from '../http/exchange.ts';
import { HttpProblem } from '../http/problem.ts';
import type { Route } from '../http/route.ts';
import { errorAnswer } from './errors.ts';

/** Where answers of requests without a creator are kept: no creator has this id. */
const NOBODY = '00000000-0000-0000-0000-000000000000' as CreatorId;
const KEY = /^[\x21-\x7e][\x20-\x7e]{0,254}$/;

/** The header's value, or null. @throws CairnError `invalid` when it is not 1 to 255 printable ASCII characters. */
export const idempotencyKeyOf = (ctx: Context): string | null => {
  const key = ctx.get('Idempotency-Key');
  if (key === '') return null;
  if (KEY.test(key)) return key;
  throw invalid('The Idempotency-Key is not usable.', [
    { path: 'header.Idempotency-Key', message: '1 to 255 printable ASCII characters' },
  ]);
};

/** Answers a repeat from memory; lets the first one through and keeps its answer. */
export const answerOnce =
  (parts: AppParts, route: Route): Middleware =>
  async (ctx, next) => {
    const key = idempotencyKeyOf(ctx);
    if (ctx.method !== 'POST' || key === null) return next();
    const exchange = exchangeOf(ctx);
    const creatorId = exchange.caller?.creatorId ?? NOBODY;
    const em = forCreator(parts.orm, creatorId);
    const outcome = await claimKey(em, creatorId, {
      key: hash(asker(ctx, exchange), key),
      fingerprint: hash(ctx.method, ctx.originalUrl, exchange.rawBody),
    });
    if (outcome.kind === 'otherRequest') {
      throw invalid('This Idempotency-Key came with another request before.', [
        { path: 'header.Idempotency-Key', message: 'Use a new key for a new request.' },
      ]);
    }
    if (outcome.kind === 'underWay') {
      throw new HttpProblem(409, 'conflict', 'A request with this Idempotency-Key is still being worked on.', {
        'Retry-After': '1',
      });
    }
    exchange.answer =
      outcome.kind === 'claimed'
        ? await firstAnswer({ parts, ctx, route, em, claim: outcome.claim }, next)
        : { ...readAnswer(parts, outcome.response), status: outcome.status };
  };

interface FirstRequest {
  parts: AppParts;
  ctx: Context;
  route: Route;
  em: EntityManager;
  claim: Claim;
}

/** Works on the request; whatever comes of it is kept, unless it is a failure of ours. */
const firstAnswer = async (
  { parts, ctx, route, em, claim }: FirstRequest,
  next: () => Promise<void>,
): Promise<Answer | null> => {
  const exchange = exchangeOf(ctx);
  let kept = false;
  exchange.keepAnswer = async (answer, tx) => {
    kept = await keepAnswer(tx, claim, sealed(parts, answer));
    if (!kept) throw conflict('Another request with this Idempotency-Key took over.');
  };
  try {
    await next();
    const { answer } = exchange;
    if (answer && !kept) await em.transactional((tx) => keepAnswer(tx, claim, sealed(parts, answer)));
    return exchange.answer;
  } catch (error) {
    const answer = errorAnswer(parts, ctx, route, error);
    if (answer.status >= 500) await em.transactional((tx) => releaseClaim(tx, claim));
    else await em.transactional((tx) => keepAnswer(tx, claim, sealed(parts, answer)));
    return answer;
  }
};

const sealed = ({ vault }: AppParts, { status, headers, body, text }: Answer) => ({
  status,
  response: vault.seal(JSON.stringify(text === undefined ? { headers, body } : { headers, text })),
});

const keptAnswer = z.object({
  headers: z.record(z.string(), z.string()),
  body: z.unknown(),
  text: z.string().optional(),
});

const readAnswer = ({ vault }: AppParts, response: string): Omit<Answer, 'status'> => {
  const { headers, body, text } = keptAnswer.parse(JSON.parse(vault.open(response)));
  return { headers: { ...headers, 'Idempotent-Replayed': 'true' }, body, ...(text !== undefined && { text }) };
};

/** Who asks: keys of two callers never meet. */
const asker = (ctx: Context, { caller }: Exchange): string =>
  caller ? `${caller.kind}/${caller.id}` : `address/${ctx.ip}`;

const hash = (...pieces: string[]): string => {
  const digest = createHash('sha256');
  for (const piece of pieces)
    digest
      .update(String(Buffer.byteLength(piece)))
      .update(':')
      .update(piece);
  return digest.digest('hex');
};
