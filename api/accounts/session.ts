/**
 * Signing in with a browser, for pages such as the codec server's. The cookie counts only where a route asks for it by
 * `requireSession`; the API's routes take access tokens, so that no foreign page can act with a cookie (CSRF).
 */
import type { Context } from 'koa';
import { session, sessionRequest } from '../../shared/contracts/accounts.ts';
import type { UserId } from '../../shared/contracts/ids.ts';
import { standingOf } from '../../shared/db/directory.ts';
import { CairnError } from '../../shared/errors.ts';
import { signIn } from '../../shared/services/accounts.ts';
import { SESSION_SECONDS } from '../../shared/services/tokens.ts';
import type { AppParts } from '../app-parts.ts';
import { publicRoute, type Reply, type Route, reply } from '../http/route.ts';
import { refuseForeignPages } from './same-origin.ts';

const SEE_OTHER = 303;

/** `__Host-` keeps a neighbouring subdomain from setting it (RFC 6265bis, section 4.1.3.2); it needs https. */
const cookieName = ({ config }: AppParts) => (isHttps({ config }) ? '__Host-cairn-session' : 'cairn-session');
const isHttps = ({ config }: Pick<AppParts, 'config'>) => config.publicUrl.startsWith('https:');

export const sessionRoutes = (parts: AppParts): Route[] => [
  publicRoute({
    method: 'post',
    path: '/v1/auth/session',
    tag: 'accounts',
    summary: 'Sign a browser in',
    description: 'Sets a cookie for pages such as the codec server’s. A form gets a redirect to `return`.',
    body: sessionRequest,
    consumes: ['json', 'form'],
    reply: session,
    problems: [401, 403],
    limit: 'signIn',
    handle: async ({ body, request: { ctx } }) => {
      refuseForeignPages(ctx);
      const outcome = await signIn(parts.orm, body.email, body.password);
      if (outcome.kind !== 'signedIn') return refused(ctx, body.return);
      const { user_id: id, platform_role: platformRole } = outcome.user;
      const headers = { 'Set-Cookie': cookie(parts, await parts.mint.issueSession(id), SESSION_SECONDS) };
      const answer = { user: { id }, platformRole };
      return isForm(ctx) ? seeOther(answer, body.return ?? '/', headers) : reply(answer, { headers });
    },
  }),
  publicRoute({
    method: 'delete',
    path: '/v1/auth/session',
    tag: 'accounts',
    summary: 'Sign a browser out',
    handle: async ({ request: { ctx } }) => {
      refuseForeignPages(ctx);
      return reply(undefined, { headers: { 'Set-Cookie': cookie(parts, '', 0) } });
    },
  }),
];

type SessionReply = Reply<{ user: { id: UserId }; platformRole: 'ops' | null }>;

const refused = (ctx: Context, to = '/'): SessionReply => {
  if (!isForm(ctx)) throw new CairnError('unauthenticated', 'The e-mail address and password do not fit.');
  return seeOther(
    { user: { id: '' as UserId }, platformRole: null },
    `/sign-in?failed=1&return=${encodeURIComponent(to)}`,
  );
};

const isForm = (ctx: Context): boolean => Boolean(ctx.is('application/x-www-form-urlencoded'));

const seeOther = (body: SessionReply['body'], location: string, headers: Record<string, string> = {}): SessionReply =>
  reply(body, { status: SEE_OTHER, headers: { ...headers, Location: location } });

const cookie = (parts: AppParts, value: string, seconds: number): string =>
  [
    `${cookieName(parts)}=${value}`,
    'Path=/',
    'HttpOnly',
    'SameSite=Lax',
    `Max-Age=${seconds}`,
    ...(isHttps(parts) ? ['Secure'] : []),
  ].join('; ');

export interface Session {
  userId: UserId;
  platformRole: 'ops' | null;
}

/**
 * The browser's session, as the database knows its user now; `platformRole` is what the page needs.
 * @throws CairnError `unauthenticated` (send the browser to /sign-in), `forbidden`.
 */
export const requireSession = async (parts: AppParts, ctx: Context, platformRole?: 'ops'): Promise<Session> => {
  const claims = await parts.mint.readSession(ctx.cookies.get(cookieName(parts)) ?? '');
  const standing = claims && (await standingOf(parts.orm, 'user', claims.sub, null));
  if (!claims || !standing) throw new CairnError('unauthenticated', 'Sign in at /sign-in first.');
  if (platformRole && standing.platform_role !== platformRole) {
    throw new CairnError('forbidden', `This needs the platform role ${platformRole}.`);
  }
  return { userId: claims.sub, platformRole: standing.platform_role };
};
