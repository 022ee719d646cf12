/** Events of other systems that enroll people, over HTTP. */
import { z } from 'zod';
import { coacheeId, cohortId, enrollmentId, programId } from './ids.ts';
import { createCoacheeRequest, enrollmentStatus, externalId, joinLink } from './journeys.ts';
import { signalName } from './program-definition.ts';

export const enrollmentEventRequest = z
  .strictObject({
    name: signalName.meta({ description: 'As programs name it in `enrollment.on`', example: 'purchased' }),
    id: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .meta({ description: 'Your own id of the event: within 8 days the same one counts once' }),
    coacheeId: coacheeId.optional(),
    externalId: externalId.optional(),
    coachee: createCoacheeRequest
      .optional()
      .meta({ description: 'A new coachee, unless one with its externalId is known; the known one stays as they are' }),
    cohortId: cohortId.optional().meta({ description: 'Those who come into its program are put in this cohort' }),
    payload: z
      .record(z.string().max(100), z.unknown())
      .refine((given) => Object.keys(given).length <= 100, 'at most 100 fields')
      .default({})
      .meta({ description: 'Kept with the event for 8 days' }),
  })
  .refine(
    (given) => [given.coacheeId, given.externalId, given.coachee].filter((one) => one !== undefined).length === 1,
    {
      path: ['coacheeId'],
      message: 'exactly one of coacheeId, externalId and coachee',
    },
  )
  .meta({ id: 'EnrollmentEventRequest' });

export const enrollmentEventOutcome = z
  .object({
    coacheeId,
    duplicate: z.boolean().meta({ description: 'The event was taken in before; what follows is what came of it then' }),
    enrolled: z.array(
      z.object({
        enrollmentId,
        programId,
        programVersion: z.int(),
        cohortId: cohortId.nullable(),
        status: enrollmentStatus,
        joinLink: joinLink.nullable().meta({ description: 'For the coachee alone, where they are on no channel yet' }),
      }),
    ),
    refused: z.array(
      z.object({
        programId,
        reason: z.string(),
        detail: z
          .record(z.string(), z.unknown())
          .meta({ description: '`enrollmentId`, `possibleFrom`, `cohortRefusal`' }),
      }),
    ),
  })
  .meta({ id: 'EnrollmentEventOutcome' });

export type EnrollmentEventRequest = z.output<typeof enrollmentEventRequest>;
