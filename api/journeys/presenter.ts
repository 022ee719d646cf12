/** From rows to what the API shows of coachees and journeys. */
import type { z } from 'zod';
import type { enrollmentEventOutcome } from '../../shared/contracts/enrollment-events.ts';
import type { enrollmentImport, enrollmentImportRow } from '../../shared/contracts/enrollment-imports.ts';
import type {
  coachee,
  enrollment,
  joinLink,
  programJoinLink,
  review,
  timelineEntry,
} from '../../shared/contracts/journeys.ts';
import type { JoinCode } from '../../shared/db/entities/channels.ts';
import type { EnrollmentImport, EnrollmentImportRow } from '../../shared/db/entities/enrollment-imports.ts';
import type { Coachee, Enrollment, Review, TimelineEntry } from '../../shared/db/entities/journeys.ts';
import type { ImportCounts } from '../../shared/domain/journeys/enrollment-imports.ts';
import type { EventOutcome } from '../../shared/services/enrollment-events.ts';

export const presentCoachee = (row: Coachee): z.input<typeof coachee> => ({
  id: row.id,
  externalId: row.externalId ?? null,
  name: row.name,
  timeZone: row.timeZone,
  language: row.language ?? null,
  deliveryPolicy: row.deliveryPolicy ?? null,
  traits: row.traits,
  tags: row.tags,
  isTest: row.isTest,
  createdAt: row.createdAt.toISOString(),
});

export const presentEnrollment = (row: Enrollment): z.input<typeof enrollment> => ({
  id: row.id,
  programId: row.programId,
  programVersion: row.programVersion,
  coacheeId: row.coacheeId,
  cohortId: row.cohortId ?? null,
  status: row.status,
  isTest: row.isTest,
  testMsPerDay: row.testMsPerDay ?? null,
  stepKey: row.stepKey ?? null,
  dueAt: row.dueAt?.toISOString() ?? null,
  awaitingReply: row.awaitingReplySince != null,
  parkedReason: row.parkedReason ?? null,
  outcome: row.outcome ?? null,
  createdAt: row.createdAt.toISOString(),
  endedAt: row.endedAt?.toISOString() ?? null,
});

const joinUrl = (code: string, publicUrl: string): string => `${publicUrl}/join/${code}`;

/** A code as the link that opens it. */
export const presentJoinCode = ({ code, expiresAt }: JoinCode, publicUrl: string): z.input<typeof joinLink> => ({
  code,
  url: joinUrl(code, publicUrl),
  expiresAt: expiresAt?.toISOString() ?? null,
});

export const presentProgramCode = (code: JoinCode, publicUrl: string): z.input<typeof programJoinLink> => ({
  ...presentJoinCode(code, publicUrl),
  cohortId: code.cohortId ?? null,
  testMsPerDay: code.testMsPerDay ?? null,
  createdAt: code.createdAt.toISOString(),
});

export const presentEventOutcome = (
  { coacheeId, enrolled, refused }: EventOutcome,
  publicUrl: string,
): Omit<z.input<typeof enrollmentEventOutcome>, 'duplicate'> => ({
  coacheeId,
  enrolled: enrolled.map(({ joinCode, ...one }) => ({
    ...one,
    joinLink: joinCode && { ...joinCode, url: joinUrl(joinCode.code, publicUrl) },
  })),
  refused,
});

export const presentTimelineEntry = (row: TimelineEntry): z.input<typeof timelineEntry> => ({
  id: row.id,
  kind: row.kind,
  stepKey: row.stepKey ?? null,
  occurrence: row.occurrence ?? null,
  detail: row.detail,
  at: row.at.toISOString(),
  localTime: row.localTime,
});

export const presentReview = (row: Review): z.input<typeof review> => ({
  id: row.id,
  enrollmentId: row.enrollmentId,
  stepKey: row.stepKey,
  text: row.text,
  instructions: row.instructions ?? null,
  status: row.status,
  note: row.note ?? null,
  decidedBy: row.decidedBy ?? null,
  decidedAt: row.decidedAt?.toISOString() ?? null,
  createdAt: row.createdAt.toISOString(),
});

export const presentImport = (row: EnrollmentImport, counts: ImportCounts): z.input<typeof enrollmentImport> => ({
  id: row.id,
  programId: row.programId,
  cohortId: row.cohortId ?? null,
  status: row.status,
  counts,
  createdAt: row.createdAt.toISOString(),
  endedAt: row.endedAt?.toISOString() ?? null,
});

/** A row's errors, each with the row's line. */
export const presentRowErrors = ({ line, errors }: EnrollmentImportRow) => errors.map((error) => ({ line, ...error }));

export const presentImportRow = (row: EnrollmentImportRow, publicUrl: string): z.input<typeof enrollmentImportRow> => ({
  line: row.line,
  status: row.status,
  coacheeId: row.coacheeId ?? null,
  enrollmentId: row.enrollmentId ?? null,
  joinLink: row.joinCode == null ? null : joinUrl(row.joinCode, publicUrl),
  errors: row.errors,
});
