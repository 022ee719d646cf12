/** Redis: limits, locks and hints. Nothing that must not be lost is kept there. */
import { Redis } from 'ioredis';

/** Connects lazily and for good; a command waits at most for one reconnect instead of hanging while Redis is away. */
export const createRedis = (url: string): Redis => new Redis(url, { maxRetriesPerRequest: 1 });
