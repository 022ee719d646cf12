/** Cohorts over HTTP. */
import { z } from 'zod';
import { COHORT_KINDS } from '../domain/journeys/cohorts.ts';
import { timeOfDay } from '../domain/journeys/steps/fields.ts';
import { instant, pageOf } from './http.ts';
import { cohortId, programId, userId } from './ids.ts';
import { enrollmentFigures } from './journeys.ts';

const name = z.string().trim().min(1).max(100).meta({ example: 'Spring' });
const startsOn = z.iso.date().meta({ description: 'The day of the first step, by each coachee’s calendar' });
const startsAt = timeOfDay.meta({ description: 'Local time of the first step', example: '08:00' });
const cap = z
  .int()
  .min(1)
  .max(1_000_000)
  .meta({ description: 'How many may be in it, tests and those who left not counted' });
const late = z.boolean().meta({ description: 'Whether people may come in after the start, or although it is closed' });
const coachUserId = userId.meta({ description: 'A member with the role coach or more' });

export const createCohortRequest = z
  .strictObject({
    name,
    kind: z.enum(COHORT_KINDS).meta({ description: '`fixed`: all begin on one day; `rolling`: each as they come' }),
    startsOn: startsOn.optional(),
    startsAt: startsAt.optional(),
    cap: cap.optional(),
    late: late.default(false),
    coachUserId: coachUserId.optional(),
  })
  .refine(({ kind, startsOn: day }) => (kind === 'fixed') === (day !== undefined), {
    path: ['startsOn'],
    message: 'a fixed cohort has a day, a rolling one has none',
  })
  .refine(({ kind, startsAt: time }) => kind === 'fixed' || time === undefined, {
    path: ['startsAt'],
    message: 'a rolling cohort has no time to start at',
  })
  .meta({ id: 'CreateCohortRequest' });

export const changeCohortRequest = z
  .strictObject({
    name: name.optional(),
    cap: cap.nullable().optional().meta({ description: 'Null takes it away; those who are in stay in' }),
    late: late.optional(),
    coachUserId: coachUserId.nullable().optional(),
    closed: z.boolean().optional().meta({ description: 'Closed, it takes nobody in; false opens it again' }),
    startsOn: startsOn.optional(),
    startsAt: startsAt.optional(),
  })
  .meta({ id: 'ChangeCohortRequest' });

export const cohort = z
  .object({
    id: cohortId,
    programId,
    name: z.string(),
    kind: z.enum(COHORT_KINDS),
    startsOn: startsOn.nullable(),
    startsAt: startsAt.nullable(),
    cap: z.int().nullable(),
    late: z.boolean(),
    coachUserId: userId.nullable(),
    closedAt: instant.nullable(),
    createdAt: instant,
  })
  .meta({ id: 'Cohort' });
export const cohortPage = pageOf('Cohort', cohort);

export const cohortWithFigures = cohort
  .extend({
    enrollments: enrollmentFigures.extend({
      taken: z.int().meta({ description: 'Places that are taken: all but those who left before the end' }),
    }),
  })
  .meta({ id: 'CohortWithFigures' });

export type CreateCohortRequest = z.output<typeof createCohortRequest>;
export type ChangeCohortRequest = z.output<typeof changeCohortRequest>;
