/** The plan of kills: when, where, and who is under way meanwhile. */
import { setTimeout as sleep } from 'node:timers/promises';
import { creatorsOf, joins, type Person, unfinished } from './people.ts';
import { HAND_OVER, type Point } from './points.ts';
import { startWorker } from './worker-process.ts';
import type { FaultWorld } from './world.ts';

export interface Killed {
  /** `random`, or the point at which the process ended itself. */
  point: string;
  /** The delivery's key or the inbound message's id that was in hand at the point; empty at random. */
  key: string;
  /** How many people had joined, or were about to, and had not finished. */
  underWay: number;
}

export interface Plan {
  /** Gives numbers from 0 to below 1. */
  random: () => number;
  /** How many random kills come before that at each point. */
  randomBefore: number;
  points: Point[];
}

/** How long a worker lives before a random kill. */
const LIFE_MS = { least: 100, most: 2_000 };
/** A point is met at one of its first occurrences in the process. */
const OCCURRENCES = 10;
const POINT_WITHIN_MS = 120_000;

/** Numbers that look random and are the same for the same seed (the generator is Mulberry32). */
export const randomFrom = (seed: number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/**
 * Starts a worker, kills it and starts it again at once, as often as planned, the points spread among the random moments. Before each start some more
 * people join, so that somebody is under way at every kill.
 */
export const killAgainAndAgain = async (world: FaultWorld, people: Person[], plan: Plan): Promise<Killed[]> => {
  const order = plan.points.flatMap((point) => [
    ...Array.from({ length: plan.randomBefore }, () => 'random' as const),
    point,
  ]);
  const each = Math.ceil(people.length / order.length);
  const kills: Killed[] = [];
  for (const [start, point] of order.entries()) {
    await Promise.all(people.slice(start * each, (start + 1) * each).map(joins));
    const killed =
      point === 'random' ? await killAtRandom(world, plan.random) : await killAt(world, point, plan.random);
    if (point === HAND_OVER) await forgetUpdate(people, killed.key);
    const joined = people.slice(0, (start + 1) * each);
    kills.push({ ...killed, underWay: await unfinished(joined) });
  }
  return kills;
};

/** Has Telegram forget the update of an inbound message, as it does after a day: it will not be brought in a second time. */
const forgetUpdate = async (people: Person[], inboundId: string): Promise<void> => {
  for (const { bot, inbound } of creatorsOf(people)) {
    const stored = (await inbound()).find(({ id }) => id === inboundId);
    if (stored) await bot.confirm(Number(stored.externalId));
  }
};

const killAtRandom = async (world: FaultWorld, random: () => number) => {
  const worker = await startWorker(world);
  await sleep(LIFE_MS.least + random() * (LIFE_MS.most - LIFE_MS.least));
  await worker.kill();
  return { point: 'random', key: '' };
};

const killAt = async (world: FaultWorld, point: Point, random: () => number) => {
  const occurrence = 1 + Math.floor(random() * OCCURRENCES);
  const worker = await startWorker({ ...world, killAt: { point, occurrence } });
  return await worker.killedItself(POINT_WITHIN_MS);
};
