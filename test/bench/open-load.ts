/**
 * An open load: requests leave at moments of their own, as those of callers who know nothing of each other (exponential gaps), whether or not
 * earlier ones were answered. A tool that waits for answers, or that sends a second's requests in one burst, measures the line that it makes.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'undici';

export interface Rate {
  perSecond: number;
  seconds: number;
}

export interface OpenLoad extends Rate {
  pool: Pool;
  path: string;
  headers: Record<string, string>;
}

/** Milliseconds from each request's leaving to its whole answer. Throws on an answer other than 200. */
export const openLoad = async ({ pool, path, headers, perSecond, seconds }: OpenLoad): Promise<number[]> => {
  const ask = async (): Promise<number> => {
    const left = performance.now();
    const { statusCode, body } = await pool.request({ method: 'GET', path, headers });
    await body.dump();
    if (statusCode !== 200) throw new Error(`GET ${path} answered ${statusCode}`);
    return performance.now() - left;
  };
  const asked: Promise<number>[] = [];
  const startedAt = performance.now();
  for (let due = 0; due < seconds * 1000; due += (-Math.log(1 - Math.random()) * 1000) / perSecond) {
    const early = due - (performance.now() - startedAt);
    if (early > 0) await sleep(early);
    asked.push(ask());
  }
  return Promise.all(asked);
};
