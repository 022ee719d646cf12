/** Who belongs to a creator, and as what. A creator always keeps an owner. */
import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import type { InviteRequest } from '../contracts/accounts.ts';
import type { Page, PageQuery } from '../contracts/http.ts';
import { type CreatorId, newId, type UserId } from '../contracts/ids.ts';
import { userByEmail } from '../db/directory.ts';
import { Member, RefreshToken, User } from '../db/entities/accounts.ts';
import type { Role } from '../domain/accounts/roles.ts';
import { conflict, notFound } from '../errors.ts';
import { idAfter, toPage } from './paging.ts';
import { hashPassword } from './passwords.ts';
import { newSecret } from './random.ts';

const ONE_TIME_MS = 7 * 24 * 60 * 60 * 1000;

export interface MemberRow {
  member: Member;
  user: User;
}

/** A page of members, the oldest user first. */
export const listMembers = async (em: EntityManager, { limit, cursor }: PageQuery): Promise<Page<MemberRow>> => {
  const after = idAfter<UserId>(cursor);
  const members = await em.find(Member, after ? { userId: { $gt: after } } : {}, {
    orderBy: { userId: 'asc' },
    limit: limit + 1,
  });
  const page = toPage(members, limit, ({ userId }) => [userId]);
  return { items: await withUsers(em, page.items), nextCursor: page.nextCursor };
};

/** A member with its user. Throws CairnError `notFound`. */
export const getMember = async (em: EntityManager, userId: UserId): Promise<MemberRow> => {
  const member = await em.findOne(Member, { userId });
  const [row] = await withUsers(em, member ? [member] : []);
  if (!row) throw notFound('member');
  return row;
};

const withUsers = async (em: EntityManager, members: Member[]): Promise<MemberRow[]> => {
  const users = await em.find(User, { id: { $in: members.map(({ userId }) => userId) } });
  const byId = new Map(users.map((user) => [user.id, user]));
  return members.flatMap((member) => {
    const user = byId.get(member.userId);
    return user ? [{ member, user }] : [];
  });
};

export interface Invited {
  userId: UserId;
  /** Shown once; null when the person has an account already and signs in as ever. */
  oneTimePassword: string | null;
}

/**
 * Adds a person: with a new account whose one-time password only serves to choose an own one, or with the account they have.
 * @throws CairnError `conflict` when they belong to the creator already.
 */
export const invite = async (
  em: EntityManager,
  creatorId: CreatorId,
  { email, name, role }: InviteRequest,
): Promise<Invited> => {
  const known = await userByEmail(em, email);
  const createdAt = new Date();
  if (known) {
    const userId = known.user_id;
    if (await em.findOne(Member, { userId })) throw conflict('This person is a member already.');
    await em.insert(Member, { creatorId, userId, role, createdAt });
    return { userId, oneTimePassword: null };
  }
  const userId = newId<UserId>();
  const oneTimePassword = newSecret('once_');
  const passwordHash = await hashPassword(oneTimePassword);
  const oneTimeUntil = new Date(createdAt.getTime() + ONE_TIME_MS);
  await em.insert(Member, { creatorId, userId, role, createdAt });
  await em.insert(User, { id: userId, email, name, passwordHash, oneTimeUntil, createdAt });
  return { userId, oneTimePassword };
};

/** Gives a member another role. Throws CairnError `notFound`, and `conflict` when the last owner would go. */
export const changeRole = async (em: EntityManager, userId: UserId, role: Role): Promise<void> => {
  const member = await lockMember(em, userId, role === 'owner');
  member.role = role;
};

/** Removes a member and ends its refresh tokens here. Throws as `changeRole`. */
export const removeMember = async (em: EntityManager, userId: UserId): Promise<void> => {
  const member = await lockMember(em, userId, false);
  em.remove(member);
  await em.nativeUpdate(RefreshToken, { userId, revokedAt: null }, { revokedAt: new Date() });
};

/** Locks the owners first, in one order, so that two owners cannot remove each other at the same moment. */
const lockMember = async (em: EntityManager, userId: UserId, staysOwner: boolean): Promise<Member> => {
  const owners = await em.find(
    Member,
    { role: 'owner' },
    { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { userId: 'asc' } },
  );
  const member = await em.findOne(Member, { userId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (!member) throw notFound('member');
  if (!staysOwner && owners.every((owner) => owner.userId === userId) && member.role === 'owner') {
    throw conflict('A creator needs an owner: make somebody else one first.');
  }
  return member;
};
