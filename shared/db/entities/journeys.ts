/** Coachees, their enrollments in programs, and the timeline of every decision. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { CheckInId, CoacheeId, EnrollmentId, HabitId, ReviewId, UserId } from '../../contracts/ids.ts';
import type { DeliveryPolicy } from '../../domain/channels/delivery-policy.ts';
import type { CheckInAct, CheckInSource } from '../../domain/habits/check-ins.ts';
import type { EnrollmentStatus } from '../../domain/journeys/enrollments.ts';
import type { TimelineKind } from '../../domain/journeys/messages.ts';
import type { LastDecision } from '../../domain/journeys/run.ts';
import type { FactValue, JsonValue } from '../../domain/journeys/state.ts';
import { Cohort } from './cohorts.ts';
import { Program, ProgramVersion } from './programs.ts';
import { createdAt, creatorColumn, tenantPolicy } from './tenancy.ts';

export const Coachee = defineEntity({
  name: 'Coachee',
  tableName: 'coachees',
  properties: {
    id: p.uuid().$type<CoacheeId>().primary(),
    creatorId: creatorColumn(),
    /** What the creator's own systems call them. */
    externalId: p.text().fieldName('external_id').nullable(),
    name: p.text(),
    /** IANA name. */
    timeZone: p.text().fieldName('time_zone'),
    /** BCP 47; null reads a program's own language. */
    language: p.text().nullable(),
    deliveryPolicy: p.json().$type<DeliveryPolicy>().fieldName('delivery_policy').nullable(),
    traits: p.json().$type<Record<string, FactValue>>(),
    tags: p.json().$type<string[]>(),
    isTest: p.boolean().fieldName('is_test').default(false),
    createdAt: createdAt(),
  },
  indexes: [{ name: 'coachees_creator', properties: ['creatorId', 'id'] }],
  uniques: [{ name: 'coachees_external', properties: ['creatorId', 'externalId'] }],
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
    cohortId: () => p.manyToOne(Cohort).mapToPk().fieldName('cohort_id').nullable(),
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
    /** Set when something was changed that its conditions may read, until its next decision has seen it. */
    nudgedAt: p.datetime().fieldName('nudged_at').nullable(),
    /** The effect of the journey that it is a subprogram of: `journey/<enrollmentId>/<stepKey>/<occurrence>`. */
    parentKey: p.text().fieldName('parent_key').nullable(),
    /** The journey's latest decision, for a run that lost it with its worker (shared/domain/journeys/catch-up.ts). */
    lastDecision: p.json().$type<LastDecision>().fieldName('last_decision').nullable().lazy(),
    createdAt: createdAt(),
  },
  indexes: [
    { name: 'enrollments_creator', properties: ['creatorId', 'id'] },
    { name: 'enrollments_coachee', properties: ['coacheeId'] },
    { name: 'enrollments_cohort', properties: ['cohortId'] },
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
    {
      name: 'enrollments_nudged',
      expression: 'create index enrollments_nudged on enrollments (nudged_at) where nudged_at is not null',
    },
  ],
  uniques: [{ name: 'enrollments_parent', properties: ['parentKey'] }],
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

/** What a coachee said of a habit; a journey's question that was never answered is one that is not done. */
export const CheckIn = defineEntity({
  name: 'CheckIn',
  tableName: 'check_ins',
  properties: {
    id: p.uuid().$type<CheckInId>().primary(),
    creatorId: creatorColumn(),
    coacheeId: () => p.manyToOne(Coachee).mapToPk().fieldName('coachee_id').deleteRule('cascade'),
    /** The habit's name within its creator's programs. */
    habit: p.text(),
    /** Set where the coachee keeps the habit; without it, only the journey that asked knows of it. */
    habitId: p.uuid().$type<HabitId>().fieldName('habit_id').nullable(),
    /** The habit's day that it counts for; null without a habit. */
    date: p.text().nullable(),
    act: p.text().$type<CheckInAct>().default('checkIn'),
    /** What brought it: the effect that asked (`journey/<enrollmentId>/<stepKey>/<occurrence>`), a press, a message, a request. */
    key: p.text(),
    done: p.boolean(),
    /** Of a habit that is counted: how much; null for yes and no. */
    amount: p.double().nullable(),
    note: p.text().nullable(),
    source: p.text().$type<CheckInSource>().default('journey'),
    /** Taken back; it counts for nothing. */
    undoneAt: p.datetime().fieldName('undone_at').nullable(),
    at: p.datetime(),
    /** `at` in the coachee's time zone as it was then, ISO 8601 with offset. */
    localTime: p.text().fieldName('local_time'),
    createdAt: createdAt(),
  },
  uniques: [{ name: 'check_ins_key', properties: ['key'] }],
  indexes: [
    { name: 'check_ins_coachee', properties: ['coacheeId', 'habit', 'id'] },
    { name: 'check_ins_day', properties: ['coacheeId', 'habitId', 'date'] },
  ],
  policies: tenantPolicy('check_ins'),
});
export type CheckIn = InferEntity<typeof CheckIn>;

/** What a coachee has a right to, by name; a row that is there is a right that stands. */
export const Entitlement = defineEntity({
  name: 'Entitlement',
  tableName: 'entitlements',
  properties: {
    creatorId: creatorColumn(),
    coacheeId: () => p.manyToOne(Coachee).mapToPk().fieldName('coachee_id').deleteRule('cascade').primary(),
    name: p.text().primary(),
    createdAt: createdAt(),
  },
  policies: tenantPolicy('entitlements'),
});
export type Entitlement = InferEntity<typeof Entitlement>;

/** A text that a journey holds back until somebody of the team has looked at it. */
export const Review = defineEntity({
  name: 'Review',
  tableName: 'reviews',
  properties: {
    id: p.uuid().$type<ReviewId>().primary(),
    creatorId: creatorColumn(),
    enrollmentId: () => p.manyToOne(Enrollment).mapToPk().fieldName('enrollment_id').deleteRule('cascade'),
    stepKey: p.text().fieldName('step_key'),
    occurrence: p.integer(),
    text: p.text(),
    instructions: p.text().nullable(),
    /** `withdrawn`: the journey went on without it. */
    status: p.text().$type<'open' | 'approved' | 'edited' | 'rejected' | 'timedOut' | 'withdrawn'>(),
    note: p.text().nullable(),
    decidedBy: p.uuid().$type<UserId>().fieldName('decided_by').nullable(),
    decidedAt: p.datetime().fieldName('decided_at').nullable(),
    createdAt: createdAt(),
  },
  uniques: [{ name: 'reviews_effect', properties: ['enrollmentId', 'stepKey', 'occurrence'] }],
  indexes: [{ name: 'reviews_creator', properties: ['creatorId', 'status', 'id'] }],
  policies: tenantPolicy('reviews'),
});
export type Review = InferEntity<typeof Review>;
