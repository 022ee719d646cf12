/** Journeys over HTTP: coachees, enrollments, signals, timelines. */
import { z } from 'zod';
import { CHANNEL_KINDS } from '../domain/channels/deliveries.ts';
import type { DeliveryPolicy } from '../domain/channels/delivery-policy.ts';
import {
  entitlementName,
  factValue,
  stepKey,
  tagName,
  timeOfDay,
  variableName,
} from '../domain/journeys/steps/fields.ts';
import { isTimeZone } from '../domain/time-zone.ts';
import { instant, pageOf, pageQuery } from './http.ts';
import { coacheeId, cohortId, enrollmentId, programId, reviewId, userId } from './ids.ts';
import { languageTag } from './program-definition.ts';

/** A query flag: `true` or `false`, by default false. */
export const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((value) => value === 'true');

export const timeZone = z
  .string()
  .min(1)
  .max(64)
  .refine(isTimeZone, 'a time zone of the IANA database, e.g. Europe/Berlin')
  .meta({ description: 'IANA name', example: 'Europe/Berlin' });

export const coacheeName = z.string().trim().min(1).max(100).meta({ example: 'Mira' });
const traits = z
  .record(variableName, factValue)
  .refine((given) => Object.keys(given).length <= 100, 'at most 100 traits')
  .meta({ example: { goal: 'sleep better' } });
const tags = z.array(tagName).max(100);
const language = languageTag.meta({
  description: 'BCP 47; programs that are not written in it answer in their own',
  example: 'de',
});

export const deliveryPolicy: z.ZodType<DeliveryPolicy> = z
  .strictObject({
    quietHours: z.strictObject({ from: timeOfDay, to: timeOfDay }).optional().meta({
      description: 'Local times; what comes in them waits for `to`, answers to the coachee’s own words excepted',
    }),
    maxPerDay: z.int().min(1).max(100).optional().meta({ description: 'Of all programs together, on a local day' }),
    channels: z
      .array(z.enum(CHANNEL_KINDS))
      .min(1)
      .max(CHANNEL_KINDS.length)
      .refine((kinds) => new Set(kinds).size === kinds.length, 'each channel once')
      .optional()
      .meta({ description: 'Tried in this order' }),
  })
  .meta({ id: 'DeliveryPolicy' });

export const externalId = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .meta({ description: 'What your own systems call the coachee; no other coachee has it', example: 'customer-4711' });

export const createCoacheeRequest = z
  .strictObject({
    name: coacheeName,
    timeZone,
    externalId: externalId.optional(),
    language: language.optional(),
    traits: traits.default({}),
    tags: tags.default([]),
    deliveryPolicy: deliveryPolicy.optional(),
  })
  .meta({ id: 'CreateCoacheeRequest' });

export const changeCoacheeRequest = z
  .strictObject({
    name: coacheeName.optional(),
    timeZone: timeZone.optional().meta({ description: 'Waits that are under way are counted anew' }),
    language: language.nullable().optional(),
    deliveryPolicy: deliveryPolicy.nullable().optional(),
    traits: z
      .record(variableName, factValue.nullable())
      .refine((given) => Object.keys(given).length <= 100, 'at most 100 traits')
      .optional()
      .meta({ description: 'Merged into those that are there; null takes one away' }),
    tags: tags.optional().meta({ description: 'Replace those that are there' }),
  })
  .meta({ id: 'ChangeCoacheeRequest' });

export const coachee = z
  .object({
    id: coacheeId,
    externalId: z.string().nullable(),
    name: z.string(),
    timeZone: z.string(),
    language: z.string().nullable(),
    deliveryPolicy: deliveryPolicy.nullable(),
    traits: z.record(z.string(), factValue),
    tags: z.array(z.string()),
    isTest: z.boolean(),
    createdAt: instant,
  })
  .meta({ id: 'Coachee' });
