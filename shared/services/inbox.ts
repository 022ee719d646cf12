/** What a conversation reads and writes while it routes a coachee's messages. */
import type { EntityManager } from '@mikro-orm/postgresql';
import {
  type CoacheeId,
  type CreatorId,
  type EnrollmentId,
  type InboundId,
  inboundId,
  type MessageId,
} from '../contracts/ids.ts';
import { Delivery } from '../db/entities/channels.ts';
import { InboundMessage, Message } from '../db/entities/conversations.ts';
import { CoacheeHabit, Habit, ReminderFire } from '../db/entities/habits.ts';
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

/** The journey that took that message, also where the attempt that gave it to the journey never learned so; else null. */
export const takerOf = async (em: EntityManager, id: InboundId): Promise<EnrollmentId | null> =>
  (await em.findOne(InboundMessage, { id }))?.takenBy ?? null;

/** Notes with a decision that the journey took the message that is named `eventId`, if one is. */
export const noteTaken = async (
  em: EntityManager,
  { id: takenBy, coacheeId }: Pick<Enrollment, 'id' | 'coacheeId'>,
  eventId: string,
): Promise<void> => {
  const { data: id } = inboundId.safeParse(eventId);
  if (id) await em.nativeUpdate(InboundMessage, { id, coacheeId }, { takenBy });
};

/** Those of `keys` under which an answer is planned, or was. */
export const answersUnder = async (em: EntityManager, keys: string[]): Promise<string[]> => {
  const rows = await em.find(Delivery, { key: { $in: keys } });
  const planned = new Set(rows.map(({ key }) => key));
  return keys.filter((key) => planned.has(key));
};

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
    habits: (await em.count(CoacheeHabit, { coacheeId })) > 0,
    reminded: await remindedOf(em, coacheeId),
  };
};

/** Titles of habits that a reminder has asked after. */
const remindedOf = async (em: EntityManager, coacheeId: CoacheeId): Promise<string[]> => {
  const open = await em.find(ReminderFire, { coacheeId, status: 'open', habitId: { $ne: null } });
  if (open.length === 0) return [];
  const habits = await em.find(Habit, { id: { $in: open.flatMap(({ habitId }) => habitId ?? []) } });
  return habits.map(({ title }) => title);
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
