/** Keeps sends under a provider's limits, counted in Redis for all processes together. */
import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { BOT_PER_SECOND, takeBotTurn } from './bot-turns.ts';

/** One message's wish to be sent to a chat. */
export interface SendTurn {
  channelId: string;
  address: string;
  /** Whose turn it is: who is told to wait keeps its place in the bot's line under this name. */
  deliveryId: string;
  /** How many messages it takes of its bot's share; 0 for what was counted before, a further part of a message. */
  messages: number;
}

export interface SendLimits {
  /** Milliseconds to wait before this chat may be sent to; 0: send now, it is counted. */
  waitBeforeSend(turn: SendTurn): Promise<number>;
}

/** Telegram takes about one message a second for a chat (https://core.telegram.org/bots/faq). */
const ONE_A_SECOND = { points: 1, duration: 1 };

/** Milliseconds to wait; those turned away queue up by how many were turned away before them, so that they do not return at once. */
const consume = async (limit: RateLimiterRedis | RateLimiterMemory, key: string): Promise<number> => {
  try {
    await limit.consume(key);
    return 0;
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    const turnedAwayBefore = refusal.consumedPoints - limit.points - 1;
    return Math.max(1, refusal.msBeforeNext) + Math.floor(turnedAwayBefore / limit.points) * 1000;
  }
};

/**
 * Limits of Telegram bots. The chat is asked first: one that must wait takes nothing from its bot's share. Without Redis each process counts for itself; the
 * provider's own 429 is the last word anyway.
 */
export const createSendLimits = (redis: Redis): SendLimits => {
  const perChat = new RateLimiterRedis({
    storeClient: redis,
    keyPrefix: 'telegram:chat',
    ...ONE_A_SECOND,
    rejectIfRedisNotReady: true,
    insuranceLimiter: new RateLimiterMemory(ONE_A_SECOND),
  });
  const perBotHere = new RateLimiterMemory({ points: BOT_PER_SECOND, duration: 1 });
  const waitForBot = async (turn: SendTurn): Promise<number> => {
    if (turn.messages === 0) return 0;
    if (redis.status !== 'ready') return consume(perBotHere, turn.channelId);
    return takeBotTurn(redis, turn).catch(() => consume(perBotHere, turn.channelId));
  };
  return {
    waitBeforeSend: async (turn) => {
      const chat = `${turn.channelId}:${turn.address}`;
      const chatWaitMs = await consume(perChat, chat);
      if (chatWaitMs > 0) return chatWaitMs;
      const botWaitMs = await waitForBot(turn);
      // Nothing was sent to the chat after all: it is free when the message comes back.
      if (botWaitMs > 0) await perChat.delete(chat);
      return botWaitMs;
    },
  };
};
