/** Keeps sends under a provider's limits, counted in Redis for all processes together. */
import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';

export interface SendLimits {
  /** Milliseconds to wait before this chat may be sent to; 0: send now, it is counted. */
  waitBeforeSend(channelId: string, address: string): Promise<number>;
}

/** Telegram's limits: about 30 messages a second for a bot, one a second for a chat (https://core.telegram.org/bots/faq). */
const PER_SECOND = { bot: 28, chat: 1 };

const limiter = (storeClient: Redis, keyPrefix: string, points: number): RateLimiterRedis =>
  new RateLimiterRedis({
    storeClient,
    keyPrefix,
    points,
    duration: 1,
    rejectIfRedisNotReady: true,
    // Without Redis each process counts for itself; the provider's own 429 is the last word anyway.
    insuranceLimiter: new RateLimiterMemory({ points, duration: 1 }),
  });

/** Milliseconds to wait; those turned away queue up by how many were turned away before them, so that they do not return at once. */
const consume = async (limit: RateLimiterRedis, key: string): Promise<number> => {
  try {
    await limit.consume(key);
    return 0;
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    const turnedAwayBefore = refusal.consumedPoints - limit.points - 1;
    return Math.max(1, refusal.msBeforeNext) + Math.floor(turnedAwayBefore / limit.points) * 1000;
  }
};

/** Limits of Telegram bots. The chat is asked first: one that must wait takes nothing from its bot's share. */
export const createSendLimits = (redis: Redis): SendLimits => {
  const perChat = limiter(redis, 'telegram:chat', PER_SECOND.chat);
  const perBot = limiter(redis, 'telegram:bot', PER_SECOND.bot);
  return {
    waitBeforeSend: async (channelId, address) =>
      (await consume(perChat, `${channelId}:${address}`)) || (await consume(perBot, channelId)),
  };
};
