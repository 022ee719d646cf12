/**
 * Telegram's updates as they come in, parsed at the edge (https://core.telegram.org/bots/api#update). Only what Cairn reads is
 * described; an update of a kind that it does not know parses too and becomes `ignored`, so that nothing strange can block a bot.
 */
import { z } from 'zod';
import { storableText } from '../domain/conversations/inbound.ts';

const user = z.object({
  id: z.number().int(),
  first_name: z.string().default(''),
  last_name: z.string().optional(),
  language_code: z.string().optional(),
});

const chat = z.object({ id: z.number().int(), type: z.string() });

const message = z.looseObject({
  message_id: z.number().int(),
  chat,
  from: user.optional(),
  text: z.string().optional(),
});

const callbackQuery = z.object({
  id: z.string(),
  from: user,
  message: z.object({ message_id: z.number().int(), chat }).optional(),
  data: z.string().optional(),
});

const membership = z.object({ chat, new_chat_member: z.object({ status: z.string() }) });

/** The frame that every update has; its content is parsed separately, so that a strange one still has an id. */
export const telegramUpdate = z.looseObject({ update_id: z.number().int().nonnegative() });
export type TelegramUpdate = z.infer<typeof telegramUpdate>;

interface Sender {
  /** `update_id`: what duplicates are known by. */
  externalId: string;
  /** The private chat: the coachee's address. */
  chatId: string;
  firstName: string;
  languageCode: string | null;
}

export type ParsedUpdate =
  | (Sender & { kind: 'start'; code: string | null })
  | (Sender & { kind: 'command'; text: string })
  | (Sender & { kind: 'text'; text: string })
  | (Sender & { kind: 'other'; what: string })
  /** A press: `press` is null when the button is none of ours. `questionMessageId` is Telegram's id of the message it is on. */
  | (Sender & {
      kind: 'button';
      callbackId: string;
      questionMessageId: number | null;
      press: { messageId: string; index: number } | null;
    })
  /** The person blocked or unblocked the bot. */
  | (Sender & { kind: 'membership'; blocked: boolean })
  /** Nothing that a coachee said: groups, channel posts, kinds of update that do not concern us. */
  | { kind: 'ignored'; externalId: string };

const CALLBACK = /^b:([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}):(\d{1,2})$/;

/** `callback_data` of a button: names our message and the button's place in it; 40 of the 64 bytes that Telegram allows. */
export const callbackData = (messageId: string, index: number): string => `b:${messageId}:${index}`;

const parseCallbackData = (data: string | undefined): { messageId: string; index: number } | null => {
  const [, messageId, index] = CALLBACK.exec(data ?? '') ?? [];
  return messageId === undefined || index === undefined ? null : { messageId, index: Number(index) };
};

const MEDIA = ['photo', 'sticker', 'voice', 'video', 'video_note', 'audio', 'document', 'animation', 'location'];
const MORE_MEDIA = ['contact', 'poll', 'dice', 'venue', 'story', 'game'];

const mediaOf = (one: Record<string, unknown>): string =>
  [...MEDIA, ...MORE_MEDIA].find((name) => one[name] !== undefined) ?? 'message';

const senderOf = (externalId: string, chatId: number, from: z.infer<typeof user> | undefined): Sender => ({
  externalId,
  chatId: String(chatId),
  firstName: storableText([from?.first_name, from?.last_name].filter(Boolean).join(' ')).trim(),
  languageCode: from?.language_code ?? null,
});

const START = /^\/start(?:@\w+)?(?:\s+(\S{1,64}))?\s*$/;

const parseMessage = (externalId: string, raw: unknown): ParsedUpdate => {
  const parsed = message.safeParse(raw);
  if (!parsed.success || parsed.data.chat.type !== 'private') return { kind: 'ignored', externalId };
  const sender = senderOf(externalId, parsed.data.chat.id, parsed.data.from);
  const text = storableText(parsed.data.text ?? '');
  if (text.trim() === '') return { ...sender, kind: 'other', what: mediaOf(parsed.data) };
  const start = START.exec(text);
  if (start) return { ...sender, kind: 'start', code: start[1] ?? null };
  return { ...sender, kind: text.startsWith('/') ? 'command' : 'text', text };
};

/** An edit is answered, not obeyed: what was said first may have moved the journey already. */
const parseEdit = (externalId: string, raw: unknown): ParsedUpdate => {
  const parsed = message.safeParse(raw);
  if (!parsed.success || parsed.data.chat.type !== 'private') return { kind: 'ignored', externalId };
  return { ...senderOf(externalId, parsed.data.chat.id, parsed.data.from), kind: 'other', what: 'edited_message' };
};

const parsePress = (externalId: string, raw: unknown): ParsedUpdate => {
  const parsed = callbackQuery.safeParse(raw);
  if (!parsed.success) return { kind: 'ignored', externalId };
  const { id, from, message: on, data } = parsed.data;
  if (on && on.chat.type !== 'private') return { kind: 'ignored', externalId };
  return {
    ...senderOf(externalId, on?.chat.id ?? from.id, from),
    kind: 'button',
    callbackId: id,
    questionMessageId: on?.message_id ?? null,
    press: parseCallbackData(data),
  };
};

const parseMembership = (externalId: string, raw: unknown): ParsedUpdate => {
  const parsed = membership.safeParse(raw);
  if (!parsed.success || parsed.data.chat.type !== 'private') return { kind: 'ignored', externalId };
  const blocked = ['kicked', 'left'].includes(parsed.data.new_chat_member.status);
  return { ...senderOf(externalId, parsed.data.chat.id, undefined), kind: 'membership', blocked };
};

/** What an update means to Cairn; total: any update gives an answer. */
export const parseTelegramUpdate = (update: TelegramUpdate): ParsedUpdate => {
  const externalId = String(update.update_id);
  if (update.message !== undefined) return parseMessage(externalId, update.message);
  if (update.edited_message !== undefined) return parseEdit(externalId, update.edited_message);
  if (update.callback_query !== undefined) return parsePress(externalId, update.callback_query);
  if (update.my_chat_member !== undefined) return parseMembership(externalId, update.my_chat_member);
  return { kind: 'ignored', externalId };
};
