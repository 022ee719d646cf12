/** What Cairn asks of one Telegram bot besides sending messages of programs. */
import { z } from 'zod';
import { type TelegramUpdate, telegramUpdate } from '../contracts/telegram.ts';
import type { TelegramApi } from './telegram-api.ts';

/** What the bot's menu offers; the conversation answers them. */
const COMMANDS = [
  { command: 'help', description: 'What you can do here' },
  { command: 'pause', description: 'Take a break from your program' },
  { command: 'resume', description: 'Go on with your program' },
  { command: 'stop', description: 'Leave your program' },
];

const ALLOWED_UPDATES = ['message', 'edited_message', 'callback_query', 'my_chat_member'];
const POLL_SECONDS = 25;

const me = z.object({ id: z.number().int(), username: z.string() });

export interface TelegramBot {
  /** The bot's own username. */
  getMe(): Promise<{ username: string }>;
  setCommands(): Promise<void>;
  /** Has updates sent to `url` with `secret` in their header; they come one after the other, so that a chat's order is kept. */
  setWebhook(url: string, secret: string): Promise<void>;
  deleteWebhook(): Promise<void>;
  /** Updates from `offset` on, waiting for the first up to 25 seconds; asking confirms everything before `offset`. */
  getUpdates(offset: number, signal: AbortSignal): Promise<TelegramUpdate[]>;
  /** A sentence of Cairn's own, outside the ledger. */
  say(chatId: string, text: string): Promise<void>;
  /** Ends the spinner on a pressed button. */
  answerPress(callbackId: string): Promise<void>;
  /** Takes the buttons off a question that was answered. */
  dropButtons(chatId: string, telegramMessageId: number): Promise<void>;
}

/** The bot of `token`. Everything throws TelegramCallFailed. */
export const telegramBot = (api: TelegramApi, token: string): TelegramBot => ({
  getMe: async () => me.parse(await api.call(token, 'getMe', {})),
  setCommands: async () => void (await api.call(token, 'setMyCommands', { commands: COMMANDS })),
  setWebhook: async (url, secret) =>
    void (await api.call(token, 'setWebhook', {
      url,
      secret_token: secret,
      allowed_updates: ALLOWED_UPDATES,
      max_connections: 1,
    })),
  deleteWebhook: async () => void (await api.call(token, 'deleteWebhook', {})),
  getUpdates: async (offset, signal) =>
    z
      .array(telegramUpdate)
      .parse(
        await api.call(
          token,
          'getUpdates',
          { offset, timeout: POLL_SECONDS, allowed_updates: ALLOWED_UPDATES },
          { timeoutMs: (POLL_SECONDS + 10) * 1000, signal },
        ),
      ),
  say: async (chatId, text) => void (await api.call(token, 'sendMessage', { chat_id: chatId, text })),
  answerPress: async (callbackId) =>
    void (await api.call(token, 'answerCallbackQuery', { callback_query_id: callbackId })),
  dropButtons: async (chatId, telegramMessageId) =>
    void (await api.call(token, 'editMessageReplyMarkup', { chat_id: chatId, message_id: telegramMessageId })),
});
