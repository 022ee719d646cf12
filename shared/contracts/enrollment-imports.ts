/** Imports of people from a file, over HTTP. */
import { z } from 'zod';
import { IMPORT_ROW_STATUSES, IMPORT_STATUSES } from '../domain/journeys/enrollment-imports.ts';
import { instant, pageOf, pageQuery } from './http.ts';
import { coacheeId, cohortId, enrollmentId, enrollmentImportId, programId } from './ids.ts';
import { flag } from './journeys.ts';

export const enrollmentImportQuery = z.strictObject({
  programId,
  cohortId: cohortId.optional().meta({ description: 'A cohort of that program that all are put in' }),
  dryRun: flag.meta({ description: 'Nobody is enrolled: only tells what would come of it' }),
});

export const enrollmentImportBody = z
  .string()
  .min(1)
  .meta({
    description:
      'UTF-8, at most 5 MB and 50,000 rows; separated by comma, semicolon or tab. Columns: `name` (needed), `timeZone`, `language`, `externalId`, ' +
      '`tags` (separated by ;), `trait.<name>`. A coachee whose externalId is known stays as they are.',
    example: 'name,timeZone,externalId,tags,trait.goal\nMira,Europe/Berlin,customer-4711,vip;spring,sleep better\n',
  });

const rowError = z
  .object({
    line: z.int().meta({ description: 'Where the row begins, the header being line 1' }),
    column: z.string().nullable().meta({ description: 'Null: about the row as a whole' }),
    message: z.string(),
  })
  .meta({ id: 'EnrollmentImportError' });

const count = z.int().min(0);

/** What a dry run tells. */
const enrollmentForecast = z
  .object({
    rows: count,
    bad: count.meta({ description: 'Rows that do not fit' }),
    newCoachees: count.meta({ description: 'Would be made and enrolled' }),
    knownCoachees: count.meta({ description: 'Known by their externalId; would be enrolled' }),
    alreadyEnrolled: count,
    refused: count.meta({ description: 'Would not be let in: the cohort, or the rule of re-entry' }),
    errors: z.array(rowError).meta({ description: 'Of bad and refused rows, the first 1,000' }),
  })
  .meta({ id: 'EnrollmentForecast' });

const importCounts = z.object(
  Object.fromEntries(IMPORT_ROW_STATUSES.map((status) => [status, count])) as Record<
    (typeof IMPORT_ROW_STATUSES)[number],
    typeof count
  >,
);

export const enrollmentImport = z
  .object({
    id: enrollmentImportId,
    programId,
    cohortId: cohortId.nullable(),
    status: z.enum(IMPORT_STATUSES),
    counts: importCounts.meta({
      description:
        '`bad`: does not fit; `started`: the journey begins; `invited`: begins when the coachee opens the link; `refused`: not let in',
    }),
    createdAt: instant,
    endedAt: instant.nullable(),
  })
  .meta({ id: 'EnrollmentImport' });

/** POST: an import that was begun (201), or what a dry run tells (200). */
export const enrollmentImportReply = z
  .object({ import: enrollmentImport.nullable(), forecast: enrollmentForecast.nullable() })
  .meta({ id: 'EnrollmentImportReply' });

export const enrollmentImportWithErrors = enrollmentImport
  .extend({ errors: pageOf('EnrollmentImportError', rowError) })
  .meta({ id: 'EnrollmentImportWithErrors' });

export const importRowQuery = pageQuery.extend({ status: z.enum(IMPORT_ROW_STATUSES).optional() });

export const enrollmentImportRow = z
  .object({
    line: z.int(),
    status: z.enum(IMPORT_ROW_STATUSES),
    coacheeId: coacheeId.nullable(),
    enrollmentId: enrollmentId.nullable(),
    joinLink: z.url().nullable().meta({ description: 'For the coachee alone, where they are on no channel yet' }),
    errors: z.array(rowError.omit({ line: true })),
  })
  .meta({ id: 'EnrollmentImportRow' });
export const enrollmentImportRowPage = pageOf('EnrollmentImportRow', enrollmentImportRow);

export type EnrollmentForecast = z.output<typeof enrollmentForecast>;
export type ImportRowQuery = z.output<typeof importRowQuery>;
