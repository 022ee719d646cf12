/** Hints from Redis that a conversation has something new; one subscriber connection per process, however many chats are open. */
import type { Redis } from 'ioredis';
import { chatHintsOf } from '../../shared/services/conversations.ts';

export interface Hints {
  /** Calls `poke` at every hint for the coachee, and whenever hints may have been missed. Gives the way to stop. */
  subscribe(coacheeId: string, poke: () => void): () => void;
  close(): void;
}

/** Listens on a connection of its own, made like `redis`. */
export const createHints = (redis: Redis): Hints => {
  const subscriber = redis.duplicate({ maxRetriesPerRequest: null, enableOfflineQueue: true });
  const listeners = new Map<string, Set<() => void>>();
  // Losing Redis costs nothing but time: chats poll slowly, and are poked when it is back.
  subscriber.on('error', () => {});
  subscriber.on('ready', () => {
    for (const pokes of listeners.values()) for (const poke of pokes) poke();
  });
  subscriber.on('message', (channel) => {
    for (const poke of listeners.get(channel) ?? []) poke();
  });
  return {
    subscribe: (coacheeId, poke) => {
      const channel = chatHintsOf(coacheeId);
      const pokes = listeners.get(channel) ?? new Set();
      listeners.set(channel, pokes.add(poke));
      if (pokes.size === 1) void subscriber.subscribe(channel).catch(() => {});
      return () => {
        pokes.delete(poke);
        if (pokes.size > 0 || listeners.get(channel) !== pokes) return;
        listeners.delete(channel);
        void subscriber.unsubscribe(channel).catch(() => {});
      };
    },
    close: () => subscriber.disconnect(),
  };
};
