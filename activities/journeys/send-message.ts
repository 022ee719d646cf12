/** Sends one planned message, once (design rule 4). */
import { type ChannelPort, SendRefused } from '../../shared/clients/channels.ts';
import type { CreatorId } from '../../shared/contracts/ids.ts';
import type { Delivery } from '../../shared/db/entities/channels.ts';
import { forCreator, type Orm } from '../../shared/db/orm.ts';
import type { ChannelKind } from '../../shared/domain/channels/deliveries.ts';
import type { DeliveryOutcome } from '../../shared/domain/journeys/messages.ts';
import {
  asOutgoing,
  type Reservation,
  recordBlocked,
  recordNotSent,
  recordSent,
  reserve,
} from '../../shared/services/deliveries.ts';
import type { Vault } from '../../shared/services/secrets.ts';

export interface SendInput {
  creatorId: string;
  /** `<workflowId>/<stepKey>/<occurrence>` of a planned delivery. */
  key: string;
}

/** `deferred`: certainly not sent; ask again after `afterMs`. */
export type SendResult = { outcome: DeliveryOutcome; reason?: string } | { outcome: 'deferred'; afterMs: number };

/** Named points of a send, for fault tests that end the process there. */
export type SendPoint = 'beforeReserve' | 'reserved' | 'called' | 'recorded';

export interface SendDeps {
  orm: Orm;
  ports: Partial<Record<ChannelKind, ChannelPort>>;
  vault: Vault;
  /** Tells open web chats that there is something new; best effort. */
  announce: (coacheeId: string) => Promise<void>;
  /** Called at each named point of the send of `key`. */
  reached?: (point: SendPoint, key: string) => Promise<void>;
}

const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 5 * 60_000;

/** Makes the activity. */
export const createSendMessage =
  (deps: SendDeps) =>
  async ({ creatorId, key }: SendInput): Promise<SendResult> => {
    const em = forCreator(deps.orm, creatorId as CreatorId);
    await deps.reached?.('beforeReserve', key);
    const reservation = await reserve(em, key);
    if (reservation.kind === 'settled') return settled(reservation);
    await deps.reached?.('reserved', key);
    if (reservation.kind === 'handedOver') {
      await deps.announce(reservation.delivery.coacheeId);
      return { outcome: 'sent' };
    }
    return callProvider(deps, creatorId as CreatorId, reservation);
  };

const settled = ({ status, reason }: Extract<Reservation, { kind: 'settled' }>): SendResult =>
  reason === null ? { outcome: status } : { outcome: status, reason };

const callProvider = async (
  deps: SendDeps,
  creatorId: CreatorId,
  { delivery, message, channel, address }: Extract<Reservation, { kind: 'reserved' }>,
): Promise<SendResult> => {
  const em = forCreator(deps.orm, creatorId);
  const port = deps.ports[channel.kind];
  if (!port) return refuse(deps, creatorId, delivery, new SendRefused('invalid', `No client for ${channel.kind}`));
  let providerMessageId: string;
  try {
    ({ providerMessageId } = await port.send({
      channelId: channel.id,
      secret: channel.secret ? (JSON.parse(deps.vault.open(channel.secret)) as Record<string, string>) : {},
      address,
      deliveryId: delivery.id,
      messageId: message.id,
      message: asOutgoing(message),
      settings: channel.settings,
    }));
  } catch (error) {
    if (!(error instanceof SendRefused)) throw error;
    return refuse(deps, creatorId, delivery, error);
  }
  await deps.reached?.('called', delivery.key);
  await em.transactional(async (tx) => recordSent(tx, delivery, providerMessageId));
  await deps.reached?.('recorded', delivery.key);
  await deps.announce(delivery.coacheeId);
  return { outcome: 'sent' };
};

/** What a provider's refusal means for the ledger and for the journey. */
const refuse = async (
  deps: SendDeps,
  creatorId: CreatorId,
  delivery: Delivery,
  refusal: SendRefused,
): Promise<SendResult> => {
  const em = forCreator(deps.orm, creatorId);
  const reason = refusal.message;
  switch (refusal.kind) {
    case 'blocked':
      await recordBlocked(em, delivery, reason);
      return { outcome: 'deferred', afterMs: 0 };
    case 'later':
      await recordNotSent(em, delivery.id, 'deferred', reason);
      return { outcome: 'deferred', afterMs: refusal.afterMs };
    case 'notReached':
      await recordNotSent(em, delivery.id, 'deferred', reason);
      return { outcome: 'deferred', afterMs: pauseAfter(delivery.attempts) };
    case 'unknown':
      await recordNotSent(em, delivery.id, 'ambiguous', reason);
      return { outcome: 'ambiguous', reason };
    case 'invalid':
      await recordNotSent(em, delivery.id, 'failed', reason);
      return { outcome: 'failed', reason };
  }
};

const pauseAfter = (attempts: number) => Math.min(FIRST_PAUSE_MS * 2 ** (attempts - 1), LONGEST_PAUSE_MS);
