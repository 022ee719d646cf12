/** Brings rows and runs together again where a crash parted them (design rule 5). */
import type { Client } from '@temporalio/client';
import {
  forgetMovedStates,
  forgottenReminders,
  housekeeping,
  nudgedEnrollments,
  unreadInbound,
  unstartedEnrollments,
  unstartedImports,
  unstartedMigrations,
} from '../../shared/db/directory.ts';
import { forCreator, type Orm } from '../../shared/db/orm.ts';
import { markRunStarted, startOf } from '../../shared/services/journeys.ts';
import { handInbound } from '../../temporal/start/conversations.ts';
import { startEnrollmentImport } from '../../temporal/start/enrollment-imports.ts';
import { nudgeJourney, startJourney } from '../../temporal/start/journeys.ts';
import { startMigration } from '../../temporal/start/migrations.ts';
import { nudgeReminders } from '../../temporal/start/reminders.ts';
import { translated } from '../errors.ts';

export interface ReconcileDeps {
  orm: Orm;
  temporal: Client;
  burstMs: number;
}

/** Younger rows are most likely on their way right now. */
const AGE_SECONDS = 20;
/** What is left over is taken by the next run, a minute later. */
const MOST = 500;

export const createReconcileActivities = ({ orm, temporal, burstMs }: ReconcileDeps) =>
  translated({
    /** Starts the runs of enrollments, imports and migrations that have none; gives how many. */
    startUnstarted: async (): Promise<number> => {
      const rows = await unstartedEnrollments(orm, AGE_SECONDS, MOST);
      for (const { creator_id, enrollment_id } of rows) {
        await startJourney(temporal, await startOf(forCreator(orm, creator_id), enrollment_id));
        await markRunStarted(forCreator(orm, creator_id), enrollment_id);
      }
      const imports = await unstartedImports(orm, AGE_SECONDS, MOST);
      for (const { creator_id, import_id } of imports) {
        await startEnrollmentImport(temporal, { creatorId: creator_id, importId: import_id });
      }
      const migrations = await unstartedMigrations(orm, AGE_SECONDS, MOST);
      for (const { creator_id: creatorId, migration_id: migrationId } of migrations) {
        await startMigration(temporal, { creatorId, migrationId });
      }
      return rows.length + imports.length + migrations.length;
    },
    /** Hands over inbound messages that no conversation took in, and changes that no journey and no reminders have seen; gives how many. */
    handUnread: async (): Promise<number> => {
      const rows = await unreadInbound(orm, AGE_SECONDS, MOST);
      for (const { creator_id, coachee_id, inbound_id } of rows) {
        await handInbound(temporal, { creatorId: creator_id, coacheeId: coachee_id, inboundId: inbound_id }, burstMs);
      }
      const nudged = await nudgedEnrollments(orm, AGE_SECONDS, MOST);
      for (const id of nudged) await nudgeJourney(temporal, id);
      return rows.length + nudged.length + (await nudgeForgotten({ orm, temporal }));
    },
    dropExpired: async (): Promise<void> => {
      await housekeeping(orm);
      await forgetMovedStates(orm);
    },
  });

/** A rule for everyone changes many schedules at once: these are told side by side, as many as fit into the activity's time. */
const REMINDERS_MOST = 5_000;
const REMINDERS_AT_ONCE = 50;

const nudgeForgotten = async ({ orm, temporal }: Pick<ReconcileDeps, 'orm' | 'temporal'>): Promise<number> => {
  const rows = await forgottenReminders(orm, AGE_SECONDS, REMINDERS_MOST);
  const left = rows.values();
  const lane = async () => {
    for (const { creator_id: creatorId, coachee_id: coacheeId } of left) {
      await nudgeReminders(temporal, { creatorId, coacheeId });
    }
  };
  await Promise.all(Array.from({ length: REMINDERS_AT_ONCE }, lane));
  return rows.length;
};

export type ReconcileActivities = ReturnType<typeof createReconcileActivities>;
