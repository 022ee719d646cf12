/** Moving running journeys to another version of their program, over HTTP. */
import { z } from 'zod';
import { stepKey } from '../domain/journeys/steps/fields.ts';
import { instant, pageOf, pageQuery } from './http.ts';
import { enrollmentId, migrationId, programId } from './ids.ts';

const versionNumber = z.int32().min(1);

const target = z.union([
  z.strictObject({ goTo: stepKey }).meta({ description: 'On at this step' }),
  z.strictObject({ restart: z.literal(true) }).meta({ description: 'From the beginning' }),
  z.strictObject({ finish: z.string().trim().min(1).max(100) }).meta({ description: 'To the end, with this outcome' }),
]);

const mapping = z
  .record(stepKey, target)
  .refine((given) => Object.keys(given).length <= 500, 'at most 500 steps')
  .default({})
  .meta({ description: 'What becomes of the journeys at a step of the old version, by its key' });

const pair = {
  fromVersion: versionNumber.meta({ description: 'Only journeys of this version are moved' }),
  toVersion: versionNumber,
  mapping,
};
const isAnother = ({ fromVersion, toVersion }: { fromVersion: number; toVersion: number }) => fromVersion !== toVersion;
const sameVersion = { path: ['toVersion'], message: 'another version than fromVersion' };

/** POST /v1/programs/:id/migrations/preview */
export const previewRequest = z
  .strictObject(pair)
  .refine(isAnother, sameVersion)
  .meta({ id: 'MigrationPreviewRequest' });

/** POST /v1/programs/:id/migrations */
export const migrationRequest = z
  .strictObject({
    ...pair,
    canary: z
      .union([
        z.strictObject({ percent: z.number().gt(0).max(100) }),
        z.strictObject({ count: z.int().min(1).max(1_000_000) }),
      ])
      .optional()
      .meta({ description: 'Moved first; the others follow after the pause, or by `proceed`' }),
    canaryPauseSeconds: z.int().min(0).max(86_400).default(600),
    stopAt: z
      .strictObject({ errorRate: z.number().min(0).max(1), afterAtLeast: z.int().min(1).max(1_000_000).default(20) })
      .default({ errorRate: 0.05, afterAtLeast: 20 })
      .meta({ description: 'Stops when more than this share of the journeys taken so far failed' }),
    undoWithinHours: z.int().min(0).max(720).default(72),
  })
  .refine(isAnother, sameVersion)
  .meta({ id: 'MigrationRequest' });

const lands = z.enum(['same', 'mapped', 'restart', 'finish', 'conflict']);
const counts = z.object({
  ...{ same: z.int(), mapped: z.int(), restart: z.int(), finish: z.int() },
  conflict: z.int().meta({ description: 'These need a mapping' }),
});

const previewItem = z
  .object({
    enrollmentId,
    status: z.enum(['active', 'paused', 'parked']),
    stepKey: z.string().nullable(),
    lands,
    to: z.string().nullable().meta({ description: 'The step in the new version' }),
    why: z.string(),
  })
  .meta({ id: 'MigrationPreviewItem' });

export const preview = z
  .object({
    counts,
    conflicts: z
      .array(z.object({ stepKey: z.string(), journeys: z.int(), why: z.string() }))
      .meta({ description: 'Steps that need a mapping' }),
    items: z.array(previewItem),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'MigrationPreview' });

export const migrationStatus = z
  .enum(['planned', 'canary', 'waiting', 'moving', 'paused', 'done', 'stopped', 'undoing', 'undone'])
  .meta({
    id: 'MigrationStatus',
    description: '`waiting`: the canary cohort has moved; `proceed` lets the others follow',
  });
export const itemStatus = z
  .enum(['planned', 'moved', 'failed', 'skipped', 'undone'])
  .meta({ id: 'MigrationItemStatus' });

export const migrationCounts = z.object({
  planned: z.int(),
  moved: z.int(),
  failed: z.int(),
  skipped: z.int().meta({ description: 'Ended meanwhile, left where they were, or not wanted any more' }),
  undone: z.int(),
});

export const migration = z
  .object({
    id: migrationId,
    programId,
    fromVersion: z.int(),
    toVersion: z.int(),
    status: migrationStatus,
    why: z.string().nullable().meta({ description: 'Why it was stopped' }),
    counts: migrationCounts,
    canary: z.int().meta({ description: 'How many journeys are moved first' }),
    errorRate: z.number().meta({ description: 'Of those taken so far: failed, or parked by the move' }),
    undoUntil: instant.nullable(),
    createdAt: instant,
    finishedAt: instant.nullable(),
  })
  .meta({ id: 'Migration' });

export const migrationItem = z
  .object({
    enrollmentId,
    canary: z.boolean(),
    stepKey: z.string().nullable().meta({ description: 'Where it stood' }),
    lands,
    to: z.string().nullable(),
    why: z.string(),
    status: itemStatus,
    error: z.string().nullable(),
    settledAt: instant.nullable(),
  })
  .meta({ id: 'MigrationItem' });
export const migrationItemPage = pageOf('MigrationItem', migrationItem);
export const migrationItemQuery = pageQuery.extend({ status: itemStatus.optional() });

export const migrationOrder = z.enum(['proceed', 'pause', 'resume', 'stop', 'undo']);

export type PreviewRequest = z.output<typeof previewRequest>;
export type MigrationRequest = z.output<typeof migrationRequest>;
export type MigrationItemQuery = z.output<typeof migrationItemQuery>;
