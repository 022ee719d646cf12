/**
 * How many requests a minute: counted in Redis by one atomic script per request (rate-limiter-flexible), so that every API process
 * counts together. When Redis is down requests pass and that is logged, but for what guesses passwords: that is counted per
 * process then.
 */
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { ApiDeps } from '../deps.ts';

export type LimitName = 'caller' | 'address' | 'sign-in';

export interface Verdict {
  name: LimitName;
  allowed: boolean;
  quota: number;
  windowSeconds: number;
  remaining: number;
  /** Seconds until the count begins anew. */
  resetSeconds: number;
}

export interface Limiters {
  /** Counts one request of `key`; null when it could not be counted and passes. */
  count(name: LimitName, key: string): Promise<Verdict | null>;
}

const WINDOW_SECONDS = 60;
/** An outage is worth a line every few seconds, not one per request. */
const LOG_EVERY_MS = 10_000;

export const createLimiters = ({ config, redis, logger }: ApiDeps): Limiters => {
  const inRedis = (name: LimitName, points: number, insured: boolean) =>
    new RateLimiterRedis({
      storeClient: redis,
      keyPrefix: `rate:${name}`,
      points,
      duration: WINDOW_SECONDS,
      rejectIfRedisNotReady: true,
      ...(insured && { insuranceLimiter: new RateLimiterMemory({ points, duration: WINDOW_SECONDS }) }),
    });
  const limiters: Record<LimitName, RateLimiterRedis> = {
    caller: inRedis('caller', config.RATE_LIMIT_PER_MINUTE, false),
    address: inRedis('address', config.RATE_LIMIT_ANONYMOUS_PER_MINUTE, false),
    'sign-in': inRedis('sign-in', config.RATE_LIMIT_SIGN_IN_PER_MINUTE, true),
  };
  let loggedAt = Number.NEGATIVE_INFINITY;
  const warn = (err: unknown) => {
    if (performance.now() - loggedAt < LOG_EVERY_MS) return;
    loggedAt = performance.now();
    logger.error({ err }, 'rate limits are not counted: Redis does not answer');
  };
  return {
    async count(name, key) {
      const limiter = limiters[name];
      try {
        return verdict(name, limiter.points, await limiter.consume(key), true);
      } catch (refusal) {
        if (refusal instanceof RateLimiterRes) return verdict(name, limiter.points, refusal, false);
        warn(refusal);
        return null;
      }
    },
  };
};

const verdict = (name: LimitName, quota: number, counted: RateLimiterRes, allowed: boolean): Verdict => ({
  name,
  allowed,
  quota,
  windowSeconds: WINDOW_SECONDS,
  remaining: Math.max(0, counted.remainingPoints),
  resetSeconds: Math.max(1, Math.ceil(counted.msBeforeNext / 1000)),
});
