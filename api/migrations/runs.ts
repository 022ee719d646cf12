import type { Client } from '@temporalio/client';
import { orderMigration, startMigration } from '../../temporal/start/migrations.ts';
import type { MigrationRuns } from '../deps.ts';

/** The runs of migrations on the server that `client` is connected to. */
export const migrationRuns = (client: Client): MigrationRuns => ({
  start: (start) => startMigration(client, start),
  order: (migrationId, order) => orderMigration(client, migrationId, order),
});
