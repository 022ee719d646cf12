/** What Cairn asks of one Telegram bot besides sending messages of programs; shared/clients/telegram-bot.ts makes it. */
import type { TelegramUpdate } from './telegram.ts';

/**
 * Everything throws CairnError: `invalid` (Telegram does not know the token, or refuses what was asked), `conflict` (another reader takes the
 * updates), `tooManyRequests`, `unavailable` (no answer).
 */
export interface TelegramBot {
  /** The bot's own id and username. */
  getMe(): Promise<{ id: string; username: string }>;
  /** Sets what the bot's menu offers. */
  setCommands(): Promise<void>;
  /** Has updates sent to `url` with `secret` in their header, one after the other, so that a chat's order is kept. */
  setWebhook(url: string, secret: string): Promise<void>;
  deleteWebhook(): Promise<void>;
  /** Updates from `offset` on, waiting for the first up to 25 seconds; asking confirms everything before `offset`. */
  getUpdates(offset: number, signal: AbortSignal): Promise<TelegramUpdate[]>;
  /** A sentence of Cairn's own, outside the ledger. */
  say(chatId: string, text: string): Promise<void>;
  /** Ends the spinner on a pressed button and shows a word for a moment, since the chat itself does not show what was pressed. */
  answerPress(callbackId: string, word: string): Promise<void>;
  /** Takes the buttons off a question that was answered, but for its links. */
  keepLinks(chatId: string, telegramMessageId: number, links: { label: string; url: string }[]): Promise<void>;
}

/** Gives the bot of a token. */
export type TelegramBots = (token: string) => TelegramBot;
