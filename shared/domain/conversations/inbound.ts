/** What a coachee sent, whatever the channel: words, a press of a button on one of our messages, or something we cannot read. */
export type InboundContent =
  | { kind: 'text'; text: string }
  | { kind: 'button'; messageId: string; value: string; label: string }
  /** A photo, a sticker, a voice message, ...: `what` names it as its channel does. */
  | { kind: 'other'; what: string };

/** The most that one inbound message may hold, in UTF-16 code units: Telegram's own limit, and the web chat's. */
export const INBOUND_TEXT_MOST = 4096;

/** Text that Postgres takes: without NUL and with every lone surrogate replaced (neither can be stored as UTF-8 or jsonb). */
export const storableText = (text: string): string => text.replaceAll('\u0000', '').toWellFormed();

/** How an inbound message reads in the conversation. */
export const inboundAsText = (content: InboundContent): string => {
  if (content.kind === 'text') return content.text;
  return content.kind === 'button' ? content.label : `[${content.what.replaceAll('_', ' ')}]`;
};
