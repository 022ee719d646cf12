/** The methods that concern messages, as strict as the real ones where Cairn uses them. */
import { z } from 'zod';
import type { Rates } from './rates.ts';
import { badRequest, Refused } from './refusals.ts';
import { addMessage, asApiMessage, type Bot, type Button, type Chat } from './world.ts';

const chatId = z.union([
  z.number().int(),
  z
    .string()
    .regex(/^-?\d+$/)
    .transform(Number),
]);

const sendCommon = {
  chat_id: chatId,
  parse_mode: z.never('the emulator knows plain text only').optional(),
  reply_markup: z.object({ inline_keyboard: z.array(z.array(z.looseObject({ text: z.string() }))) }).optional(),
};

const sendBody = z.object({ ...sendCommon, text: z.string() });

/** Parses parameters; a misfit is a 400 that names the field. */
export const parameters = <T>(schema: z.ZodType<T>, body: unknown): T => {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw badRequest(`${issue?.path.join('.')}: ${issue?.message}`);
};

const checkButton = (button: Record<string, unknown> & { text: string }): Button => {
  if (button.text === '') throw badRequest('inline keyboard button text is empty');
  const actions = ['url', 'callback_data'].filter((name) => button[name] !== undefined);
  if (actions.length !== 1) throw badRequest('exactly one of the optional fields must be used in a button');
  if (typeof button.url === 'string') {
    if (!/^(https?|tg):\/\//.test(button.url) || !URL.canParse(button.url)) throw badRequest('BUTTON_URL_INVALID');
    return { text: button.text, url: button.url };
  }
  const bytes = Buffer.byteLength(String(button.callback_data));
  if (bytes < 1 || bytes > 64) throw badRequest('BUTTON_DATA_INVALID');
  return { text: button.text, callback_data: String(button.callback_data) };
};

const checkKeyboard = (rows: (Record<string, unknown> & { text: string })[][]): Button[] => {
  if (rows.some((row) => row.length > 8) || rows.flat().length > 100) throw badRequest('reply markup is too long');
  return rows.flat().map(checkButton);
};

/** The chat if this bot may write to it now. */
const openChat = (bot: Bot, id: number): Chat => {
  const chat = bot.chats.get(id);
  if (!chat) throw badRequest('chat not found');
  if (chat.blocked) throw new Refused(403, 'Forbidden: bot was blocked by the user');
  if (!chat.started) throw new Refused(403, "Forbidden: bot can't initiate conversation with a user");
  return chat;
};

export const sendMessage = (bot: Bot, body: unknown, rates: Rates) => {
  const { chat_id, text, reply_markup } = parameters(sendBody, body);
  if (text.trim() === '') throw badRequest('message text is empty');
  if (text.length > 4096) throw badRequest('message is too long');
  const buttons = checkKeyboard(reply_markup?.inline_keyboard ?? []);
  const chat = openChat(bot, chat_id);
  rates.take(bot, chat_id, Date.now());
  return asApiMessage(bot, chat, addMessage(bot, chat, 'bot', text, buttons));
};

/** Telegram fetches the file itself; the emulator fetches nothing, but refuses what it could not fetch. */
const checkMediaUrl = (url: string): void => {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw badRequest('wrong file identifier/HTTP URL specified');
  }
  if (new URL(url).hostname.endsWith('.invalid')) throw badRequest('failed to get HTTP URL content');
};

/** sendPhoto, sendVideo, sendAudio or sendDocument by URL: `kind` is also the name of the parameter. */
export const sendMedia =
  (kind: 'photo' | 'video' | 'audio' | 'document') => (bot: Bot, body: unknown, rates: Rates) => {
    const shape = z.object({ ...sendCommon, [kind]: z.string(), caption: z.string().default('') });
    const sent = parameters(shape, body) as z.output<typeof shape> & Record<string, string>;
    const url = sent[kind] ?? '';
    checkMediaUrl(url);
    if (sent.caption.length > 1024) throw badRequest('message caption is too long');
    const buttons = checkKeyboard(sent.reply_markup?.inline_keyboard ?? []);
    const chat = openChat(bot, sent.chat_id);
    rates.take(bot, sent.chat_id, Date.now());
    return asApiMessage(bot, chat, addMessage(bot, chat, 'bot', sent.caption, buttons, { kind, url }));
  };

export const answerCallbackQuery = (bot: Bot, body: unknown): true => {
  const wanted = z.object({ callback_query_id: z.string(), text: z.string().max(200, 'MESSAGE_TOO_LONG').optional() });
  const { callback_query_id } = parameters(wanted, body);
  const query = bot.callbacks.get(callback_query_id);
  if (!query || query.answered) {
    throw badRequest('query is too old and response timeout expired or query ID is invalid');
  }
  query.answered = true;
  return true;
};

export const editMessageReplyMarkup = (bot: Bot, body: unknown) => {
  const wanted = parameters(
    sendBody.pick({ chat_id: true, reply_markup: true }).extend({ message_id: z.number() }),
    body,
  );
  const chat = bot.chats.get(wanted.chat_id);
  const message = chat?.messages.find((one) => one.messageId === wanted.message_id);
  if (!chat || !message) throw badRequest('message to edit not found');
  if (message.from !== 'bot') throw badRequest("message can't be edited");
  const buttons = checkKeyboard(wanted.reply_markup?.inline_keyboard ?? []);
  if (JSON.stringify(buttons) === JSON.stringify(message.buttons)) throw badRequest('message is not modified');
  message.buttons = buttons;
  return asApiMessage(bot, chat, message);
};