export const coacheePage = pageOf('Coachee', coachee);
export const coacheeQuery = pageQuery.extend({ externalId: externalId.optional(), includeTests: flag });

export const enrollmentStatus = z
  .enum(['invited', 'active', 'paused', 'parked', 'finished', 'exited'])
  .meta({ id: 'EnrollmentStatus', description: '`invited`: waits until the coachee opens a channel' });

/** How long a day of a test lasts: from a tenth of a second to a real day. */
export const testPace = z.strictObject({
  msPerDay: z
    .int()
    .min(100)
    .max(86_400_000)
    .meta({ description: 'Milliseconds that a day of waiting lasts', example: 2000 }),
});

export const createEnrollmentRequest = z
  .strictObject({
    programId,
    cohortId: cohortId.optional().meta({ description: 'A cohort of that program' }),
    coacheeId: coacheeId.optional(),
    coachee: createCoacheeRequest.optional().meta({ description: 'A new coachee, in place of `coacheeId`' }),
    test: testPace.optional().meta({ description: 'A test at this pace: marked everywhere and left out of figures' }),
  })
  .refine((given) => (given.coacheeId === undefined) !== (given.coachee === undefined), {
    path: ['coacheeId'],
    message: 'either coacheeId or coachee',
  })
  .meta({ id: 'CreateEnrollmentRequest' });

export const enrollment = z
  .object({
    id: enrollmentId,
    programId,
    programVersion: z.int().meta({ description: 'The version that it is pinned to' }),
    coacheeId,
    cohortId: cohortId.nullable(),
    status: enrollmentStatus,
    isTest: z.boolean(),
    testMsPerDay: z.int().nullable(),
    stepKey: z.string().nullable(),
    dueAt: instant.nullable().meta({ description: 'When the wait that is under way ends' }),
    awaitingReply: z.boolean(),
    parkedReason: z.string().nullable().meta({ description: 'Why it is parked, until `retry`, `skip` or `exit`' }),
    outcome: z.string().nullable(),
    createdAt: instant,
    endedAt: instant.nullable(),
  })
  .meta({ id: 'Enrollment' });
export const enrollmentPage = pageOf('Enrollment', enrollment);
export const enrollmentQuery = pageQuery.extend({
  programId: programId.optional(),
  coacheeId: coacheeId.optional(),
  cohortId: cohortId.optional(),
  status: enrollmentStatus.optional(),
  includeTests: flag,
});

export const joinLink = z
  .object({ code: z.string(), url: z.url(), expiresAt: instant.nullable() })
  .meta({ id: 'JoinLink' });
export const newEnrollment = z
  .object({
    enrollment,
    joinLink: joinLink.nullable().meta({ description: 'For the coachee alone, where they are on no channel yet' }),
  })
  .meta({ id: 'NewEnrollment' });

export const programJoinLink = joinLink
  .extend({ cohortId: cohortId.nullable(), testMsPerDay: z.int().nullable(), createdAt: instant })
  .meta({ id: 'ProgramJoinLink' });
export const programJoinLinkPage = pageOf('ProgramJoinLink', programJoinLink);
export const createJoinCodeRequest = z
  .strictObject({
    cohortId: cohortId.optional().meta({ description: 'Whoever opens it is put in this cohort of the program' }),
    testMsPerDay: testPace.shape.msPerDay
      .optional()
      .meta({ description: 'Whoever opens it is enrolled as a test at this pace' }),
  })
  .meta({ id: 'CreateJoinCodeRequest' });

export const signalRequest = z
  .strictObject({
    payload: z.record(z.string().max(100), z.unknown()).optional().meta({ description: 'Of a custom signal' }),
    mode: z.enum(['shift', 'compress']).optional().meta({
      description:
        'Of `resume`: `shift` puts the remaining dates off by the pause; `compress`, the default, leaves them as they were',
    }),
    days: z
      .int()
      .min(1)
      .max(366)
      .optional()
      .meta({ description: 'Of `shift`: by how many days the remaining dates are put off' }),
    stepKey: stepKey
      .optional()
      .meta({ description: 'Of `unlock`: the step to open; what the journey is held at, where none is named' }),
    reason: z.string().trim().min(1).max(500).optional().meta({ description: 'For the timeline' }),
  })
  .meta({ id: 'SignalRequest' });
