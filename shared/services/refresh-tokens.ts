/** Refresh tokens rotate: each is good once, and one that comes a second time ends its whole family (RFC 9700, section 4.14). */
import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { type CreatorId, newId, type UserId } from '../contracts/ids.ts';
import { creatorOfRefreshToken } from '../db/directory.ts';
import { RefreshToken } from '../db/entities/accounts.ts';
import { forCreator, type Orm } from '../db/orm.ts';
import { digest, newSecret } from './random.ts';

const LIFETIME_MS = 30 * 24 * 60 * 60 * 1000;

interface Owner {
  creatorId: CreatorId;
  userId: UserId;
}

/** Begins a family: the first token after a sign-in. */
export const issueRefreshToken = (orm: Orm, owner: Owner): Promise<string> =>
  forCreator(orm, owner.creatorId).transactional((em) => insert(em, owner, newId()));

const insert = async (em: EntityManager, { creatorId, userId }: Owner, familyId: string): Promise<string> => {
  const token = newSecret('crt_');
  const now = Date.now();
  await em.insert(RefreshToken, {
    id: newId(),
    creatorId,
    userId,
    familyId,
    tokenHash: digest(token),
    expiresAt: new Date(now + LIFETIME_MS),
    createdAt: new Date(now),
  });
  return token;
};

export type Rotation =
  | (Owner & { kind: 'rotated'; token: string })
  | { kind: 'unknown' | 'expired' | 'revoked' | 'reused' };

/** Takes a token and gives the next of its family. */
export const rotateRefreshToken = async (orm: Orm, token: string): Promise<Rotation> => {
  const tokenHash = digest(token);
  const creatorId = await creatorOfRefreshToken(orm, tokenHash);
  if (!creatorId) return { kind: 'unknown' };
  return forCreator(orm, creatorId).transactional(async (em): Promise<Rotation> => {
    const row = await em.findOne(RefreshToken, { tokenHash }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (!row) return { kind: 'unknown' };
    if (row.revokedAt) return { kind: 'revoked' };
    if (row.usedAt) {
      await revokeFamily(em, row.familyId);
      return { kind: 'reused' };
    }
    if (row.expiresAt.getTime() <= Date.now()) return { kind: 'expired' };
    row.usedAt = new Date();
    const { userId, familyId } = row;
    return { kind: 'rotated', creatorId, userId, token: await insert(em, { creatorId, userId }, familyId) };
  });
};

const revokeFamily = (em: EntityManager, familyId: string) =>
  em.nativeUpdate(RefreshToken, { familyId, revokedAt: null }, { revokedAt: new Date() });

/** Signs out: ends the family of a token; an unknown token is as good as ended. */
export const revokeRefreshToken = async (orm: Orm, token: string): Promise<void> => {
  const tokenHash = digest(token);
  const creatorId = await creatorOfRefreshToken(orm, tokenHash);
  if (!creatorId) return;
  await forCreator(orm, creatorId).transactional(async (em) => {
    const row = await em.findOne(RefreshToken, { tokenHash });
    if (row) await revokeFamily(em, row.familyId);
  });
};
