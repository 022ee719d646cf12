/** The token endpoint of OAuth2 (RFC 6749). Parameters it does not know are ignored, as section 3.2 demands. */
import { z } from 'zod';
import { creatorId } from './ids.ts';

const credentials = { client_id: z.string().max(100).optional(), client_secret: z.string().max(200).optional() };

export const tokenRequest = z
  .discriminatedUnion('grant_type', [
    z.object({
      grant_type: z.literal('password'),
      username: z.string().trim().toLowerCase().max(254).meta({ description: 'The e-mail address' }),
      password: z.string().max(200),
      creator_id: creatorId.optional().meta({ description: 'Which creator, for those who belong to several' }),
    }),
    z.object({ grant_type: z.literal('refresh_token'), refresh_token: z.string().max(200) }),
    z.object({ grant_type: z.literal('client_credentials'), ...credentials }),
  ])
  .meta({ id: 'TokenRequest' });
export type TokenRequest = z.output<typeof tokenRequest>;

export const tokenResponse = z
  .object({
    access_token: z.string(),
    token_type: z.literal('Bearer'),
    expires_in: z.int().meta({ description: 'Seconds' }),
    refresh_token: z.string().optional().meta({ description: 'Good once: each use gives the next one' }),
  })
  .meta({ id: 'TokenResponse' });
export type TokenResponse = z.output<typeof tokenResponse>;

/** RFC 7009. */
export const revokeRequest = z
  .object({
    token: z.string().max(200).meta({ description: 'A refresh token' }),
    token_type_hint: z.string().optional(),
  })
  .meta({ id: 'RevokeRequest' });

export type OAuthErrorCode = 'invalid_request' | 'invalid_client' | 'invalid_grant' | 'unsupported_grant_type';
