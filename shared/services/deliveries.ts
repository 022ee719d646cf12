/**
 * The delivery ledger (design rule 4): one row per outward message under the key of its effect. `planned` with the decision, `reserved` before the provider
 * is called, settled after. Whoever finds `reserved` cannot know whether the provider was reached, and says so: `ambiguous`.
 */
import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { type ChannelId, type DeliveryId, type IdentityId, type MessageId, newId } from '../contracts/ids.ts';
import { Channel, Delivery, Identity } from '../db/entities/channels.ts';
import { Message } from '../db/entities/conversations.ts';
import type { ChannelKind, DeliveryStatus } from '../domain/channels/deliveries.ts';
import type { MessageButton } from '../domain/journeys/messages.ts';
import type { KnownOutcome } from '../domain/journeys/turns.ts';
import { assignSeq } from './conversations.ts';

export interface PlannedMessage {
  key: string;
  creatorId: Message['creatorId'];
  coacheeId: Message['coacheeId'];
  text: string;
  buttons: MessageButton[];
  isTest: boolean;
  /** Set where a journey sends it. */
  enrollmentId?: NonNullable<Message['enrollmentId']>;
  stepKey?: string;
  occurrence?: number;
  localTime?: string;
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
  { key, creatorId, coacheeId, text, buttons, isTest, ...journey }: PlannedMessage,
  sent?: { route: Route; seq: number; at: Date },
): void => {
  const messageId = newId<MessageId>();
  const { enrollmentId = null, stepKey = null, occurrence = null, localTime = null } = journey;
  const channelId = sent?.route.channelId ?? null;
  em.create(Message, {
    ...{ id: messageId, creatorId, coacheeId, direction: 'out', text, buttons, isTest },
    ...{ enrollmentId, stepKey, occurrence, localTime, channelId },
    seq: sent?.seq ?? null,
    at: sent?.at ?? null,
  });
  em.create(Delivery, {
    ...{ id: newId<DeliveryId>(), creatorId, key, messageId, enrollmentId, coacheeId, isTest, channelId },
    ...(sent
      ? { status: 'sent', identityId: sent.route.identityId, attempts: 1, reservedAt: sent.at, settledAt: sent.at }
      : { status: 'planned' }),
  });
};

/** What the ledger says of those of `keys` that stand in it; null: not settled yet. */
export const outcomesOf = async (em: EntityManager, keys: string[]): Promise<Map<string, KnownOutcome | null>> => {
  const deliveries = await em.find(Delivery, { key: { $in: keys } });
  return new Map(deliveries.map(({ key, status, reason }) => [key, settledOutcome(status, reason ?? null)]));
};

const settledOutcome = (status: DeliveryStatus, reason: string | null): KnownOutcome | null => {
  if (status === 'planned' || status === 'reserved' || status === 'deferred') return null;
  return reason === null ? { outcome: status } : { outcome: status, reason };
};

export type Reservation =
  /** Nothing is left to do. */
  | {
      kind: 'settled';
      status: Extract<DeliveryStatus, 'sent' | 'ambiguous' | 'dropped' | 'failed'>;
      reason: string | null;
    }
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
    if (delivery.status === 'reserved') return settleAmbiguous(delivery);
    if (delivery.status !== 'planned' && delivery.status !== 'deferred') {
      return { kind: 'settled', status: delivery.status, reason: delivery.reason ?? null };
    }
    const route = await bestRoute(tx, delivery.coacheeId);
    if (!route) return settleUnreachable(delivery);
    const { channelId, identityId, address } = route;
    const message = await tx.findOneOrFail(Message, { id: delivery.messageId });
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

/** The channel that the coachee wrote from last, among those that still take messages; null when there is none. */
export const bestRoute = async (em: EntityManager, coacheeId: Delivery['coacheeId']): Promise<Route | null> => {
  const [route] = await em.execute<Route[]>(
    `select c.id as "channelId", c.kind, i.id as "identityId", i.address
     from identities i join channels c on c.id = i.channel_id
     where i.coachee_id = ? and i.blocked_at is null and c.disabled_at is null
     order by i.last_inbound_at desc nulls last, i.id desc limit 1`,
    [coacheeId],
  );
  return route ?? null;
};

const AMBIGUOUS =
  'An earlier attempt ended between the call to the channel and its record; the channel may or may not have sent it.';
const UNREACHABLE = 'The coachee has no channel that takes messages.';

const settleAmbiguous = (delivery: Delivery): Reservation => {
  Object.assign(delivery, { status: 'ambiguous', reason: AMBIGUOUS, settledAt: new Date() });
  return { kind: 'settled', status: 'ambiguous', reason: AMBIGUOUS };
};

const settleUnreachable = (delivery: Delivery): Reservation => {
  Object.assign(delivery, { status: 'failed', reason: UNREACHABLE, settledAt: new Date() });
  return { kind: 'settled', status: 'failed', reason: UNREACHABLE };
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
