/** Accounts over HTTP: registration, members, API keys. */
import { z } from 'zod';
import { ROLES } from '../domain/accounts/roles.ts';
import { instant, pageOf } from './http.ts';
import { apiKeyId, creatorId, userId } from './ids.ts';

/** RFC 5321 allows no longer address. */
const EMAIL_MAX = 254;
export const PASSWORD_MIN = 10;
const PASSWORD_MAX = 200;

export const role = z
  .enum(ROLES)
  .meta({ id: 'Role', description: 'From most to least able: owner, editor, coach, viewer' });
export const personName = z.string().trim().min(1).max(100);
export const email = z
  .string()
  .trim()
  .toLowerCase()
  .max(EMAIL_MAX)
  .pipe(z.email())
  .meta({ format: 'email', example: 'ada@example.org' });
export const newPassword = z
  .string()
  .min(PASSWORD_MIN)
  .max(PASSWORD_MAX)
  .meta({ description: `At least ${PASSWORD_MIN} characters`, example: 'a long sentence of yours' });
/** What somebody typed where a password is asked for; whether it is one is not told by its shape. */
const typedPassword = z.string().min(1).max(PASSWORD_MAX);

export const registerRequest = z
  .strictObject({ creatorName: personName, userName: personName, email, password: newPassword })
  .meta({ id: 'RegisterRequest' });

export const creator = z.object({ id: creatorId, name: z.string() }).meta({ id: 'Creator' });
export const user = z.object({ id: userId, name: z.string(), email: z.string() }).meta({ id: 'User' });
export const registration = z.object({ creator, user }).meta({ id: 'Registration' });

export const me = z
  .object({
    kind: z.enum(['user', 'apiKey']),
    // Not nullable(): OpenAPI would say of a named schema that it is an object and null at once.
    user: z.union([user, z.null()]),
    apiKey: z.object({ id: apiKeyId, name: z.string() }).nullable(),
    creator,
    role,
    platformRole: z.enum(['ops']).nullable(),
    /** All creators that the user belongs to; empty for an API key. */
    memberships: z.array(z.object({ creatorId, role })),
  })
  .meta({ id: 'Me' });

export const member = z
  .object({
    userId,
    name: z.string(),
    email: z.string(),
    role,
    /** Invited, and has not chosen a password yet. */
    invited: z.boolean(),
    since: instant,
  })
  .meta({ id: 'Member' });
export const memberPage = pageOf('Member', member);
export const inviteRequest = z.strictObject({ email, name: personName, role }).meta({ id: 'InviteRequest' });
export const invitation = z
  .object({
    member,
    oneTimePassword: z.string().nullable().meta({
      description:
        'Shown only here. Opens nothing but POST /v1/auth/password, for 7 days. Null when the person has an account already.',
    }),
  })
  .meta({ id: 'Invitation' });
export const changeRoleRequest = z.strictObject({ role }).meta({ id: 'ChangeRoleRequest' });

export const apiKey = z
  .object({
    id: apiKeyId.meta({ description: 'The OAuth2 client id' }),
    name: z.string(),
    role,
    hint: z.string().meta({ description: "The secret's last four characters" }),
    createdAt: instant,
    lastUsedAt: instant.nullable(),
    revokedAt: instant.nullable(),
  })
  .meta({ id: 'ApiKey' });
export const apiKeyPage = pageOf('ApiKey', apiKey);
export const createApiKeyRequest = z.strictObject({ name: personName, role }).meta({ id: 'CreateApiKeyRequest' });
export const newApiKey = z
  .object({ apiKey, clientId: apiKeyId, clientSecret: z.string().meta({ description: 'Shown only here' }) })
  .meta({ id: 'NewApiKey' });

export const changePasswordRequest = z
  .strictObject({ email, currentPassword: typedPassword, newPassword })
  .meta({ id: 'ChangePasswordRequest' });

/** Only a path of our own: another host's page must never be where a sign-in ends (open redirect). */
export const localPath = z
  .string()
  .max(500)
  .regex(/^\/(?![/\\])[\w\-./~%?=&:]*$/, 'a path on this host');

export const sessionRequest = z
  .strictObject({ email, password: typedPassword, return: localPath.optional() })
  .meta({ id: 'SessionRequest' });
export const session = z
  .object({ user: user.pick({ id: true }), platformRole: z.enum(['ops']).nullable() })
  .meta({ id: 'Session' });

export type RegisterRequest = z.output<typeof registerRequest>;
export type InviteRequest = z.output<typeof inviteRequest>;
export type CreateApiKeyRequest = z.output<typeof createApiKeyRequest>;
