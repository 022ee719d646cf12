/**
 * The questions that are asked before a tenant is known: whose e-mail, whose token, whose channel is this? Each is a database
 * function with the owner's rights (migration `roles`) that gives the least it can; everything else goes through `forCreator`.
 */

import type { EntityManager } from '@mikro-orm/postgresql';
import type {
  ChannelId,
  CoacheeId,
  CreatorId,
  EnrollmentId,
  EnrollmentImportId,
  InboundId,
  MigrationId,
  UserId,
} from '../contracts/ids.ts';
import type { Role } from '../domain/accounts/roles.ts';
import type { ChannelKind } from '../domain/channels/deliveries.ts';
import { type Orm, withoutCreator } from './orm.ts';

/**
 * Who asks: within a transaction its own EntityManager, never the ORM. A transaction that waits for a second connection waits for ever once as many of
 * them wait as there are connections.
 */
type Asker = Orm | EntityManager;

const managerOf = (asker: Asker): EntityManager => ('em' in asker ? withoutCreator(asker) : asker);

type Key =
  | 'directory.refresh_token'
  | 'directory.api_key'
  | 'directory.channel'
  | 'directory.join_code'
  | 'directory.web_session';

const creatorBy = async (orm: Orm, question: Key, wanted: string): Promise<CreatorId | null> => {
  const [row] = await withoutCreator(orm).execute<{ creator_id: CreatorId | null }[]>(
    `select ${question}(?) as creator_id`,
    [wanted],
  );
  return row?.creator_id ?? null;
};

/** The creator of a refresh token (by its SHA-256, hex), or null. */
export const creatorOfRefreshToken = (orm: Orm, tokenHash: string) =>
  creatorBy(orm, 'directory.refresh_token', tokenHash);

/** The creator of an API key; `id` must be a UUID. */
export const creatorOfApiKey = (orm: Orm, id: string) => creatorBy(orm, 'directory.api_key', id);

/** The creator of a channel; `id` must be a UUID. */
export const creatorOfChannel = (orm: Orm, id: string) => creatorBy(orm, 'directory.channel', id);

/** The creator of a join code. */
export const creatorOfJoinCode = (orm: Orm, code: string) => creatorBy(orm, 'directory.join_code', code);

/** The creator of a web chat session (by the SHA-256 of its token, hex). */
export const creatorOfWebSession = (orm: Orm, tokenHash: string) => creatorBy(orm, 'directory.web_session', tokenHash);

export interface SignInRow {
  user_id: UserId;
  password_hash: string;
  platform_role: 'ops' | null;
  /** `oneTime`: an invitation's, which only serves to choose an own one; `over`: one that was not used in time. */
  password_kind: 'own' | 'oneTime' | 'over';
}

/** Who signs in with this e-mail (lower-cased), with the hash to check the password against; null when nobody does. */
export const userByEmail = async (asker: Asker, email: string): Promise<SignInRow | null> => {
  const [row] = await managerOf(asker).execute<SignInRow[]>('select * from directory.user(?)', [email]);
  return row ?? null;
};

/** The creators that a user belongs to, the oldest membership first. */
export const membershipsOf = (orm: Orm, userId: UserId): Promise<{ creator_id: CreatorId; role: Role }[]> =>
  withoutCreator(orm).execute('select * from directory.memberships(?)', [userId]);

export interface StandingRow {
  /** Null: a user that does not belong to the creator. */
  role: Role | null;
  platform_role: 'ops' | null;
}

/** What a user or API key may do at this moment; null when there is no such user, or the key is revoked or another creator's. */
export const standingOf = async (
  orm: Orm,
  kind: 'user' | 'apiKey',
  id: string,
  creatorId: CreatorId | null,
): Promise<StandingRow | null> => {
  const [row] = await withoutCreator(orm).execute<StandingRow[]>('select * from directory.standing(?, ?, ?)', [
    kind,
    id,
    creatorId,
  ]);
  return row ?? null;
};

