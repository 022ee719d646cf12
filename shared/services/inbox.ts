/** What a conversation reads and writes while it routes a coachee's messages. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { CoacheeId, CreatorId, EnrollmentId, InboundId, MessageId } from '../contracts/ids.ts';
import { InboundMessage, Message } from '../db/entities/conversations.ts';
import { Coachee, Enrollment } from '../db/entities/journeys.ts';
import { Program } from '../db/entities/programs.ts';
import type { Inbound } from '../domain/conversations/burst.ts';
import type { HelpFacts } from '../domain/conversations/phrases.ts';
import { planMessage } from './deliveries.ts';

/** Those of `ids` that no conversation has taken in, in the order in which they came. */
export const unhandled = async (em: EntityManager, ids: InboundId[]): Promise<Inbound[]> => {
  const rows = await em.find(InboundMessage, { id: { $in: ids }, handledAt: null }, { orderBy: { id: 'asc' } });
  return rows.map(({ id, content }) => ({ id, content }));
};

export const markHandled = (em: EntityManager, ids: InboundId[]): Promise<number> =>
  em.nativeUpdate(InboundMessage, { id: { $in: ids }, handledAt: null }, { handledAt: new Date() });

/** Plans an answer of Cairn's own. */
export const withAnswer = async (
  em: EntityManager,
  answer: { creatorId: CreatorId; coacheeId: CoacheeId; key: string; text: string },
): Promise<void> => {
  const coachee = await em.findOneOrFail(Coachee, { id: answer.coacheeId });
  await planMessage(em, { ...answer, buttons: [], isTest: coachee.isTest });
};

/** Enrollments with an open question, the latest asked first. */
export const askingJourneys = async (em: EntityManager, coacheeId: CoacheeId): Promise<EnrollmentId[]> => {
  const rows = await em.find(
    Enrollment,
    { coacheeId, endedAt: null, awaitingReplySince: { $ne: null } },
    { orderBy: { awaitingReplySince: 'desc' } },
  );
  return rows.map(({ id }) => id);
};

/** Enrollments that have a journey under way. */
export const liveEnrollments = (em: EntityManager, coacheeId: CoacheeId): Promise<Enrollment[]> =>
  em.find(Enrollment, { coacheeId, endedAt: null, status: { $ne: 'invited' } }, { orderBy: { id: 'asc' } });

export const helpFacts = async (em: EntityManager, coacheeId: CoacheeId): Promise<HelpFacts> => {
  const live = await liveEnrollments(em, coacheeId);
  const programs = await em.find(Program, { id: { $in: live.map(({ programId }) => programId) } });
  return {
    programs: programs.map(({ title }) => title),
    paused: live.length > 0 && live.every(({ status }) => status === 'paused'),
  };
};

/** The journey's message that a button was on; null when it is not one of this coachee's. */
export const messageWithButton = async (
  em: EntityManager,
  coacheeId: CoacheeId,
  id: MessageId,
): Promise<{ enrollmentId: EnrollmentId; stepKey: string; occurrence: number } | null> => {
  const message = await em.findOne(Message, { id, coacheeId });
  if (!message?.enrollmentId || !message.stepKey || !message.occurrence) return null;
  return { enrollmentId: message.enrollmentId, stepKey: message.stepKey, occurrence: message.occurrence };
};
