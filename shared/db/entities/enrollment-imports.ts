/** Crowds that come in by a file, and the events of other systems that enroll people. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { CoacheeId, CohortId, EnrollmentId, EnrollmentImportId, ProgramId } from '../../contracts/ids.ts';
import type { ImportRowStatus, ImportStatus, NewcomerRow, RowError } from '../../domain/journeys/enrollment-imports.ts';
import { createdAt, creatorColumn, tenantPolicy } from './tenancy.ts';

export const EnrollmentImport = defineEntity({
  name: 'EnrollmentImport',
  tableName: 'enrollment_imports',
  properties: {
    id: p.uuid().$type<EnrollmentImportId>().primary(),
    creatorId: creatorColumn(),
    programId: p.uuid().$type<ProgramId>().fieldName('program_id'),
    cohortId: p.uuid().$type<CohortId>().fieldName('cohort_id').nullable(),
    status: p.text().$type<ImportStatus>(),
    /** When its run was seen at work; one without is started by the reconcile. */
    runStartedAt: p.datetime().fieldName('run_started_at').nullable(),
    endedAt: p.datetime().fieldName('ended_at').nullable(),
    createdAt: createdAt(),
  },
  indexes: [
    { name: 'enrollment_imports_creator', properties: ['creatorId', 'id'] },
    {
      name: 'enrollment_imports_unstarted',
      expression:
        'create index enrollment_imports_unstarted on enrollment_imports (created_at) where run_started_at is null and ended_at is null',
    },
  ],
  policies: tenantPolicy('enrollment_imports'),
});
export type EnrollmentImport = InferEntity<typeof EnrollmentImport>;

/** A line of an import's file and what became of it: its key is what makes enrolling it once. */
export const EnrollmentImportRow = defineEntity({
  name: 'EnrollmentImportRow',
  tableName: 'enrollment_import_rows',
  properties: {
    importId: () => p.manyToOne(EnrollmentImport).mapToPk().fieldName('import_id').deleteRule('cascade').primary(),
    /** Where it begins in the file, the header being line 1. */
    line: p.integer().primary(),
    creatorId: creatorColumn(),
    /** Who is to come in; null once the row is dealt with, so that nothing of a person is kept twice. */
    newcomer: p.json().$type<NewcomerRow>().nullable(),
    status: p.text().$type<ImportRowStatus>(),
    /** What is wrong with the row, by column, or why its coachee was not let in. */
    errors: p.json().$type<RowError[]>(),
    coacheeId: p.uuid().$type<CoacheeId>().fieldName('coachee_id').nullable(),
    enrollmentId: p.uuid().$type<EnrollmentId>().fieldName('enrollment_id').nullable(),
    /** The personal code of a coachee who is on no channel yet. */
    joinCode: p.text().fieldName('join_code').nullable(),
    createdAt: createdAt(),
  },
  indexes: [{ name: 'enrollment_import_rows_status', properties: ['importId', 'status', 'line'] }],
  policies: tenantPolicy('enrollment_import_rows'),
});
export type EnrollmentImportRow = InferEntity<typeof EnrollmentImportRow>;

/** An integrator's event and what came of it, kept for 8 days so that it counts once. */
export const EnrollmentEvent = defineEntity({
  name: 'EnrollmentEvent',
  tableName: 'enrollment_events',
  properties: {
    creatorId: creatorColumn().primary(),
    /** The integrator's. */
    eventId: p.text().fieldName('event_id').primary(),
    name: p.text(),
    payload: p.json().$type<Record<string, unknown>>(),
    /** Null only within the transaction that takes it in. */
    outcome: p.json().$type<unknown>().nullable(),
    createdAt: createdAt(),
  },
  indexes: [{ name: 'enrollment_events_age', properties: ['createdAt'] }],
  policies: tenantPolicy('enrollment_events'),
});
export type EnrollmentEvent = InferEntity<typeof EnrollmentEvent>;
