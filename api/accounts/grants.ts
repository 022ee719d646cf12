/** The three ways to an access token. */
import type { TokenRequest, TokenResponse } from '../../shared/contracts/oauth.ts';
import { membershipsOf, standingOf } from '../../shared/db/directory.ts';
import { signIn } from '../../shared/services/accounts.ts';
import { apiKeyBySecret } from '../../shared/services/api-keys.ts';
import { issueRefreshToken, rotateRefreshToken } from '../../shared/services/refresh-tokens.ts';
import { ACCESS_TOKEN_SECONDS, type Caller } from '../../shared/services/tokens.ts';
import type { AppParts } from '../app-parts.ts';
import { OAuthError } from './oauth-error.ts';

type Grant<Type extends TokenRequest['grant_type']> = Extract<TokenRequest, { grant_type: Type }>;

/** Gives tokens for a request; `authorization` is the header of that name. Throws OAuthError. */
export const grant = (parts: AppParts, request: TokenRequest, authorization: string): Promise<TokenResponse> => {
  switch (request.grant_type) {
    case 'password':
      return byPassword(parts, request);
    case 'refresh_token':
      return byRefreshToken(parts, request);
    case 'client_credentials':
      return byClientCredentials(parts, request, authorization);
  }
};

const byPassword = async (parts: AppParts, request: Grant<'password'>): Promise<TokenResponse> => {
  const outcome = await signIn(parts.orm, request.username, request.password);
  if (outcome.kind === 'refused') throw new OAuthError('invalid_grant', 'The e-mail address and password do not fit.');
  if (outcome.kind === 'oneTimePassword') {
    throw new OAuthError('invalid_grant', 'Choose a password of your own first: POST /v1/auth/password.');
  }
  const { user_id: id, platform_role: platformRole } = outcome.user;
  const memberships = await membershipsOf(parts.orm, id);
  const wanted = request.creator_id;
  const membership = wanted ? memberships.find((one) => one.creator_id === wanted) : memberships[0];
  if (!membership) throw new OAuthError('invalid_grant', 'This account does not belong to such a creator.');
  const { creator_id: creatorId, role } = membership;
  const refreshToken = await issueRefreshToken(parts.orm, { creatorId, userId: id });
  return tokens(parts, { kind: 'user', id, creatorId, role, platformRole }, refreshToken);
};

const REFUSED_TOKEN = {
  unknown: 'This refresh token is not known.',
  expired: 'This refresh token has expired: sign in again.',
  revoked: 'This refresh token has been revoked: sign in again.',
  reused: 'This refresh token was used before, so all that came of its sign-in are revoked: sign in again.',
};

const byRefreshToken = async (parts: AppParts, request: Grant<'refresh_token'>): Promise<TokenResponse> => {
  const rotation = await rotateRefreshToken(parts.orm, request.refresh_token);
  if (rotation.kind !== 'rotated') throw new OAuthError('invalid_grant', REFUSED_TOKEN[rotation.kind]);
  const { userId: id, creatorId } = rotation;
  const standing = await standingOf(parts.orm, 'user', id, creatorId);
  if (!standing?.role) throw new OAuthError('invalid_grant', 'This access has been taken back.');
  const { role, platform_role: platformRole } = standing;
  return tokens(parts, { kind: 'user', id, creatorId, role, platformRole }, rotation.token);
};

const byClientCredentials = async (
  parts: AppParts,
  request: Grant<'client_credentials'>,
  authorization: string,
): Promise<TokenResponse> => {
  const { clientId, secret } = basicCredentials(authorization) ?? {
    clientId: request.client_id ?? '',
    secret: request.client_secret ?? '',
  };
  const key = await apiKeyBySecret(parts.orm, clientId, secret);
  if (!key) throw new OAuthError('invalid_client', 'The API key and secret do not fit.');
  return tokens(parts, { kind: 'apiKey', ...key, platformRole: null });
};

/** HTTP Basic as RFC 6749 section 2.3.1 has it: both halves are form-encoded. */
const basicCredentials = (header: string): { clientId: string; secret: string } | null => {
  const [, encoded] = /^Basic +([\w+/]+=*)$/i.exec(header) ?? [];
  if (encoded === undefined) return null;
  const [clientId = '', ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  try {
    return { clientId: formDecode(clientId), secret: formDecode(rest.join(':')) };
  } catch {
    throw new OAuthError('invalid_client', 'The Authorization header cannot be read.');
  }
};

const formDecode = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '));

const tokens = async ({ mint }: AppParts, caller: Caller, refreshToken?: string): Promise<TokenResponse> => ({
  access_token: await mint.issueAccess(caller),
  token_type: 'Bearer',
  expires_in: ACCESS_TOKEN_SECONDS,
  ...(refreshToken !== undefined && { refresh_token: refreshToken }),
});
