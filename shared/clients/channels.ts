/** The port that every provider of messages stands behind: one call is one attempt, and a failure says what is known of it. */
import type { OutgoingMessage } from '../domain/journeys/messages.ts';

/** One message to one address. */
export interface SendRequest {
  /** Cairn's id of the channel: rate limits are kept per channel. */
  channelId: string;
  /** The coachee's address there, as identities keep it. */
  address: string;
  /** Cairn's id of the delivery, for providers that give back what they are told. */
  deliveryId: string;
  /** Cairn's id of the message: a press of one of its buttons names it. */
  messageId: string;
  /** As the journey says it; the port renders it for its channel, in as many parts as that needs. */
  message: OutgoingMessage;
  /** The channel's settings: email `{fromEmail, fromName}`. */
  settings: Record<string, string>;
  /** The channel's opened secret, by kind: telegram `{token}`, email `{apiKey}`. */
  secret: Record<string, string>;
}

export interface ChannelPort {
  readonly kind: string;
  /**
   * Sends once, all parts in order, without a retry of its own; gives the provider's id of the last part. Throws SendRefused and nothing
   * else: `unknown` where some parts were taken and others were not.
   */
  send(request: SendRequest): Promise<{ providerMessageId: string }>;
}

/**
 * What is known of a send that gave no message id:
 * - blocked: not taken; the address takes no messages (any more).
 * - later: not taken; may be tried again after `afterMs` milliseconds.
 * - invalid: not taken, and never will be as it is.
 * - notReached: not taken, because the provider was not reached.
 * - unknown: the provider may or may not have taken it.
 */
export type RefusalKind = 'blocked' | 'later' | 'invalid' | 'notReached' | 'unknown';

/** Why a send gave no message id; `message` is a plain sentence without secrets. */
export class SendRefused extends Error {
  readonly kind: RefusalKind;
  /** How long to wait before the next try; 0 unless `kind` is `later`. */
  readonly afterMs: number;

  constructor(kind: RefusalKind, message: string, afterMs = 0) {
    super(message);
    this.name = 'SendRefused';
    this.kind = kind;
    this.afterMs = afterMs;
  }
}
