/** A lock in Redis, for work that one process at a time should do. It saves double work; nothing may depend on it for being right. */
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';

const RENEW = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) else return 0 end`;
const RELEASE = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end`;

/**
 * Does `work` while this process holds the lock, if it is free; renews it every third of `lockMs`. The signal given to `work` ends when `stopped` does
 * or when the lock is lost. Rejects with what `work` or Redis throws.
 */
export const holdLock = async (
  redis: Redis,
  key: string,
  lockMs: number,
  stopped: AbortSignal,
  work: (held: AbortSignal) => Promise<void>,
): Promise<void> => {
  const owner = randomUUID();
  if ((await redis.set(key, owner, 'PX', lockMs, 'NX')) === null) return;
  const lost = new AbortController();
  let renewedAtMs = Date.now();
  const renew = async (): Promise<void> => {
    try {
      if ((await redis.eval(RENEW, 1, key, owner, lockMs)) === 1) renewedAtMs = Date.now();
      else lost.abort();
    } catch {
      if (Date.now() - renewedAtMs > lockMs) lost.abort();
    }
  };
  const renewing = setInterval(() => void renew(), lockMs / 3);
  try {
    await work(AbortSignal.any([stopped, lost.signal]));
  } finally {
    clearInterval(renewing);
    await redis.eval(RELEASE, 1, key, owner).catch(() => {});
  }
};
