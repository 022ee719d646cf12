/** API keys: OAuth2 client credentials of a creator's own programs. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { CreateApiKeyRequest } from '../contracts/accounts.ts';
import type { Page, PageQuery } from '../contracts/http.ts';
import { type ApiKeyId, apiKeyId, type CreatorId, newId } from '../contracts/ids.ts';
import { creatorOfApiKey } from '../db/directory.ts';
import { ApiKey } from '../db/entities/accounts.ts';
import { forCreator, type Orm } from '../db/orm.ts';
import type { Role } from '../domain/accounts/roles.ts';
import { notFound } from '../errors.ts';
import { idAfter, toPage } from './paging.ts';
import { digest, newSecret, sameDigest } from './random.ts';

const HINT_CHARACTERS = 4;

/** A page of keys, revoked ones too, the newest first. */
export const listApiKeys = async (em: EntityManager, { limit, cursor }: PageQuery): Promise<Page<ApiKey>> => {
  const before = idAfter<ApiKeyId>(cursor);
  const keys = await em.find(ApiKey, before ? { id: { $lt: before } } : {}, {
    orderBy: { id: 'desc' },
    limit: limit + 1,
  });
  return toPage(keys, limit, ({ id }) => [id]);
};

/** Makes a key; its secret is given here and kept as a hash only. */
export const createApiKey = async (
  em: EntityManager,
  creatorId: CreatorId,
  { name, role }: CreateApiKeyRequest,
): Promise<{ apiKey: ApiKey; secret: string }> => {
  const secret = newSecret('cks_');
  const apiKey = em.create(ApiKey, {
    id: newId<ApiKeyId>(),
    creatorId,
    name,
    role,
    secretHash: digest(secret),
    hint: secret.slice(-HINT_CHARACTERS),
    createdAt: new Date(),
  });
  return { apiKey, secret };
};

/** Takes a key back; tokens it got stop working at once. Throws CairnError `notFound`. */
export const revokeApiKey = async (em: EntityManager, id: ApiKeyId): Promise<void> => {
  const apiKey = await em.findOne(ApiKey, { id });
  if (!apiKey) throw notFound('API key');
  apiKey.revokedAt ??= new Date();
};

/** Checks client credentials; null when they are not those of a key in use. */
export const apiKeyBySecret = async (
  orm: Orm,
  clientId: string,
  secret: string,
): Promise<{ id: ApiKeyId; creatorId: CreatorId; role: Role } | null> => {
  if (!apiKeyId.safeParse(clientId).success) return null;
  const creatorId = await creatorOfApiKey(orm, clientId);
  if (!creatorId) return null;
  return forCreator(orm, creatorId).transactional(async (em) => {
    const key = await em.findOne(ApiKey, { id: clientId as ApiKeyId, revokedAt: null }, { populate: ['secretHash'] });
    if (!key || !sameDigest(digest(secret), key.secretHash)) return null;
    key.lastUsedAt = new Date();
    return { id: key.id, creatorId, role: key.role };
  });
};
