/** Creators and the people who belong to them: registration, sign-in, passwords. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { RegisterRequest } from '../contracts/accounts.ts';
import { type ApiKeyId, type ChannelId, type CreatorId, newId, type UserId } from '../contracts/ids.ts';
import { changePasswordHash, type SignInRow, userByEmail } from '../db/directory.ts';
import { Creator, Member, User } from '../db/entities/accounts.ts';
import { Channel } from '../db/entities/channels.ts';
import { forCreator, type Orm, withoutCreator } from '../db/orm.ts';
import type { Role } from '../domain/accounts/roles.ts';
import { conflict, notFound } from '../errors.ts';
import { hashPassword, isPassword } from './passwords.ts';
import type { Caller } from './tokens.ts';

export interface Registered {
  creatorId: CreatorId;
  userId: UserId;
}

/**
 * Makes a creator with its owner and its web chat, all or nothing.
 * @throws CairnError `conflict` when the e-mail address has an account already.
 */
export const register = async (
  orm: Orm,
  { creatorName, userName, email, password }: RegisterRequest,
): Promise<Registered> => {
  if (await userByEmail(orm, email)) throw emailTaken();
  const passwordHash = await hashPassword(password);
  const creatorId = newId<CreatorId>();
  const userId = newId<UserId>();
  const createdAt = new Date();
  await forCreator(orm, creatorId).transactional(async (em) => {
    await em.insert(Creator, { id: creatorId, name: creatorName, createdAt });
    // The membership comes first: row-level security shows a user only to the creators it belongs to.
    await em.insert(Member, { creatorId, userId, role: 'owner', createdAt });
    await em.insert(User, { id: userId, email, name: userName, passwordHash, createdAt });
    await em.insert(Channel, {
      id: newId<ChannelId>(),
      creatorId,
      kind: 'web',
      name: 'Web chat',
      settings: {},
      createdAt,
    });
  });
  return { creatorId, userId };
};

const emailTaken = () => conflict('This e-mail address has an account already.');

/**
 * Makes a platform engineer, who belongs to no creator; for seeding and operations, never for a request.
 * Gives false when the e-mail address has an account already, which is then left as it is.
 */
export const ensureOpsUser = async (
  orm: Orm,
  ops: { email: string; name: string; password: string },
): Promise<boolean> => {
  if (await userByEmail(orm, ops.email)) return false;
  const passwordHash = await hashPassword(ops.password);
  // As a plain statement: reading the row back, as the ORM does, is for members of its creators only.
  await withoutCreator(orm).execute(
    'insert into users (id, email, name, password_hash, platform_role) values (?, ?, ?, ?, ?)',
    [newId<UserId>(), ops.email, ops.name, passwordHash, 'ops'],
  );
  return true;
};

export type SignIn = { kind: 'signedIn'; user: SignInRow } | { kind: 'oneTimePassword' } | { kind: 'refused' };

/** Checks an e-mail address (lower-case) and password; an unknown address takes as long as a wrong password. */
export const signIn = async (orm: Orm, email: string, password: string): Promise<SignIn> => {
  const user = await userByEmail(orm, email);
  if (!(await isPassword(password, user?.password_hash ?? null)) || !user) return { kind: 'refused' };
  return user.password_kind === 'own' ? { kind: 'signedIn', user } : { kind: 'oneTimePassword' };
};

export interface PasswordChange {
  email: string;
  currentPassword: string;
  newPassword: string;
}

/** Replaces a password, also one from an invitation, and ends all sessions that could be refreshed. False: not that password. */
export const changePassword = async (orm: Orm, change: PasswordChange): Promise<boolean> => {
  const user = await userByEmail(orm, change.email);
  const matches = await isPassword(change.currentPassword, user?.password_hash ?? null);
  if (!matches || !user || user.password_kind === 'over') return false;
  return changePasswordHash(orm, user.user_id, user.password_hash, await hashPassword(change.newPassword));
};

export interface Who {
  creatorName: string;
  user: { id: UserId; name: string; email: string } | null;
  apiKey: { id: ApiKeyId; name: string } | null;
  /** All creators that the user belongs to, the oldest membership first; empty for an API key. */
  memberships: { creatorId: CreatorId; role: Role }[];
}

/** Who a caller is, in one question: every page of the dashboard begins with it. */
export const whoIs = async (em: EntityManager, { kind, id, creatorId }: Caller): Promise<Who> => {
  const [row] = await em.execute<Who[]>(
    `select c.name as "creatorName",
       (select jsonb_build_object('id', u.id, 'name', u.name, 'email', u.email) from users u where u.id = :user) as "user",
       (select jsonb_build_object('id', k.id, 'name', k.name) from api_keys k where k.id = :apiKey) as "apiKey",
       (select coalesce(jsonb_agg(jsonb_build_object('creatorId', m.creator_id, 'role', m.role)), '[]')
          from directory.memberships(:user) m) as memberships
     from creators c where c.id = :creatorId`,
    { creatorId, user: kind === 'user' ? id : null, apiKey: kind === 'apiKey' ? id : null },
  );
  if (!row) throw notFound('creator');
  return row;
};
