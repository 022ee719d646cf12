/** Migrations under way: how far they are, and what became of each journey. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Page } from '../contracts/http.ts';
import type { EnrollmentId, MigrationId } from '../contracts/ids.ts';
import type { MigrationItemQuery } from '../contracts/migrations.ts';
import { Enrollment } from '../db/entities/journeys.ts';
import { Migration, MigrationItem } from '../db/entities/migrations.ts';
import type { Counts, ItemStatus, MigrationStatus } from '../domain/migrations/status.ts';
import { notFound } from '../errors.ts';
import { idAfter, toPage } from './paging.ts';

const HOUR_MS = 3_600_000;
/** So often may nobody answer for a journey before it counts as failed. */
const TRIES = 5;

/** Throws CairnError `notFound`. */
export const getMigration = async (em: EntityManager, id: MigrationId): Promise<Migration> => {
  const migration = await em.findOne(Migration, { id });
  if (!migration) throw notFound('migration');
  return migration;
};

/** How many journeys became what. */
export const countsOf = async (em: EntityManager, migrationId: MigrationId): Promise<Counts> => {
  const rows = await em.execute<{ status: ItemStatus; count: number; errors: number }[]>(
    `select status, count(*)::int as count,
       count(*) filter (where status = 'failed' or (status = 'moved' and error is not null))::int as errors
     from migration_items where migration_id = ? group by status`,
    [migrationId],
  );
  const counts: Counts = { planned: 0, moved: 0, failed: 0, skipped: 0, undone: 0, errors: 0 };
  for (const { status, count, errors } of rows) {
    counts[status] = count;
    counts.errors += errors;
  }
  return counts;
};

/** A page of a migration's journeys, the oldest first. Throws CairnError `notFound`. */
export const listItems = async (
  em: EntityManager,
  migrationId: MigrationId,
  { limit, cursor, status }: MigrationItemQuery,
): Promise<Page<MigrationItem>> => {
  await getMigration(em, migrationId);
  const after = idAfter<EnrollmentId>(cursor);
  const items = await em.find(
    MigrationItem,
    { migrationId, ...(after && { enrollmentId: { $gt: after } }), ...(status && { status }) },
    { orderBy: { enrollmentId: 'asc' }, limit: limit + 1 },
  );
  return toPage(items, limit, ({ enrollmentId }) => [enrollmentId]);
};

/** The next journeys to be moved (of the canary cohort only, where so asked) or, once they were, to be moved back. */
export const nextItems = async (
  em: EntityManager,
  migrationId: MigrationId,
  { status, canary, most }: { status: 'planned' | 'moved'; canary: boolean; most: number },
): Promise<EnrollmentId[]> => {
  const rows = await em.find(
    MigrationItem,
    { migrationId, status, ...(canary && { canary }) },
    { orderBy: { tries: 'asc', enrollmentId: 'asc' }, limit: most, fields: ['enrollmentId'] },
  );
  return rows.map(({ enrollmentId }) => enrollmentId);
};

/**
 * Of the journeys that were told and whose decision has not written down what became of them: those that are over are left out, the others are tried
 * again, and fail in the end. `status`: as they were before.
 */
export const settleUntold = async (
  em: EntityManager,
  migrationId: MigrationId,
  { told, ended, status }: { told: EnrollmentId[]; ended: EnrollmentId[]; status: 'planned' | 'moved' },
): Promise<void> => {
  const settledAt = new Date();
  const isUndo = status === 'moved';
  const over = await em.find(Enrollment, { id: { $in: ended }, endedAt: { $ne: null } }, { fields: ['id'] });
  const mine = (ids: EnrollmentId[]) => ({ migrationId, status, enrollmentId: { $in: ids } });
  await em.nativeUpdate(MigrationItem, mine(over.map(({ id }) => id)), {
    ...{ status: 'skipped' as const, error: 'The journey has ended.', settledAt },
  });
  await em.nativeUpdate(MigrationItem, mine(ended), {
    ...{ status: isUndo ? 'skipped' : 'failed', error: 'The journey has no run.', settledAt },
  });
  await em.execute(
    `update migration_items set tries = tries + 1 where migration_id = ? and status = ? and enrollment_id = any(?::uuid[])`,
    [migrationId, status, `{${told.join(',')}}`],
  );
  await em.nativeUpdate(
    MigrationItem,
    { ...mine(told), tries: { $gte: TRIES } },
    { status: isUndo ? 'skipped' : 'failed', error: 'No worker took it in time.', settledAt },
  );
};

/** Notes that its run has begun. Throws NotFoundError. */
export const beginMigration = async (em: EntityManager, id: MigrationId): Promise<Migration> => {
  const migration = await em.findOneOrFail(Migration, { id });
  migration.runStartedAt ??= new Date();
  await em.flush();
  return migration;
};

/** Notes how far it is; once it is done or stopped, what is left is not to be moved any more, and the window of the undo begins. */
export const noteStatus = async (
  em: EntityManager,
  id: MigrationId,
  status: MigrationStatus,
  why: string | null,
): Promise<void> => {
  const migration = await em.findOneOrFail(Migration, { id });
  migration.status = status;
  if (why !== null) migration.why = why;
  if ((status === 'done' || status === 'stopped') && !migration.finishedAt) {
    migration.finishedAt = new Date();
    migration.undoUntil = new Date(migration.finishedAt.getTime() + migration.undoWithinHours * HOUR_MS);
    const error = 'The migration was stopped before.';
    await em.nativeUpdate(MigrationItem, { migrationId: id, status: 'planned' }, { status: 'skipped', error });
  }
  await em.flush();
};
