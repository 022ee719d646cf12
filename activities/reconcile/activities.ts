/** Brings rows and runs together again where a crash parted them (design rule 5). */
import type { Client } from '@temporalio/client';
import {
  forgetMovedStates,
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
    /** Hands over inbound messages that no conversation took in, and changes that no journey has seen; gives how many. */
    handUnread: async (): Promise<number> => {
      const rows = await unreadInbound(orm, AGE_SECONDS, MOST);
      for (const { creator_id, coachee_id, inbound_id } of rows) {
        await handInbound(temporal, { creatorId: creator_id, coacheeId: coachee_id, inboundId: inbound_id }, burstMs);
      }
      const nudged = await nudgedEnrollments(orm, AGE_SECONDS, MOST);
      for (const id of nudged) await nudgeJourney(temporal, id);
      return rows.length + nudged.length;
    },
    dropExpired: async (): Promise<void> => {
      await housekeeping(orm);
      await forgetMovedStates(orm);
    },
  });

export type ReconcileActivities = ReturnType<typeof createReconcileActivities>;
