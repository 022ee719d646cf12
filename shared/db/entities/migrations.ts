/** Migrations of running journeys from one version of their program to another. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { MigrationId } from '../../contracts/ids.ts';
import type { Lands, StepMapping } from '../../domain/journeys/migrate.ts';
import type { JourneyRun } from '../../domain/journeys/run.ts';
import type { ItemStatus, MigrationStatus, StopAt } from '../../domain/migrations/status.ts';
import { Enrollment } from './journeys.ts';
import { Program, ProgramVersion } from './programs.ts';
import { createdAt, creatorColumn, tenantPolicy } from './tenancy.ts';

export const Migration = defineEntity({
  name: 'Migration',
  tableName: 'migrations',
  properties: {
    id: p.uuid().$type<MigrationId>().primary(),
    creatorId: creatorColumn(),
    programId: () => p.manyToOne(Program).mapToPk().fieldName('program_id'),
    fromVersionId: () => p.manyToOne(ProgramVersion).mapToPk().fieldName('from_version_id'),
    toVersionId: () => p.manyToOne(ProgramVersion).mapToPk().fieldName('to_version_id'),
    fromVersion: p.integer().fieldName('from_version'),
    toVersion: p.integer().fieldName('to_version'),
    mapping: p.json().$type<StepMapping>(),
    /** How many journeys are moved first; 0: all at once. */
    canary: p.integer(),
    canaryPauseSeconds: p.integer().fieldName('canary_pause_seconds'),
    stopAt: p.json().$type<StopAt>().fieldName('stop_at'),
    undoWithinHours: p.integer().fieldName('undo_within_hours'),
    status: p.text().$type<MigrationStatus>(),
    /** Why it was stopped, in plain language. */
    why: p.text().nullable(),
    /** When its run began; a row without it is started by the reconcile. */
    runStartedAt: p.datetime().fieldName('run_started_at').nullable(),
    /** When the last journey was moved, or it was stopped. */
    finishedAt: p.datetime().fieldName('finished_at').nullable(),
    undoUntil: p.datetime().fieldName('undo_until').nullable(),
    createdAt: createdAt(),
  },
  indexes: [
    { name: 'migrations_program', properties: ['programId', 'id'] },
    {
      name: 'migrations_one_at_work',
      expression: 'create unique index migrations_one_at_work on migrations (program_id) where finished_at is null',
    },
    {
      name: 'migrations_unstarted',
      expression: 'create index migrations_unstarted on migrations (created_at) where run_started_at is null',
    },
  ],
  policies: tenantPolicy('migrations'),
});
export type Migration = InferEntity<typeof Migration>;

export const MigrationItem = defineEntity({
  name: 'MigrationItem',
  tableName: 'migration_items',
  properties: {
    creatorId: creatorColumn(),
    migrationId: () => p.manyToOne(Migration).mapToPk().fieldName('migration_id').deleteRule('cascade').primary(),
    enrollmentId: () => p.manyToOne(Enrollment).mapToPk().fieldName('enrollment_id').deleteRule('cascade').primary(),
    canary: p.boolean(),
    /** Where it stands and lands: as planned, and once it was moved as it was. */
    fromStep: p.text().fieldName('from_step').nullable(),
    lands: p.text().$type<Lands>(),
    toStep: p.text().fieldName('to_step').nullable(),
    why: p.text(),
    status: p.text().$type<ItemStatus>(),
    error: p.text().nullable(),
    /** The run as it was before the move, kept until the migration cannot be undone any more. */
    before: p.json().$type<JourneyRun>().nullable().lazy(),
    /** How many turns the journey had taken once it was moved: as many still, and it has not moved on. */
    turnsAfter: p.integer().fieldName('turns_after').nullable(),
    /** How often nobody answered. */
    tries: p.integer().default(0),
    settledAt: p.datetime().fieldName('settled_at').nullable(),
    createdAt: createdAt(),
  },
  indexes: [
    { name: 'migration_items_status', properties: ['migrationId', 'status', 'enrollmentId'] },
    {
      name: 'migration_items_undoable',
      expression: 'create index migration_items_undoable on migration_items (migration_id) where before is not null',
    },
  ],
  policies: tenantPolicy('migration_items'),
});
export type MigrationItem = InferEntity<typeof MigrationItem>;
