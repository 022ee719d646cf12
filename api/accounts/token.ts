/** The OAuth2 token endpoint (RFC 6749) and sign-out (RFC 7009). Errors have that RFC's shape, not problem details. */
import { revokeRequest, tokenRequest, tokenResponse } from '../../shared/contracts/oauth.ts';
import { revokeRefreshToken } from '../../shared/services/refresh-tokens.ts';
import type { AppParts } from '../app-parts.ts';
import { publicRoute, type Route, reply } from '../http/route.ts';
import { grant } from './grants.ts';
import { explainOAuth } from './oauth-error.ts';

/** RFC 6749, section 5.1. */
const UNCACHED = { Pragma: 'no-cache' };

export const tokenRoutes = (parts: AppParts): Route[] => [
  publicRoute({
    method: 'post',
    path: '/oauth/token',
    tag: 'accounts',
    summary: 'Get an access token',
    description:
      'Grants: `password`, `refresh_token` (good once; used twice it ends its whole family), `client_credentials` with an API key, in the ' +
      'body or by HTTP Basic. Errors are `{error, error_description}` (RFC 6749, section 5.2).',
    body: tokenRequest,
    consumes: ['form', 'json'],
    reply: tokenResponse,
    limit: 'signIn',
    explain: explainOAuth,
    handle: async ({ body, request }) =>
      reply(await grant(parts, body, request.ctx.get('Authorization')), { headers: UNCACHED }),
  }),
  publicRoute({
    method: 'post',
    path: '/oauth/revoke',
    tag: 'accounts',
    summary: 'Sign out: end a refresh token and its family',
    body: revokeRequest,
    consumes: ['form', 'json'],
    status: 200,
    limit: 'signIn',
    explain: explainOAuth,
    handle: async ({ body }) => {
      await revokeRefreshToken(parts.orm, body.token);
      return reply(undefined);
    },
  }),
];
