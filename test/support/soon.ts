import { setTimeout as sleep } from 'node:timers/promises';

const SOON_MS = 30_000;

/** Tries until it works: a new namespace, say, is known to every part of the server after some seconds. */
export const soon = async (attempt: () => Promise<unknown>): Promise<void> => {
  const deadline = Date.now() + SOON_MS;
  for (;;) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(100);
    }
  }
};
