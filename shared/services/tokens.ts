/** Access tokens and browser sessions: JWTs (RFC 7519, HS256), each with a secret and an audience of its own. */
import { createSecretKey, type KeyObject } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { type ApiKeyId, type CreatorId, creatorId, type UserId, userId } from '../contracts/ids.ts';
import { ROLES, type Role } from '../domain/accounts/roles.ts';

/** How long an access token lasts. */
export const ACCESS_TOKEN_SECONDS = 15 * 60;
/** How long a browser stays signed in to pages such as the codec server's. */
export const SESSION_SECONDS = 8 * 60 * 60;

/** Who makes a request, as the database knows them at that moment. */
export type Caller = { creatorId: CreatorId; role: Role; platformRole: 'ops' | null } & (
  | { kind: 'user'; id: UserId }
  | { kind: 'apiKey'; id: ApiKeyId }
);

const accessClaims = z.object({
  sub: z.uuid(),
  creatorId,
  role: z.enum(ROLES),
  platformRole: z.enum(['ops']).optional(),
  kind: z.enum(['user', 'apiKey']),
  /** Unix seconds. */
  exp: z.int(),
});
export type AccessClaims = z.output<typeof accessClaims>;

const sessionClaims = z.object({ sub: userId });
export type SessionClaims = z.output<typeof sessionClaims>;

export interface TokenMint {
  issueAccess(caller: Caller): Promise<string>;
  /** The claims of a valid token; `expired` or `invalid` otherwise. They are as of its issue: ask `standingOf` what holds now. */
  readAccess(token: string): Promise<AccessClaims | 'expired' | 'invalid'>;
  issueSession(user: UserId): Promise<string>;
  /** Null when it is not a valid session. */
  readSession(token: string): Promise<SessionClaims | null>;
}

const ISSUER = 'cairn';

/** Makes the mint of this installation's secrets (each at least 32 characters). */
export const createMint = (secrets: { jwt: string; cookie: string }): TokenMint => {
  const accessKey = createSecretKey(secrets.jwt, 'utf8');
  const sessionKey = createSecretKey(secrets.cookie, 'utf8');
  const known = new Map<string, AccessClaims>();
  return {
    issueAccess: ({ id, kind, creatorId: creator, role, platformRole }) =>
      sign(accessKey, 'api', id, ACCESS_TOKEN_SECONDS, {
        creatorId: creator,
        role,
        kind,
        ...(platformRole && { platformRole }),
      }),
    readAccess: async (token) => {
      const seen = known.get(token);
      if (seen) return seen.exp * 1000 > Date.now() ? seen : 'expired';
      const claims = await verify(accessKey, 'api', token);
      if (typeof claims === 'string') return claims;
      const parsed = accessClaims.safeParse(claims);
      if (!parsed.success) return 'invalid';
      remember(known, token, parsed.data);
      return parsed.data;
    },
    issueSession: (user) => sign(sessionKey, 'session', user, SESSION_SECONDS, {}),
    readSession: async (token) => {
      const parsed = sessionClaims.safeParse(await verify(sessionKey, 'session', token));
      return parsed.success ? parsed.data : null;
    },
  };
};

/**
 * A signature that was right stays right, so it is checked once per token: the check waits in the same few threads as the hashing of
 * passwords. What the token's owner may still do is asked of the database each time.
 */
const KNOWN_MOST = 5_000;

const remember = (known: Map<string, AccessClaims>, token: string, claims: AccessClaims): void => {
  const [oldest] = known.keys();
  if (oldest !== undefined && known.size >= KNOWN_MOST) known.delete(oldest);
  known.set(token, claims);
};

const sign = (key: KeyObject, audience: string, subject: string, seconds: number, claims: Record<string, unknown>) =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(ISSUER)
    .setAudience(audience)
    .setSubject(subject)
    .setIssuedAt()
    .setExpirationTime(`${seconds} seconds`)
    .sign(key);

const verify = async (key: KeyObject, audience: string, token: string) => {
  try {
    const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'], issuer: ISSUER, audience });
    return payload;
  } catch (error) {
    return error instanceof errors.JWTExpired ? 'expired' : 'invalid';
  }
};
