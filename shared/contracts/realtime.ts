/** The frames of `/v1/realtime`, the web chat's WebSocket: JSON text, at most 32 KiB each. */
import { z } from 'zod';
import { INBOUND_TEXT_MOST } from '../domain/conversations/inbound.ts';
import { messageId } from './ids.ts';
import { messageButton, messageMedia } from './messages.ts';

/** The largest frame that is read, in bytes: 4,096 characters of four bytes each, and room for the rest. */
export const FRAME_MOST_BYTES = 32 * 1024;

const seq = z
  .number()
  .int()
  .nonnegative()
  .max(2 ** 31 - 1);

/** A web chat session: 256 random bits as base64url. */
export const sessionToken = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'needs to be 43 characters of base64url');

const said = z.strictObject({ kind: z.literal('text'), text: z.string().min(1).max(INBOUND_TEXT_MOST) });
const pressed = z.strictObject({ kind: z.literal('button'), messageId, value: z.string().min(1).max(200) });

/** What the page sends. The first frame must be `hello`, within ten seconds. */
export const clientFrame = z.discriminatedUnion('type', [
  /** `after`: the last number that the page has; null: give the newest messages. */
  z.strictObject({ type: z.literal('hello'), token: sessionToken, after: seq.nullable() }),
  /** `clientId` names the message for good: sent again, it is acknowledged again and counted once. */
  z.strictObject({
    type: z.literal('say'),
    clientId: z.uuid(),
    content: z.discriminatedUnion('kind', [said, pressed]),
  }),
  /** Asks for older messages. */
  z.strictObject({ type: z.literal('history'), before: seq }),
  /** Asks for a link that goes on with this coachee on Telegram. */
  z.strictObject({ type: z.literal('telegramLink') }),
]);
export type ClientFrame = z.output<typeof clientFrame>;
export type SayContent = Extract<ClientFrame, { type: 'say' }>['content'];

/** One message as people see it. */
export const chatItem = z.object({
  id: z.string(),
  /** Its place in the conversation, from 1. */
  seq,
  from: z.enum(['coachee', 'program']),
  text: z.string(),
  buttons: z.array(messageButton),
  /** What is shown with the text. */
  media: z.array(messageMedia),
  /** ISO 8601, UTC. */
  at: z.string(),
  /** The journey's own time at the coachee's place, ISO 8601 with offset; null outside a journey. */
  localTime: z.string().nullable(),
  isTest: z.boolean(),
  /** The page's own id of a message that it sent. */
  clientId: z.string().nullable(),
  /** Which button this answer is a press of. */
  pressed: z.object({ messageId: z.string(), value: z.string() }).nullable(),
});
export type ChatItem = z.output<typeof chatItem>;

export const PROBLEM_CODES = ['unauthenticated', 'badFrame', 'tooFast', 'refused', 'unavailable'] as const;

/** What the server sends. */
export const serverFrame = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('welcome'),
    name: z.string(),
    creatorName: z.string(),
    programTitle: z.string().nullable(),
    isTest: z.boolean(),
    /** Whether the coachee could go on in Telegram too. */
    telegram: z.boolean(),
  }),
  /** New messages, the oldest first. `more`: further ones follow at once. */
  z.object({ type: z.literal('messages'), items: z.array(chatItem), more: z.boolean() }),
  /** Older messages, the oldest first. `older`: there are still older ones. */
  z.object({ type: z.literal('history'), items: z.array(chatItem), older: z.boolean() }),
  z.object({ type: z.literal('ack'), clientId: z.string(), seq }),
  z.object({ type: z.literal('link'), url: z.string() }),
  /** `clientId`: the message that it is about; `retry`: whether sending it again may help. */
  z.object({
    type: z.literal('problem'),
    code: z.enum(PROBLEM_CODES),
    message: z.string(),
    clientId: z.string().nullable(),
    retry: z.boolean(),
  }),
]);
export type ServerFrame = z.output<typeof serverFrame>;

/** Reasons of the server to close, beside RFC 6455's own (1012: it restarts, come back). */
export const CLOSE = { unauthenticated: 4401, tooSlow: 4408, tooFast: 4429, restart: 1012 } as const;
