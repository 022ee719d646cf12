/**
 * The delivery ledger (design rule 4): one row per outward message under the key of its effect. `planned` with the decision, `reserved` before the provider
 * is called, settled after. Whoever finds `reserved` cannot know whether the provider was reached, and says so: `ambiguous`.
 */
import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { type ChannelId, type DeliveryId, type IdentityId, type MessageId, newId } from '../contracts/ids.ts';
import { Channel, Delivery, Identity } from '../db/entities/channels.ts';
import { Message } from '../db/entities/conversations.ts';
import type { ChannelKind, DeliveryStatus } from '../domain/channels/deliveries.ts';
import type { OutgoingMessage } from '../domain/journeys/messages.ts';
import type { KnownOutcome } from '../domain/journeys/turns.ts';
import { assignSeq } from './conversations.ts';

export interface PlannedMessage extends OutgoingMessage {
  key: string;
  creatorId: Message['creatorId'];
  coacheeId: Message['coacheeId'];
  isTest: boolean;
  /** Set where a journey sends it. */
  enrollmentId?: NonNullable<Message['enrollmentId']>;
  stepKey?: string;
  occurrence?: number;
  localTime?: string;
  /** A channel that it goes by only where there is no other. */
  notBy?: ChannelId | null;
}

/** Writes a message down with its place in the ledger; a key that is there already keeps its first text. Call inside a transaction. */
export const planMessage = async (em: EntityManager, planned: PlannedMessage): Promise<void> => {
  if ((await em.count(Delivery, { key: planned.key })) > 0) return;
  createMessage(em, planned);
  await em.flush();
};

/** Makes the rows of a message that has no place in the ledger yet, for the next flush: planned, or with `sent` handed over already. */
export const createMessage = (
  em: EntityManager,
  { key, creatorId, coacheeId, text, buttons, media = [], email, isTest, ...journey }: PlannedMessage,
  sent?: { route: Route; seq: number; at: Date },
): void => {
  const messageId = newId<MessageId>();
  const { enrollmentId = null, stepKey = null, occurrence = null, localTime = null, notBy = null } = journey;
  const channelId = sent?.route.channelId ?? null;
  em.create(Message, {
    ...{ id: messageId, creatorId, coacheeId, direction: 'out', text, buttons, isTest },
    ...{ enrollmentId, stepKey, occurrence, localTime, channelId },
    media: media.length > 0 ? media : null,
    subject: email?.subject ?? null,
    seq: sent?.seq ?? null,
    at: sent?.at ?? null,
  });
  em.create(Delivery, {
    ...{ id: newId<DeliveryId>(), creatorId, key, messageId, enrollmentId, coacheeId, isTest, channelId, notBy },
    ...(sent
      ? { status: 'sent', identityId: sent.route.identityId, attempts: 1, reservedAt: sent.at, settledAt: sent.at }
      : { status: 'planned' }),
  });
};

/** A message's row as what is to be sent. */
export const asOutgoing = ({ text, buttons, media, subject }: Message): OutgoingMessage => ({
  text,
  buttons,
  ...(media && { media }),
  ...(typeof subject === 'string' && { email: { subject } }),
});

/** What the ledger says of those of `keys` that stand in it; null: not settled yet. */
export const outcomesOf = async (em: EntityManager, keys: string[]): Promise<Map<string, KnownOutcome | null>> => {
  const deliveries = await em.find(Delivery, { key: { $in: keys } });
  return new Map(deliveries.map(({ key, status, reason }) => [key, settledOutcome(status, reason ?? null)]));
};

const settledOutcome = (status: DeliveryStatus, reason: string | null): KnownOutcome | null => {
  if (status === 'planned' || status === 'reserved' || status === 'deferred') return null;
  return reason === null ? { outcome: status } : { outcome: status, reason };
};

interface SettledReservation {
  kind: 'settled';
  status: Extract<DeliveryStatus, 'sent' | 'ambiguous' | 'dropped' | 'failed'>;
  reason: string | null;
}

export type Reservation =
  /** Nothing is left to do. */
  | SettledReservation
  /** Handed over within the database itself (web chat): sent, exactly once. */
  | { kind: 'handedOver'; delivery: Delivery }
  /** To be given to the provider now, once. */
  | { kind: 'reserved'; delivery: Delivery; message: Message; channel: Channel; address: string };

/**
 * Takes the delivery of `key` for one attempt, in a transaction of its own: finds where the coachee is best reached and reserves, or says why
 * there is nothing to do. Throws when the key was never planned.
 */
