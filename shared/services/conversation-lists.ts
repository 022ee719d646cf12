/** What a creator reads of conversations and of the delivery ledger. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { z } from 'zod';
import type { DeliveryQuery } from '../contracts/conversations.ts';
import type { Page, PageQuery } from '../contracts/http.ts';
import { type CoacheeId, coacheeId, type DeliveryId, type MessageId } from '../contracts/ids.ts';
import { Delivery } from '../db/entities/channels.ts';
import { Message } from '../db/entities/conversations.ts';
import { Coachee } from '../db/entities/journeys.ts';
import { getCoachee } from './coachees.ts';
import { decodeCursor, idAfter, toPage } from './paging.ts';

export interface ConversationRow {
  coachee: Coachee;
  lastMessage: Message;
}

const conversationCursor = z.tuple([z.int().min(0).max(8.64e15), coacheeId]);

interface Latest {
  coachee_id: CoacheeId;
  message_id: MessageId;
  /** Unix milliseconds. */
  at_ms: number;
}

/** A page of coachees who have said or been told something, the latest message first. */
export const listConversations = async (
  em: EntityManager,
  { limit, cursor }: PageQuery,
): Promise<Page<ConversationRow>> => {
  const [beforeMs, beforeId] = cursor === undefined ? [null, null] : decodeCursor(cursor, conversationCursor);
  const rows = await em.execute<Latest[]>(
    `select c.id as coachee_id, m.id as message_id, (extract(epoch from m.at) * 1000)::float8 as at_ms
     from coachees c cross join lateral (
       select id, at from messages where coachee_id = c.id and seq is not null order by seq desc limit 1
     ) m
     where ?::float8 is null or (m.at, c.id) < (to_timestamp(?::float8 / 1000), ?::uuid)
     order by m.at desc, c.id desc limit ?`,
    [beforeMs, beforeMs, beforeId, limit + 1],
  );
  const page = toPage(rows, limit, (row) => [Math.round(row.at_ms), row.coachee_id]);
  return { items: await withRows(em, page.items), nextCursor: page.nextCursor };
};

const withRows = async (em: EntityManager, latest: Latest[]): Promise<ConversationRow[]> => {
  const coachees = await em.find(Coachee, { id: { $in: latest.map((row) => row.coachee_id) } });
  const messages = await em.find(Message, { id: { $in: latest.map((row) => row.message_id) } });
  const coacheeById = new Map(coachees.map((one) => [one.id, one]));
  const messageById = new Map(messages.map((one) => [one.id, one]));
  return latest.flatMap((row) => {
    const coachee = coacheeById.get(row.coachee_id);
    const lastMessage = messageById.get(row.message_id);
    return coachee && lastMessage ? [{ coachee, lastMessage }] : [];
  });
};

const seqCursor = z.tuple([z.int32()]);

/** A page of a conversation, the latest message first. Throws CairnError `notFound`. */
export const listMessages = async (
  em: EntityManager,
  id: CoacheeId,
  { limit, cursor }: PageQuery,
): Promise<Page<Message>> => {
  await getCoachee(em, id);
  const before = cursor === undefined ? null : decodeCursor(cursor, seqCursor)[0];
  const messages = await em.find(
    Message,
    { coacheeId: id, seq: before === null ? { $ne: null } : { $lt: before } },
    { orderBy: { seq: 'desc' }, limit: limit + 1 },
  );
  return toPage(messages, limit, ({ seq }) => [seq ?? 0]);
};

/** A page of the delivery ledger, the newest first. */
export const listDeliveries = async (
  em: EntityManager,
  { limit, cursor, status, enrollmentId }: DeliveryQuery,
): Promise<Page<Delivery>> => {
  const before = idAfter<DeliveryId>(cursor);
  const deliveries = await em.find(
    Delivery,
    { ...(before && { id: { $lt: before } }), ...(status && { status }), ...(enrollmentId && { enrollmentId }) },
    { orderBy: { id: 'desc' }, limit: limit + 1 },
  );
  return toPage(deliveries, limit, ({ id }) => [id]);
};
