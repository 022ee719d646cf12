/** Coachees, their enrollments in programs, and the timeline of every decision. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { CoacheeId, EnrollmentId } from '../../contracts/ids.ts';
import type { EnrollmentStatus } from '../../domain/journeys/enrollments.ts';
import type { TimelineKind } from '../../domain/journeys/messages.ts';
import type { LastDecision } from '../../domain/journeys/run.ts';
import type { FactValue, JsonValue } from '../../domain/journeys/state.ts';
import { Program, ProgramVersion } from './programs.ts';
import { createdAt, creatorColumn, tenantPolicy } from './tenancy.ts';

export const Coachee = defineEntity({
  name: 'Coachee',
  tableName: 'coachees',
  properties: {
    id: p.uuid().$type<CoacheeId>().primary(),
    creatorId: creatorColumn(),
    name: p.text(),
    /** IANA name. */
    timeZone: p.text().fieldName('time_zone'),
    traits: p.json().$type<Record<string, FactValue>>(),
    tags: p.json().$type<string[]>(),
    isTest: p.boolean().fieldName('is_test').default(false),
    createdAt: createdAt(),
  },
  indexes: [{ name: 'coachees_creator', properties: ['creatorId', 'id'] }],
  policies: tenantPolicy('coachees'),
});
export type Coachee = InferEntity<typeof Coachee>;

export const Enrollment = defineEntity({
  name: 'Enrollment',
  tableName: 'enrollments',
  properties: {
    id: p.uuid().$type<EnrollmentId>().primary(),
    creatorId: creatorColumn(),
    programId: () => p.manyToOne(Program).mapToPk().fieldName('program_id'),
    programVersionId: () => p.manyToOne(ProgramVersion).mapToPk().fieldName('program_version_id'),
    programVersion: p.integer().fieldName('program_version'),
    coacheeId: () => p.manyToOne(Coachee).mapToPk().fieldName('coachee_id').deleteRule('cascade'),
    /** `invited` until the coachee has opened a channel; then what the journey's last decision said. */
    status: p.text().$type<EnrollmentStatus>(),
    isTest: p.boolean().fieldName('is_test').default(false),
    /** Milliseconds a day lasts in a test enrollment's waits; null lives at the real pace. */
    testMsPerDay: p.integer().fieldName('test_ms_per_day').nullable(),
    /** Projection of the journey, written with each decision: for lists and routing, never read back by the journey. */
    stepKey: p.text().fieldName('step_key').nullable(),
    dueAt: p.datetime().fieldName('due_at').nullable(),
    /** Set while a question is open: where the coachee's next message goes, the latest first. */
    awaitingReplySince: p.datetime().fieldName('awaiting_reply_since').nullable(),
    parkedReason: p.text().fieldName('parked_reason').nullable(),
    outcome: p.text().nullable(),
    /** When the workflow's start was confirmed; an active row without it is started by the reconcile. */
    runStartedAt: p.datetime().fieldName('run_started_at').nullable(),
    endedAt: p.datetime().fieldName('ended_at').nullable(),
    /** The journey's latest decision, for a run that lost it with its worker (shared/domain/journeys/catch-up.ts). */
    lastDecision: p.json().$type<LastDecision>().fieldName('last_decision').nullable().lazy(),
    createdAt: createdAt(),
  },
  indexes: [
    { name: 'enrollments_creator', properties: ['creatorId', 'id'] },
    { name: 'enrollments_coachee', properties: ['coacheeId'] },
    {
      name: 'enrollments_one_live',
      expression:
        'create unique index enrollments_one_live on enrollments (program_id, coachee_id) where ended_at is null',
    },
    {
      name: 'enrollments_unstarted',
      expression:
        "create index enrollments_unstarted on enrollments (created_at) where run_started_at is null and status = 'active'",
    },
  ],
  policies: tenantPolicy('enrollments'),
});
export type Enrollment = InferEntity<typeof Enrollment>;

export const TimelineEntry = defineEntity({
  name: 'TimelineEntry',
  tableName: 'timeline_entries',
  properties: {
    id: p.uuid().primary(),
    creatorId: creatorColumn(),
    enrollmentId: () => p.manyToOne(Enrollment).mapToPk().fieldName('enrollment_id').deleteRule('cascade'),
    /** Names the decision and the line within it: `<runId>/<turn>/<line>`. */
    decisionKey: p.text().fieldName('decision_key'),
    kind: p.text().$type<TimelineKind>(),
    stepKey: p.text().fieldName('step_key').nullable(),
    occurrence: p.integer().nullable(),
    detail: p.json().$type<Record<string, JsonValue>>(),
    /** The journey's own time: the real one, or the paced one of a test enrollment. */
    at: p.datetime(),
    /** `at` in the coachee's time zone as it was then, ISO 8601 with offset. */
    localTime: p.text().fieldName('local_time'),
    createdAt: createdAt(),
  },
  uniques: [{ name: 'timeline_entries_decision', properties: ['enrollmentId', 'decisionKey'] }],
  indexes: [{ name: 'timeline_entries_enrollment', properties: ['enrollmentId', 'id'] }],
  policies: tenantPolicy('timeline_entries'),
});
export type TimelineEntry = InferEntity<typeof TimelineEntry>;
