export const CHANNEL_KINDS = ['web', 'telegram', 'whatsapp', 'email'] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];

/**
 * Where a delivery stands in the ledger.
 * - planned: decided, not yet tried.
 * - reserved: about to be, or being, handed to the provider.
 * - deferred: the provider was certainly not reached or said later; may be tried again.
 * - sent: the provider took it.
 * - ambiguous: reserved by an attempt that died; the provider may or may not have it, and it is not tried again.
 * - dropped: decided not to send. - failed: the provider refused it for good.
 */
export const DELIVERY_STATUSES = ['planned', 'reserved', 'deferred', 'sent', 'ambiguous', 'dropped', 'failed'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];
