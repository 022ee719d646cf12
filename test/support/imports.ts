/** Rows of files of people, and what became of them. */
import type { EnrollmentImportId } from '../../shared/contracts/ids.ts';
import { EnrollmentImportRow } from '../../shared/db/entities/enrollment-imports.ts';
import type { NewcomerRow } from '../../shared/domain/journeys/enrollment-imports.ts';
import type { GivenCreator } from './factories.ts';

/** A row of a person whom nobody knows yet. */
export const givenRow = (line: number, more: Partial<NewcomerRow> = {}): { line: number; newcomer: NewcomerRow } => ({
  line,
  newcomer: {
    name: `Person ${line}`,
    timeZone: 'UTC',
    language: null,
    externalId: null,
    tags: [],
    traits: {},
    ...more,
  },
});

/** An import's rows in the file's order. */
export const rowsOf = (
  { em }: Pick<GivenCreator, 'em'>,
  importId: EnrollmentImportId,
): Promise<EnrollmentImportRow[]> => em().find(EnrollmentImportRow, { importId }, { orderBy: { line: 'asc' } });
