/** Telegram bots behind shared/contracts/telegram-bot.ts. */
import { z } from 'zod';
import { telegramUpdate } from '../contracts/telegram.ts';
import type { TelegramBot, TelegramBots } from '../contracts/telegram-bot.ts';
import { CairnError } from '../errors.ts';
import { type CallOptions, type TelegramApi, TelegramCallFailed } from './telegram-api.ts';

/** What the bot's menu offers; the conversation answers them. */
const COMMANDS = [
  { command: 'help', description: 'What you can do here' },
  { command: 'pause', description: 'Take a break from your program' },
  { command: 'resume', description: 'Go on where you left off' },
  { command: 'catchup', description: 'Go on with the dates as they were' },
  { command: 'stop', description: 'Leave your program' },
];

const ALLOWED_UPDATES = ['message', 'edited_message', 'callback_query', 'my_chat_member'];
const POLL_SECONDS = 25;

const me = z.object({ id: z.number().int(), username: z.string() });

const explain = ({ status, message }: TelegramCallFailed): CairnError => {
  if (status === 401 || status === 404) return new CairnError('invalid', 'Telegram does not know this bot token.');
  if (status === 409) return new CairnError('conflict', message);
  if (status === 429) return new CairnError('tooManyRequests', message);
  return new CairnError(status !== null && status < 500 ? 'invalid' : 'unavailable', message);
};

type Call = (method: string, payload: object, options?: CallOptions) => Promise<unknown>;

/** Makes bots of tokens. */
export const createTelegramBots =
  (api: TelegramApi): TelegramBots =>
  (token) =>
    botOf(async (method, payload, options) => {
      try {
        return await api.call(token, method, payload, options);
      } catch (error) {
        throw error instanceof TelegramCallFailed ? explain(error) : error;
      }
    });

const botOf = (call: Call): TelegramBot => ({
  getMe: async () => {
    const { id, username } = me.parse(await call('getMe', {}));
    return { id: String(id), username };
  },
  setCommands: async () => void (await call('setMyCommands', { commands: COMMANDS })),
  setWebhook: async (url, secret) => {
    const updates = { allowed_updates: ALLOWED_UPDATES, max_connections: 1 };
    await call('setWebhook', { url, secret_token: secret, ...updates });
  },
  deleteWebhook: async () => void (await call('deleteWebhook', {})),
  getUpdates: async (offset, signal) => {
    const asked = { offset, timeout: POLL_SECONDS, allowed_updates: ALLOWED_UPDATES };
    const updates = await call('getUpdates', asked, { timeoutMs: (POLL_SECONDS + 10) * 1000, signal });
    return z.array(telegramUpdate).parse(updates);
  },
  say: async (chatId, text) => void (await call('sendMessage', { chat_id: chatId, text })),
  answerPress: async (callbackId, word) =>
    void (await call('answerCallbackQuery', { callback_query_id: callbackId, text: word })),
  keepLinks: async (chatId, telegramMessageId, links) => {
    const inline_keyboard = links.map(({ label, url }) => [{ text: label, url }]);
    await call('editMessageReplyMarkup', {
      chat_id: chatId,
      message_id: telegramMessageId,
      reply_markup: { inline_keyboard },
    });
  },
});
