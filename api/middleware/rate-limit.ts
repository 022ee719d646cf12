/** Counts the request and says so: RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers-10), Retry-After on a 429. */
import ipaddr from 'ipaddr.js';
import type { Context, Middleware } from 'koa';
import type { AppParts } from '../app-parts.ts';
import { exchangeOf } from '../http/exchange.ts';
import { HttpProblem } from '../http/problem.ts';
import type { Limit } from '../http/route.ts';
import type { Verdict } from './limiters.ts';

/** Throws HttpProblem 429 when the caller, or the address of one who is not signed in, asked too often. */
export const limitRate =
  ({ limiters }: AppParts, limit: Limit): Middleware =>
  async (ctx, next) => {
    if (limit !== 'none') {
      const verdict = await count(ctx, limiters.count, limit);
      if (verdict) tell(ctx, verdict);
    }
    await next();
  };

const count = (ctx: Context, consume: AppParts['limiters']['count'], limit: Limit): Promise<Verdict | null> => {
  if (limit === 'signIn') return consume('sign-in', network(ctx.ip));
  const { claims } = exchangeOf(ctx);
  return typeof claims === 'string'
    ? consume('address', network(ctx.ip))
    : consume('caller', `${claims.kind}/${claims.sub}`);
};

const tell = (ctx: Context, { name, allowed, quota, windowSeconds, remaining, resetSeconds }: Verdict): void => {
  ctx.set('RateLimit-Policy', `"${name}";q=${quota};w=${windowSeconds}`);
  ctx.set('RateLimit', `"${name}";r=${remaining};t=${resetSeconds}`);
  if (allowed) return;
  throw new HttpProblem(429, 'tooManyRequests', `Too many requests: try again in ${resetSeconds} seconds.`, {
    'Retry-After': String(resetSeconds),
  });
};

const IPV6_HOME_BITS = 64;

/** The address as the limit counts it: an IPv6 household has a whole /64, so that is one. */
const network = (address: string): string => {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  return ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/${IPV6_HOME_BITS}`).toString();
};
