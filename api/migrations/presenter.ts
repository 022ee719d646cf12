/** From rows to what the API shows of migrations. */
import type { z } from 'zod';
import type { migration, migrationItem, preview } from '../../shared/contracts/migrations.ts';
import type { Migration, MigrationItem } from '../../shared/db/entities/migrations.ts';
import { type Counts, errorRateOf } from '../../shared/domain/migrations/status.ts';
import type { Preview } from '../../shared/services/migration-plans.ts';

export const presentPreview = ({ items, ...rest }: Preview): z.input<typeof preview> => ({
  ...rest,
  items: items.map(({ landing: { lands, stepKey: to, why }, ...item }) => ({ ...item, lands, to, why })),
});

export const presentMigration = (row: Migration, counts: Counts): z.input<typeof migration> => {
  const { errors: _, ...byStatus } = counts;
  return {
    ...{ id: row.id, programId: row.programId, fromVersion: row.fromVersion, toVersion: row.toVersion },
    ...{ status: row.status, why: row.why ?? null, counts: byStatus, canary: row.canary },
    errorRate: errorRateOf(counts),
    undoUntil: row.undoUntil?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
};

export const presentItem = (row: MigrationItem): z.input<typeof migrationItem> => ({
  ...{ enrollmentId: row.enrollmentId, canary: row.canary, stepKey: row.fromStep ?? null },
  ...{ lands: row.lands, to: row.toStep ?? null, why: row.why, status: row.status, error: row.error ?? null },
  settledAt: row.settledAt?.toISOString() ?? null,
});
