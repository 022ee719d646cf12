/** Imports: a file's rows are kept first, and enrolled after (design rule 5). */
import type { EntityManager } from '@mikro-orm/postgresql';
import { z } from 'zod';
import type { ImportRowQuery } from '../contracts/enrollment-imports.ts';
import type { Page, PageQuery } from '../contracts/http.ts';
import { type CohortId, type CreatorId, type EnrollmentImportId, newId, type ProgramId } from '../contracts/ids.ts';
import { EnrollmentImport, EnrollmentImportRow } from '../db/entities/enrollment-imports.ts';
import type { ReadRow } from '../domain/journeys/enrollment-imports.ts';
import { conflict, notFound } from '../errors.ts';
import { getCohort } from './cohorts.ts';
import { decodeCursor, toPage } from './paging.ts';
import { getProgram } from './programs.ts';

export interface ImportInput {
  creatorId: CreatorId;
  programId: ProgramId;
  /** A cohort of the program that all are put in. */
  cohortId: CohortId | null;
  rows: ReadRow[];
}

/** So many rows go to Postgres in one statement. */
const CHUNK = 5_000;

/** Throws CairnError `notFound`, and `conflict` when the program is not published. */
export const refuseNoProgram = async (
  em: EntityManager,
  { programId, cohortId }: Pick<ImportInput, 'programId' | 'cohortId'>,
): Promise<void> => {
  const { publishedVersion } = await getProgram(em, programId);
  if (publishedVersion == null) throw conflict('This program is not published yet.');
  if (cohortId) await getCohort(em, cohortId, programId);
};

/** Keeps the rows; call inside a transaction. Once it has committed, the import's run is to be started. Throws as `refuseNoProgram`. */
export const createImport = async (
  em: EntityManager,
  { creatorId, programId, cohortId, rows }: ImportInput,
): Promise<EnrollmentImport> => {
  await refuseNoProgram(em, { programId, cohortId });
  const id = newId<EnrollmentImportId>();
  const made = em.create(EnrollmentImport, {
    ...{ id, creatorId, programId, cohortId, status: 'waiting', createdAt: new Date() },
  });
  await em.flush();
  for (let from = 0; from < rows.length; from += CHUNK) await insertRows(em, made, rows.slice(from, from + CHUNK));
  return made;
};

const insertRows = async (em: EntityManager, { id, creatorId }: EnrollmentImport, rows: ReadRow[]): Promise<void> => {
  const given = rows.map((row) =>
    'newcomer' in row
      ? { line: row.line, status: 'waiting', newcomer: row.newcomer, errors: [] }
      : { line: row.line, status: 'bad', newcomer: null, errors: row.errors },
  );
  await em.execute(
    `insert into enrollment_import_rows (import_id, creator_id, line, status, newcomer, errors)
     select ?, ?, line, status, nullif(newcomer, 'null'::jsonb), errors
     from jsonb_to_recordset(?::jsonb) as given (line int, status text, newcomer jsonb, errors jsonb)`,
    [id, creatorId, JSON.stringify(given)],
  );
};

/** Throws CairnError `notFound`. */
export const getImport = async (em: EntityManager, id: EnrollmentImportId): Promise<EnrollmentImport> => {
  const found = await em.findOne(EnrollmentImport, { id });
  if (!found) throw notFound('import');
  return found;
};

const lineCursor = z.tuple([z.int32()]);

/** A page of an import's rows in the file's order. Throws CairnError `notFound`. */
export const listImportRows = async (
  em: EntityManager,
  importId: EnrollmentImportId,
  { limit, cursor, status }: Omit<ImportRowQuery, 'status'> & { status?: EnrollmentImportRow['status'][] },
): Promise<Page<EnrollmentImportRow>> => {
  await getImport(em, importId);
  const after = cursor === undefined ? 0 : decodeCursor(cursor, lineCursor)[0];
  const rows = await em.find(
    EnrollmentImportRow,
    { importId, line: { $gt: after }, ...(status && { status: { $in: status } }) },
    { orderBy: { line: 'asc' }, limit: limit + 1 },
  );
  return toPage(rows, limit, ({ line }) => [line]);
};

/** A page of the rows that were not let in. Throws CairnError `notFound`. */
export const listFaultyRows = (em: EntityManager, importId: EnrollmentImportId, page: PageQuery) =>
  listImportRows(em, importId, { ...page, status: ['bad', 'refused'] });

/** Ends an import: rows that wait are not enrolled any more; those that were stay. Throws CairnError `notFound`, `conflict` when it has ended. */
export const cancelImport = async (em: EntityManager, id: EnrollmentImportId): Promise<EnrollmentImport> => {
  const cancelled = await em.nativeUpdate(
    EnrollmentImport,
    { id, status: { $in: ['waiting', 'running'] } },
    { status: 'cancelled', endedAt: new Date() },
  );
  const found = await getImport(em, id);
  if (cancelled === 0) throw conflict('This import has ended.', { importStatus: found.status });
  return found;
};
