/** From rows to what the API shows of coachees and journeys. */
import type { z } from 'zod';
import type {
  coachee,
  enrollment,
  joinLink,
  programJoinLink,
  review,
  timelineEntry,
} from '../../shared/contracts/journeys.ts';
import type { JoinCode } from '../../shared/db/entities/channels.ts';
import type { Coachee, Enrollment, Review, TimelineEntry } from '../../shared/db/entities/journeys.ts';

export const presentCoachee = (row: Coachee): z.input<typeof coachee> => ({
  id: row.id,
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

/** A code as the link that opens it. */
export const presentJoinCode = ({ code, expiresAt }: JoinCode, publicUrl: string): z.input<typeof joinLink> => ({
  code,
  url: `${publicUrl}/join/${code}`,
  expiresAt: expiresAt?.toISOString() ?? null,
});

export const presentProgramCode = (code: JoinCode, publicUrl: string): z.input<typeof programJoinLink> => ({
  ...presentJoinCode(code, publicUrl),
  testMsPerDay: code.testMsPerDay ?? null,
  createdAt: code.createdAt.toISOString(),
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
