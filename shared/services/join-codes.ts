/** Codes that links and `/start` carry: one per program that everyone may open, or one of a person's own. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { z } from 'zod';
import type { Page, PageQuery } from '../contracts/http.ts';
import type { CoacheeId, CohortId, CreatorId, EnrollmentId, ProgramId } from '../contracts/ids.ts';
import { JoinCode } from '../db/entities/channels.ts';
import { Coachee, Enrollment } from '../db/entities/journeys.ts';
import { notFound } from '../errors.ts';
import { getCohort } from './cohorts.ts';
import { decodeCursor, toPage } from './paging.ts';
import { getProgram } from './programs.ts';
import { newCode } from './random.ts';

/** 60 bits: a program's code is no secret, but nobody should come upon it. */
const PROGRAM_CODE_LENGTH = 12;
/** 125 bits: whoever has a personal code is taken for that person. */
const PERSONAL_CODE_LENGTH = 25;
const PERSONAL_CODE_MS = 7 * 24 * 60 * 60 * 1000;

export interface ProgramCodeInput {
  creatorId: CreatorId;
  programId: ProgramId;
  /** A cohort of the program that whoever opens it is put in. */
  cohortId: CohortId | null;
  /** Whoever opens it is enrolled as a test at this pace. */
  testMsPerDay: number | null;
}

/** Makes a code that everyone may open. Throws CairnError `notFound`. */
export const createProgramCode = async (em: EntityManager, input: ProgramCodeInput): Promise<JoinCode> => {
  await getProgram(em, input.programId);
  if (input.cohortId) await getCohort(em, input.cohortId, input.programId);
  return insert(em, { code: newCode(PROGRAM_CODE_LENGTH), ...input });
};

/**
 * Makes a code that ties one more channel to the coachee, good for seven days; it starts the enrollment that waits for a channel, if one does.
 * Throws CairnError `notFound`.
 */
export const createPersonalCode = async (
  em: EntityManager,
  { creatorId, coacheeId, enrollmentId }: { creatorId: CreatorId; coacheeId: CoacheeId; enrollmentId?: EnrollmentId },
): Promise<JoinCode> => {
  if (!(await em.findOne(Coachee, { id: coacheeId }))) throw notFound('coachee');
  const waiting = enrollmentId ?? (await waitingEnrollment(em, coacheeId));
  const expiresAt = new Date(Date.now() + PERSONAL_CODE_MS);
  return insert(em, { code: newCode(PERSONAL_CODE_LENGTH), creatorId, coacheeId, enrollmentId: waiting, expiresAt });
};

const waitingEnrollment = async (em: EntityManager, coacheeId: CoacheeId): Promise<EnrollmentId | null> => {
  const where = { coacheeId, status: 'invited' as const, endedAt: null };
  const waiting = await em.findOne(Enrollment, where, { orderBy: { id: 'desc' } });
  return waiting?.id ?? null;
};

const insert = async (
  em: EntityManager,
  given: Pick<JoinCode, 'code' | 'creatorId'> &
    Partial<Pick<JoinCode, 'programId' | 'cohortId' | 'coacheeId' | 'enrollmentId' | 'testMsPerDay' | 'expiresAt'>>,
): Promise<JoinCode> => {
  const code = em.create(JoinCode, { ...given, createdAt: new Date() });
  await em.flush();
  return code;
};

const codeCursor = z.tuple([z.string().max(100)]);

/** A page of a program's codes. Throws CairnError `notFound`. */
export const listProgramCodes = async (
  em: EntityManager,
  programId: ProgramId,
  { limit, cursor }: PageQuery,
): Promise<Page<JoinCode>> => {
  await getProgram(em, programId);
  const after = cursor === undefined ? null : decodeCursor(cursor, codeCursor)[0];
  const codes = await em.find(
    JoinCode,
    { programId, ...(after !== null && { code: { $gt: after } }) },
    { orderBy: { code: 'asc' }, limit: limit + 1 },
  );
  return toPage(codes, limit, ({ code }) => [code]);
};
