/**
 * Who is asking? First the access token is read (no I/O), so that the rate limit knows whom it counts; on routes for signed-in callers
 * Postgres is asked meanwhile what still holds: a removed member, a revoked key or a changed role counts from that moment on.
 */
import type { Middleware } from 'koa';
import { standingOf } from '../../shared/db/directory.ts';
import type { Orm } from '../../shared/db/orm.ts';
import { CairnError } from '../../shared/errors.ts';
import type { AccessClaims, Caller } from '../../shared/services/tokens.ts';
import type { AppParts } from '../app-parts.ts';
import { exchangeOf } from '../http/exchange.ts';
import type { Route } from '../http/route.ts';

const BEARER = /^Bearer +([\w.~+/-]+=*)$/i;

/** Reads the access token, if there is one, and on a route that needs a caller starts to ask what still holds; refuses nobody. */
export const identify =
  ({ mint, orm }: AppParts, role: Route['role']): Middleware =>
  async (ctx, next) => {
    const exchange = exchangeOf(ctx);
    const header = ctx.get('Authorization');
    if (header !== '') {
      const [, token] = BEARER.exec(header) ?? [];
      exchange.claims = token === undefined ? 'invalid' : await mint.readAccess(token);
    }
    if (role !== null && typeof exchange.claims !== 'string') {
      // Postgres answers while Redis counts; a refusal waits for `authenticate`, since the limit comes first.
      exchange.confirmed = confirm(orm, exchange.claims);
      exchange.confirmed.catch(() => {});
    }
    await next();
  };

/** Refuses everyone whose token does not hold at this moment. Throws CairnError `unauthenticated`. */
export const authenticate =
  (role: Route['role']): Middleware =>
  async (ctx, next) => {
    if (role !== null) {
      const exchange = exchangeOf(ctx);
      if (typeof exchange.claims === 'string') throw new CairnError('unauthenticated', REFUSALS[exchange.claims]);
      exchange.caller = await exchange.confirmed;
    }
    await next();
  };

const REFUSALS = {
  none: 'Send an access token: `Authorization: Bearer ...`; POST /oauth/token gives one.',
  expired: 'The access token has expired: get a fresh one at POST /oauth/token.',
  invalid: 'The access token is not valid.',
};

/** What the database says of these claims now. */
const confirm = async (orm: Orm, { sub, kind, creatorId }: AccessClaims): Promise<Caller> => {
  const standing = await standingOf(orm, kind, sub, creatorId);
  if (!standing?.role) throw new CairnError('unauthenticated', 'This access has been taken back.');
  return { kind, id: sub, creatorId, role: standing.role, platformRole: standing.platform_role } as Caller;
};
