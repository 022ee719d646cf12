/** The conversation of one coachee over all its channels: what came in, what went out, in one order. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Redis } from 'ioredis';
import {
  type ChannelId,
  type CoacheeId,
  type IdentityId,
  type InboundId,
  type MessageId,
  newId,
} from '../contracts/ids.ts';
import type { ChatItem } from '../contracts/realtime.ts';
import { Identity } from '../db/entities/channels.ts';
import { InboundMessage, Message } from '../db/entities/conversations.ts';
import { Coachee } from '../db/entities/journeys.ts';
import { type InboundContent, inboundAsText } from '../domain/conversations/inbound.ts';
import { notFound } from '../errors.ts';

/** Holds the coachee's conversation for the rest of the transaction: who waits sees everything that was committed before. */
export const lockConversation = async (em: EntityManager, coacheeId: CoacheeId): Promise<void> => {
  await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`conversation/${coacheeId}`]);
};

/** The number of the conversation's next message; good while the conversation is held. */
export const nextSeq = async (em: EntityManager, coacheeId: CoacheeId): Promise<number> => {
  const [row] = await em.execute<{ next: number }[]>(
    'select coalesce(max(seq), 0) + 1 as next from messages where coachee_id = ?',
    [coacheeId],
  );
  return row?.next ?? 1;
};

/**
 * Puts a planned message into its conversation: gives it the next number and, if it has none, the time. Must run in a transaction, late:
 * it holds the conversation until that ends. A message that has a number keeps it. Throws `notFound`.
 */
export const assignSeq = async (em: EntityManager, messageId: MessageId): Promise<number> => {
  const message = await em.findOne(Message, { id: messageId });
  if (!message) throw notFound('message');
  await lockConversation(em, message.coacheeId);
  await em.refresh(message);
  if (typeof message.seq === 'number') return message.seq;
  const seq = await nextSeq(em, message.coacheeId);
  message.seq = seq;
  message.at ??= new Date();
  await em.flush();
  return seq;
};

export interface Inbound {
  channelId: ChannelId;
  identityId: IdentityId;
  coacheeId: CoacheeId;
  /** The channel's own id of the message; the same one twice changes nothing. */
  externalId: string;
  content: InboundContent;
}

export interface Received {
  inboundId: InboundId;
  duplicate: boolean;
  /** The visible message; it shares its id with the inbound row. */
  messageId: MessageId;
  seq: number;
}

/** Takes in what a coachee sent: the inbound row and the visible message, in one transaction. A duplicate gives the first one's. */
export const receiveInbound = (em: EntityManager, inbound: Inbound): Promise<Received> =>
  em.transactional(async (tx) => {
    const { channelId, externalId, coacheeId, identityId, content } = inbound;
    await lockConversation(tx, coacheeId);
    const first = await tx.findOne(InboundMessage, { channelId, externalId });
    if (first) return receivedBefore(tx, first);
    const coachee = await tx.findOneOrFail(Coachee, { id: coacheeId }, { fields: ['creatorId', 'isTest'] });
    const { creatorId, isTest } = coachee;
    const inboundId = newId<InboundId>();
    const messageId = inboundId as string as MessageId;
    const seq = await nextSeq(tx, coacheeId);
    const text = inboundAsText(content);
    const at = new Date();
    tx.create(InboundMessage, { id: inboundId, creatorId, channelId, externalId, identityId, coacheeId, content });
    tx.create(Message, {
      ...{ id: messageId, creatorId, coacheeId, direction: 'in', text, buttons: [], channelId, seq, isTest, at },
    });
    await tx.nativeUpdate(Identity, { id: identityId }, { lastInboundAt: at, blockedAt: null });
    await tx.flush();
    return { inboundId, duplicate: false, messageId, seq };
  });

const receivedBefore = async (em: EntityManager, first: InboundMessage): Promise<Received> => {
  const messageId = first.id as string as MessageId;
  const message = await em.findOne(Message, { id: messageId });
  return { inboundId: first.id, duplicate: true, messageId, seq: message?.seq ?? 0 };
};

/** Which part of a conversation: what follows `after`, or what precedes `before` (null: its end); `limit` items at most. */
export type HistoryRange = ({ after: number } | { before: number | null }) & { limit: number };

/** A part of the conversation, the oldest first. */
export const history = async (em: EntityManager, coacheeId: CoacheeId, range: HistoryRange): Promise<ChatItem[]> => {
  const forward = 'after' in range;
  const bounds = forward ? { $gt: range.after } : range.before === null ? { $ne: null } : { $lt: range.before };
  const messages = await em.find(
    Message,
    { coacheeId, seq: bounds },
    { orderBy: { seq: forward ? 'asc' : 'desc' }, limit: range.limit },
  );
  if (!forward) messages.reverse();
  const fromCoachee = messages.filter((message) => message.direction === 'in');
  const inboundIds = fromCoachee.map((message) => message.id as string as InboundId);
  const inbounds = inboundIds.length === 0 ? [] : await em.find(InboundMessage, { id: { $in: inboundIds } });
  const byId = new Map(inbounds.map((inbound) => [inbound.id as string, inbound]));
  return messages.map((message) => present(message, byId.get(message.id)));
};

const present = (message: Message, inbound: InboundMessage | undefined): ChatItem => ({
  id: message.id,
  seq: message.seq ?? 0,
  from: message.direction === 'in' ? 'coachee' : 'program',
  text: message.text,
  buttons: message.buttons,
  media: message.media ?? [],
  at: (message.at ?? message.createdAt).toISOString(),
  localTime: message.localTime ?? null,
  isTest: message.isTest,
  clientId: inbound ? clientIdOf(inbound) : null,
  pressed:
    inbound?.content.kind === 'button' ? { messageId: inbound.content.messageId, value: inbound.content.value } : null,
});

/** Web messages are known by `<identityId>:<clientId>`, so that no coachee's ids can meet another's. */
export const webExternalId = (identityId: IdentityId, clientId: string): string => `${identityId}:${clientId}`;
const clientIdOf = ({ identityId, externalId }: InboundMessage): string | null =>
  externalId.startsWith(`${identityId}:`) ? externalId.slice(identityId.length + 1) : null;

/** The Redis channel of a coachee's hints. */
export const chatHintsOf = (coacheeId: string): string => `chat:${coacheeId}`;

/** Tells every open chat of the coachee that there is something new; after the commit. A lost hint is healed by the next one. */
export const announce = async (redis: Redis, coacheeId: string): Promise<void> => {
  await redis.publish(chatHintsOf(coacheeId), '');
};

/** How many messages of journeys a coachee has had on each of the last local days (`2026-03-02`), by the journeys' own time. */
export const sentByDay = async (em: EntityManager, coacheeId: CoacheeId): Promise<Map<string, number>> => {
  const rows = await em.execute<{ day: string; count: number }[]>(
    `select substr(local_time, 5, 10) as day, count(*)::int as count from messages
     where coachee_id = ? and direction = 'out' and local_time is not null and seq is not null
     group by 1 order by 1 desc limit 3`,
    [coacheeId],
  );
  return new Map(rows.map(({ day, count }) => [day, count]));
};
