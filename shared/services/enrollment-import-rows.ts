/** The rows of an import become enrollments: each once, in a transaction of its own. */
import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import type { CreatorId, EnrollmentId, EnrollmentImportId } from '../contracts/ids.ts';
import { EnrollmentImport, EnrollmentImportRow } from '../db/entities/enrollment-imports.ts';
import type { Coachee, Enrollment } from '../db/entities/journeys.ts';
import {
  type ImportCounts,
  type ImportProgress,
  type ImportRowStatus,
  type NewcomerRow,
  noRows,
} from '../domain/journeys/enrollment-imports.ts';
import { CairnError } from '../errors.ts';
import { coacheeByExternalId, createCoachee } from './coachees.ts';
import { createPersonalCode } from './join-codes.ts';
import { enroll } from './journeys.ts';
import { enrollOnTags, paceOf } from './triggers.ts';

/** The first lines that wait, in the file's order; none once the import was cancelled. Notes that its run is at work. */
export const waitingLines = async (
  em: EntityManager,
  importId: EnrollmentImportId,
  most: number,
): Promise<number[]> => {
  await em.nativeUpdate(
    EnrollmentImport,
    { id: importId, status: 'waiting' },
    { status: 'running', runStartedAt: new Date() },
  );
  const { status } = await em.findOneOrFail(EnrollmentImport, { id: importId });
  if (status !== 'running') return [];
  const rows = await em.find(
    EnrollmentImportRow,
    { importId, status: 'waiting' },
    { orderBy: { line: 'asc' }, limit: most, fields: ['line'] },
  );
  return rows.map(({ line }) => line);
};

export interface RowRef {
  creatorId: CreatorId;
  importId: EnrollmentImportId;
  line: number;
}

/** Enrolls a row that still waits and says so in the row, in one transaction; gives the enrollments whose runs are to be started after it. */
export const enrollRow = async (em: EntityManager, ref: RowRef): Promise<EnrollmentId[]> => {
  try {
    return await em.transactional((tx) => enrollWaiting(tx, ref));
  } catch (error) {
    if (!(error instanceof CairnError)) throw error;
    // What was made for the row is gone with its transaction.
    const { importId, line } = ref;
    const { enrollmentId } = error.detail as { enrollmentId?: EnrollmentId };
    const outcome = enrollmentId
      ? { status: 'alreadyIn' as const, enrollmentId }
      : { status: 'refused' as const, errors: [{ column: null, message: error.message }] };
    await em.nativeUpdate(EnrollmentImportRow, { importId, line, status: 'waiting' }, { ...outcome, newcomer: null });
    return [];
  }
};

const enrollWaiting = async (em: EntityManager, { creatorId, importId, line }: RowRef): Promise<EnrollmentId[]> => {
  const lockMode = LockMode.PESSIMISTIC_WRITE;
  const row = await em.findOne(EnrollmentImportRow, { importId, line, status: 'waiting' }, { lockMode });
  const parent = await em.findOneOrFail(EnrollmentImport, { id: importId });
  if (!row?.newcomer || parent.status !== 'running') return [];
  const { programId, cohortId } = parent;
  const { coachee, isNew } = await coacheeOf(em, creatorId, row.newcomer);
  const { id: coacheeId } = coachee;
  const made = await enroll(em, { programId, coacheeId, cohortId, test: await paceOf(em, coachee) });
  const { enrolled } = isNew ? await enrollOnTags(em, coachee, []) : { enrolled: [] };
  const invited = made.status === 'invited';
  const code = invited ? await createPersonalCode(em, { creatorId, coacheeId, enrollmentId: made.id }) : null;
  Object.assign(row, {
    ...{ status: invited ? 'invited' : 'started', newcomer: null, coacheeId, enrollmentId: made.id },
    joinCode: code?.code ?? null,
  } satisfies Partial<EnrollmentImportRow>);
  await em.flush();
  return [made, ...enrolled].filter(({ status }: Enrollment) => status === 'active').map(({ id }) => id);
};

/** Until the coachee says where they live, with the first channel that they open. */
const FALLBACK_ZONE = 'UTC';

const coacheeOf = async (
  em: EntityManager,
  creatorId: CreatorId,
  { timeZone, externalId, language, ...given }: NewcomerRow,
): Promise<{ coachee: Coachee; isNew: boolean }> => {
  const known = externalId === null ? null : await coacheeByExternalId(em, externalId);
  if (known) return { coachee: known, isNew: false };
  const coachee = await createCoachee(em, creatorId, {
    ...{ ...given, timeZone: timeZone ?? FALLBACK_ZONE },
    ...(externalId !== null && { externalId }),
    ...(language !== null && { language }),
  });
  return { coachee, isNew: true };
};

/** Ends an import of which no row waits any more; gives where it stands. */
export const settleImport = async (em: EntityManager, importId: EnrollmentImportId): Promise<ImportProgress> => {
  const counts = await countRows(em, importId);
  if (counts.waiting === 0) {
    const ended = { status: 'finished' as const, endedAt: new Date() };
    await em.nativeUpdate(EnrollmentImport, { id: importId, status: 'running' }, ended);
  }
  const { status } = await em.findOneOrFail(EnrollmentImport, { id: importId });
  return { status, counts };
};

/** How many rows are where. */
export const countRows = async (em: EntityManager, importId: EnrollmentImportId): Promise<ImportCounts> => {
  const rows = await em.execute<{ status: ImportRowStatus; count: number }[]>(
    'select status, count(*)::int as count from enrollment_import_rows where import_id = ? group by status',
    [importId],
  );
  return { ...noRows, ...Object.fromEntries(rows.map(({ status, count }) => [status, count])) };
};