export const signalVerdict = z
  .object({
    verdict: z.enum(['accepted', 'duplicate', 'notAwaited', 'queued']).meta({
      description: '`queued` (202): no worker answered in time; it is kept and taken once one does',
    }),
  })
  .meta({ id: 'SignalVerdict' });

export const progress = z
  .object({
    status: z.enum(['invited', 'starting', 'active', 'paused', 'parked', 'finished', 'exited']),
    stepKey: z.string().nullable(),
    awaitingReply: z.boolean(),
    doing: z.string().meta({ description: 'What the journey does or waits for now, in plain language' }),
    dueAt: instant.nullable(),
    parkedReason: z.string().nullable(),
  })
  .meta({ id: 'JourneyProgress' });

export const timelineEntry = z
  .object({
    id: z.uuid(),
    kind: z.string().meta({ example: 'notSent' }),
    stepKey: z.string().nullable(),
    occurrence: z.int().nullable(),
    detail: z.record(z.string(), z.unknown()),
    at: instant.meta({ description: 'Journey time: real, or at the pace of a test' }),
    localTime: z.string().meta({ description: 'What the coachee’s clock showed' }),
  })
  .meta({ id: 'TimelineEntry' });
export const timelinePage = pageOf('TimelineEntry', timelineEntry);

export const entitlement = z.object({ name: entitlementName, since: instant }).meta({ id: 'Entitlement' });
export const entitlements = z.object({ items: z.array(entitlement) }).meta({ id: 'Entitlements' });

export const reviewStatus = z.enum(['open', 'approved', 'edited', 'rejected', 'timedOut', 'withdrawn']);
export const review = z
  .object({
    id: reviewId,
    enrollmentId,
    stepKey: z.string(),
    text: z.string().meta({ description: 'As it was proposed' }),
    instructions: z.string().nullable(),
    status: reviewStatus.meta({ description: '`withdrawn`: the journey went on without it' }),
    note: z.string().nullable(),
    decidedBy: userId.nullable(),
    decidedAt: instant.nullable(),
    createdAt: instant,
  })
  .meta({ id: 'Review' });
export const reviewPage = pageOf('Review', review);
export const reviewQuery = pageQuery.extend({ status: reviewStatus.optional() });
const reviewNote = z.string().trim().min(1).max(1000).optional();
export const reviewDecision = z
  .discriminatedUnion('verdict', [
    z.strictObject({ verdict: z.literal('approved'), note: reviewNote }),
    z.strictObject({ verdict: z.literal('edited'), text: z.string().trim().min(1).max(4096), note: reviewNote }),
    z.strictObject({ verdict: z.literal('rejected'), note: reviewNote }),
  ])
  .meta({ id: 'ReviewDecision' });

export const enrollmentFigures = z.object({
  total: z.int(),
  byStatus: z.object({
    invited: z.int(),
    active: z.int(),
    paused: z.int(),
    parked: z.int(),
    finished: z.int(),
    exited: z.int(),
  }),
});

export const programFigures = z
  .object({ programId, enrollments: enrollmentFigures })
  .meta({ id: 'ProgramFigures', description: 'Tests are not counted' });

export type CreateCoacheeRequest = z.output<typeof createCoacheeRequest>;
export type ChangeCoacheeRequest = z.output<typeof changeCoacheeRequest>;
export type CreateEnrollmentRequest = z.output<typeof createEnrollmentRequest>;
export type EnrollmentQuery = z.output<typeof enrollmentQuery>;
export type ReviewQuery = z.output<typeof reviewQuery>;
export type SignalRequest = z.output<typeof signalRequest>;
