/** API keys of a creator. */
import { z } from 'zod';
import { apiKeyPage, createApiKeyRequest, newApiKey } from '../../shared/contracts/accounts.ts';
import { pageQuery } from '../../shared/contracts/http.ts';
import { apiKeyId } from '../../shared/contracts/ids.ts';
import { createApiKey, listApiKeys, revokeApiKey } from '../../shared/services/api-keys.ts';
import { audit } from '../../shared/services/audit.ts';
import { type Route, reply, route } from '../http/route.ts';
import { by } from './actor.ts';
import { policy } from './policy.ts';
import { presentApiKey } from './presenter.ts';

const tag = 'accounts';

export const apiKeyRoutes = (): Route[] => [
  route({
    method: 'get',
    path: '/v1/api-keys',
    tag,
    summary: 'List API keys',
    role: policy.manageApiKeys,
    query: pageQuery,
    reply: apiKeyPage,
    handle: async ({ em, query }) => {
      const { items, nextCursor } = await listApiKeys(em, query);
      return reply({ items: items.map(presentApiKey), nextCursor });
    },
  }),
  route({
    method: 'post',
    path: '/v1/api-keys',
    tag,
    summary: 'Make an API key',
    description: 'Its id and secret are OAuth2 client credentials. The secret is shown only in this answer.',
    role: policy.manageApiKeys,
    body: createApiKeyRequest,
    status: 201,
    reply: newApiKey,
    handle: async ({ em, caller, body }) => {
      const { apiKey, secret } = await createApiKey(em, caller.creatorId, body);
      const subject = `apiKey/${apiKey.id}`;
      await audit(em, { ...by(caller), action: 'apiKey.created', subject, detail: { role: body.role } });
      return reply({ apiKey: presentApiKey(apiKey), clientId: apiKey.id, clientSecret: secret });
    },
  }),
  route({
    method: 'delete',
    path: '/v1/api-keys/:id',
    tag,
    summary: 'Revoke an API key',
    description: 'Access tokens that it got stop working at once.',
    role: policy.manageApiKeys,
    params: z.object({ id: apiKeyId }),
    handle: async ({ em, caller, params: { id } }) => {
      await revokeApiKey(em, id);
      await audit(em, { ...by(caller), action: 'apiKey.revoked', subject: `apiKey/${id}` });
      return reply(undefined);
    },
  }),
];