export const reserve = (em: EntityManager, key: string): Promise<Reservation> =>
  em.transactional(async (tx) => {
    const delivery = await tx.findOneOrFail(Delivery, { key }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (delivery.status === 'reserved') return settle(delivery, 'ambiguous', AMBIGUOUS);
    if (delivery.status !== 'planned' && delivery.status !== 'deferred') {
      return { kind: 'settled', status: delivery.status, reason: delivery.reason ?? null };
    }
    const message = await tx.findOneOrFail(Message, { id: delivery.messageId });
    const byEmail = typeof message.subject === 'string';
    const route = await bestRoute(tx, delivery.coacheeId, byEmail ? 'email' : null, delivery.notBy ?? null);
    // Who has no email misses what goes by email; that is no fault of the program, and the journey goes on.
    if (!route) return byEmail ? settle(delivery, 'dropped', NO_EMAIL) : settle(delivery, 'failed', UNREACHABLE);
    const { channelId, identityId, address } = route;
    message.channelId = channelId;
    Object.assign(delivery, { channelId, identityId, reservedAt: new Date() });
    delivery.attempts += 1;
    if (route.kind === 'web') {
      await recordSent(tx, delivery, null);
      return { kind: 'handedOver', delivery };
    }
    delivery.status = 'reserved';
    const channel = await tx.findOneOrFail(Channel, { id: channelId }, { populate: ['secret'] });
    return { kind: 'reserved', delivery, message, channel, address };
  });

/** How a coachee is reached. */
export interface Route {
  channelId: ChannelId;
  kind: ChannelKind;
  identityId: IdentityId;
  address: string;
}

/**
 * Where a message goes, among the channels that still take messages: those of the coachee's delivery policy in their order, then the one that
 * they wrote from last; to their email only where nothing else is left, or where they want it. `only`: a kind it must be; `notBy`: a channel that is the
 * very last choice. Null when there is none.
 */
export const bestRoute = async (
  em: EntityManager,
  coacheeId: Delivery['coacheeId'],
  only: ChannelKind | null = null,
  notBy: ChannelId | null = null,
): Promise<Route | null> => {
  const [route] = await em.execute<Route[]>(
    `select c.id as "channelId", c.kind, i.id as "identityId", i.address
     from identities i join channels c on c.id = i.channel_id join coachees k on k.id = i.coachee_id
     where i.coachee_id = ? and i.blocked_at is null and c.disabled_at is null and (?::text is null or c.kind = ?)
     order by c.id is not distinct from ?::uuid, array_position(array(select jsonb_array_elements_text(k.delivery_policy -> 'channels')), c.kind) nulls last,
       c.kind = 'email', i.last_inbound_at desc nulls last, i.id desc limit 1`,
    [coacheeId, only, only, notBy],
  );
  return route ?? null;
};

const AMBIGUOUS =
  'An earlier attempt ended between the call to the channel and its record; the channel may or may not have sent it.';
const UNREACHABLE = 'The coachee has no channel that takes messages.';
const NO_EMAIL = 'This message goes by email only, and the coachee has no email address that takes messages.';

const settle = (delivery: Delivery, status: SettledReservation['status'], reason: string): Reservation => {
  Object.assign(delivery, { status, reason, settledAt: new Date() });
  return { kind: 'settled', status, reason };
};

/** The provider took it: the message takes its place in the conversation. Also cures `ambiguous`, where the answer came late after all. */
export const recordSent = async (
  em: EntityManager,
  { id, messageId }: Pick<Delivery, 'id' | 'messageId'>,
  providerMessageId: string | null,
): Promise<void> => {
  await em.nativeUpdate(Delivery, { id }, { status: 'sent', providerMessageId, reason: null, settledAt: new Date() });
  await assignSeq(em, messageId);
};

/**
 * The provider did not take it: `deferred` may be tried again, `failed` and `ambiguous` are for good. Where the attempt was given up meanwhile, its word
 * comes too late to try again: what had been called ambiguous was not sent.
 */
export const recordNotSent = async (
  em: EntityManager,
  id: DeliveryId,
  status: Extract<DeliveryStatus, 'deferred' | 'failed' | 'ambiguous'>,
  reason: string,
): Promise<void> => {
  const settledAt = status === 'deferred' ? null : new Date();
  const changed = await em.nativeUpdate(Delivery, { id, status: 'reserved' }, { status, reason, settledAt });
  if (changed > 0 || status === 'ambiguous') return;
  await em.nativeUpdate(Delivery, { id, status: 'ambiguous' }, { status: 'failed', reason, settledAt: new Date() });
};

/** The provider says that this address takes no more messages: it is left out from now on, and the delivery may go another way. */
export const recordBlocked = (em: EntityManager, delivery: Delivery, reason: string): Promise<void> =>
  em.transactional(async (tx) => {
    if (delivery.identityId) await tx.nativeUpdate(Identity, { id: delivery.identityId }, { blockedAt: new Date() });
    await recordNotSent(tx, delivery.id, 'deferred', reason);
  });