/** Replaces a user's password hash where it still is `oldHash`, and ends all its refresh tokens; false: it had changed meanwhile. */
export const changePasswordHash = async (
  orm: Orm,
  userId: UserId,
  oldHash: string,
  newHash: string,
): Promise<boolean> => {
  const [row] = await withoutCreator(orm).execute<{ changed: boolean }[]>(
    'select directory.change_password(?, ?, ?) as changed',
    [userId, oldHash, newHash],
  );
  return row?.changed ?? false;
};

/** All channels of a kind that are in use, of every creator. */
export const channelsOfKind = (
  orm: Orm,
  kind: ChannelKind,
): Promise<{ creator_id: CreatorId; channel_id: ChannelId }[]> =>
  withoutCreator(orm).execute('select * from directory.channels(?)', [kind]);

/** Active enrollments whose run was never confirmed, `ageSeconds` after they were made; at most `most`. */
export const unstartedEnrollments = (
  orm: Orm,
  ageSeconds: number,
  most: number,
): Promise<{ creator_id: CreatorId; enrollment_id: EnrollmentId }[]> =>
  withoutCreator(orm).execute(`select * from directory.unstarted_enrollments(make_interval(secs => ?), ?)`, [
    ageSeconds,
    most,
  ]);

/** Imports whose run was never seen at work, `ageSeconds` after they were made; at most `most`. */
export const unstartedImports = (
  orm: Orm,
  ageSeconds: number,
  most: number,
): Promise<{ creator_id: CreatorId; import_id: EnrollmentImportId }[]> =>
  withoutCreator(orm).execute(`select * from directory.unstarted_imports(make_interval(secs => ?), ?)`, [
    ageSeconds,
    most,
  ]);

/** Migrations of journeys whose run never began, `ageSeconds` after they were made; at most `most`. */
export const unstartedMigrations = (
  orm: Orm,
  ageSeconds: number,
  most: number,
): Promise<{ creator_id: CreatorId; migration_id: MigrationId }[]> =>
  withoutCreator(orm).execute(`select * from directory.unstarted_migrations(make_interval(secs => ?), ?)`, [
    ageSeconds,
    most,
  ]);

/** Inbound messages that no conversation took in, `ageSeconds` after they came; at most `most`. */
export const unreadInbound = (
  orm: Orm,
  ageSeconds: number,
  most: number,
): Promise<{ creator_id: CreatorId; coachee_id: CoacheeId; inbound_id: InboundId }[]> =>
  withoutCreator(orm).execute(`select * from directory.unread_inbound(make_interval(secs => ?), ?)`, [
    ageSeconds,
    most,
  ]);

/** Running enrollments that were not yet seen to look at a change, `ageSeconds` after it; at most `most`. */
export const nudgedEnrollments = async (orm: Orm, ageSeconds: number, most: number): Promise<EnrollmentId[]> => {
  const rows = await withoutCreator(orm).execute<{ enrollment_id: EnrollmentId }[]>(
    `select * from directory.nudged_enrollments(make_interval(secs => ?), ?)`,
    [ageSeconds, most],
  );
  return rows.map(({ enrollment_id }) => enrollment_id);
};

/** Schedules of reminders whose run has not looked `ageSeconds` after a change, or not for long after something was due; at most `most` of each. */
export const forgottenReminders = (
  orm: Orm,
  ageSeconds: number,
  most: number,
): Promise<{ creator_id: CreatorId; coachee_id: CoacheeId }[]> =>
  withoutCreator(orm).execute(`select * from directory.forgotten_reminders(make_interval(secs => ?), ?)`, [
    ageSeconds,
    most,
  ]);

/** Deletes what its retention has passed: idempotent answers (24 h), handled inbound messages, spent tokens and integrators' events (8 days). */
export const housekeeping = async (orm: Orm): Promise<void> => {
  await withoutCreator(orm).execute('select directory.housekeeping(), directory.forget_events()');
};

/** Deletes what journeys were like before a move that cannot be undone any more. */
export const forgetMovedStates = async (orm: Orm): Promise<void> => {
  await withoutCreator(orm).execute('select directory.forget_moved_states()');
};
