/** Telegram's limits of sending: about 1 message a second for a chat and 30 a second for a bot, answered with 429 and `retry_after`. */
import { Refused } from './refusals.ts';
import type { Bot } from './world.ts';

export interface Rates {
  /** Throws a 429 when a message to this chat would be too much now; counts it otherwise. */
  take(bot: Bot, chatId: number, nowMs: number): void;
}

/** Two clocks and a network lie between sender and receiver: 50 ms of grace, no more. */
const SLACK_MS = 50;
const PER_BOT = 30;

/** `perChatPerSecond` is 1 as at Telegram; a bench or fault test may raise it (`perBotPerSecond` too), never lower it. */
export const createRates = ({ perChatPerSecond = 1, perBotPerSecond = PER_BOT } = {}): Rates => {
  if (perChatPerSecond < 1 || perBotPerSecond < PER_BOT) throw new Error("Telegram's limits can only be raised");
  const chats = new Map<string, number[]>();
  const bots = new Map<string, { tokens: number; atMs: number }>();

  const refuse = (waitMs: number): never => {
    const retryAfter = Math.max(1, Math.ceil(waitMs / 1000));
    throw new Refused(429, `Too Many Requests: retry after ${retryAfter}`, { retry_after: retryAfter });
  };

  return {
    take: (bot, chatId, nowMs) => {
      const key = `${bot.token}/${chatId}`;
      const recent = (chats.get(key) ?? []).filter((atMs) => nowMs - atMs < 1000 - SLACK_MS);
      if (recent.length >= perChatPerSecond) refuse(1000 - (nowMs - (recent[0] ?? nowMs)));
      const bucket = bots.get(bot.token) ?? { tokens: perBotPerSecond, atMs: nowMs };
      const refilled = bucket.tokens + ((nowMs - bucket.atMs) / 1000) * perBotPerSecond;
      const tokens = Math.min(perBotPerSecond, refilled);
      bots.set(bot.token, { tokens: tokens < 1 ? tokens : tokens - 1, atMs: nowMs });
      if (tokens < 1) refuse(((1 - tokens) / perBotPerSecond) * 1000);
      chats.set(key, [...recent, nowMs]);
    },
  };
};
