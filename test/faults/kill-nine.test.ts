/**
 * kill -9 of the worker, at random moments and at every named point of a send, while people live their journeys on Telegram: nothing is lost,
 * nothing is sent twice, and every send of which nobody can know is visible as such. `FAULT_SEED` in the output names the moments.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SendPoint } from '../../activities/journeys/send-message.ts';
import { Enrollment } from '../../shared/db/entities/journeys.ts';
import { answerQuestions, givenPeople, joins, type Person } from './people.ts';
import { judge, type SendVerdict, type Verdict } from './verdict.ts';
import { type Reached, startWorker } from './worker-process.ts';
import { type FaultWorld, openFaultWorld } from './world.ts';

const PEOPLE = 200;
const CREATORS = 5;
const RANDOM_KILLS = 30;
const POINTS: SendPoint[] = ['beforeReserve', 'reserved', 'called', 'recorded'];
/** How long a worker lives before a random kill. */
const LIFE_MS = { least: 100, most: 2_000 };
const FINISHED_WITHIN_MS = 90_000;

let world: FaultWorld;
let verdict: Verdict;
const kills: ({ random: true } | Reached)[] = [];

/** Mulberry32: the same seed gives the same moments. */
const seeded = (seed: number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

const unfinished = async (people: Person[]): Promise<number> => {
  const creators = [...new Set(people.map(({ creator }) => creator))];
  const ended = await Promise.all(creators.map(({ em }) => em().count(Enrollment, { endedAt: { $ne: null } })));
  return people.length - ended.reduce((sum, count) => sum + count, 0);
};

/** Starts a worker again and again and kills it; before each start some more people join, so that there is always somebody under way. */
const killAgainAndAgain = async (people: Person[], random: () => number): Promise<void> => {
  const starts = RANDOM_KILLS + POINTS.length;
  const each = Math.ceil(PEOPLE / starts);
  for (let start = 0; start < starts; start += 1) {
    await Promise.all(people.slice(start * each, (start + 1) * each).map(joins));
    const point = start % 7 === 6 ? POINTS[(start - 6) / 7] : undefined;
    if (point) {
      const worker = await startWorker({ ...world, killAt: { point, occurrence: 1 + Math.floor(random() * 10) } });
      kills.push(await worker.killedItself(30_000));
    } else {
      const worker = await startWorker(world);
      await sleep(LIFE_MS.least + random() * (LIFE_MS.most - LIFE_MS.least));
      await worker.kill();
      kills.push({ random: true });
    }
  }
};

beforeAll(async () => {
  const seed = Number(process.env.FAULT_SEED ?? Date.now() % 1_000_000);
  console.log(`FAULT_SEED=${seed}`);
  const t0 = Date.now();
  world = await openFaultWorld();
  const people = await givenPeople(world, PEOPLE, CREATORS);
  await (await startWorker(world)).stop();
  console.log('opened', Date.now() - t0);
  const answering = answerQuestions(people);
  await killAgainAndAgain(people, seeded(seed));
  console.log('killed', Date.now() - t0, 'unfinished', await unfinished(people));
  const last = await startWorker(world);
  const deadline = Date.now() + FINISHED_WITHIN_MS;
  let left = await unfinished(people);
  while (left > 0 && Date.now() < deadline) {
    await sleep(250);
    left = await unfinished(people);
  }
  console.log('finished', Date.now() - t0, left);
  await answering.stop();
  await last.stop();
  const creators = [...new Set(people.map(({ creator }) => creator))];
  const verdicts = await Promise.all(creators.map((creator) => judge(people.filter((one) => one.creator === creator))));
  verdict = { faults: verdicts.flatMap(({ faults }) => faults), sends: verdicts.flatMap(({ sends }) => sends) };
  console.log(
    kills,
    verdict.faults.slice(0, 40),
    verdict.faults.length,
    'ambiguous',
    verdict.sends.filter(({ status }) => status === 'ambiguous').map((x) => x.copies),
  );
}, 300_000);
afterAll(async () => {
  await world.close();
}, 60_000);

const sendAt = (point: SendPoint): SendVerdict | undefined => {
  const hit = kills.find((kill) => 'point' in kill && kill.point === point) as Reached | undefined;
  return verdict.sends.find(({ key }) => key === hit?.key);
};

describe('a worker that was killed 30 times at random and once at each point of a send', () => {
  test('was killed as often as that', () => {
    expect(kills.filter((kill) => 'random' in kill)).toHaveLength(RANDOM_KILLS);
    expect(kills.filter((kill) => 'point' in kill).map((kill) => (kill as Reached).point)).toEqual(POINTS);
  });
  test('has nothing lost and nothing sent twice', () => {
    expect(verdict.faults).toEqual([]);
  });
  test('before the reservation: sent', () =>
    expect(sendAt('beforeReserve')).toMatchObject({ status: 'sent', copies: 1 }));
  test('reserved', () => expect(sendAt('reserved')).toMatchObject({ status: 'ambiguous', copies: 0 }));
  test('called', () => expect(sendAt('called')).toMatchObject({ status: 'ambiguous', copies: 1 }));
  test('recorded', () => expect(sendAt('recorded')).toMatchObject({ status: 'sent', copies: 1 }));
});
