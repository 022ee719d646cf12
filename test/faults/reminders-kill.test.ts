/**
 * kill -9 of the worker, of Temporal, of Postgres, and of all three at once, while 2,000 reminders fall due: each coachee has exactly one fire, no message comes
 * twice, what came too late is dropped with its reason, and every send of which nobody can know is visible as such.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CoacheeId, newId } from '../../shared/contracts/ids.ts';
import { fractionOf } from '../../shared/domain/journeys/draw.ts';
import { nudgeReminders } from '../../temporal/start/reminders.ts';
import { givenHerd, type HerdMember, morningSlot, type Slot } from '../support/herd.ts';
import { soon } from '../support/soon.ts';
import { type GivenTelegram, givenTelegram } from '../support/telegram.ts';
import { type FireVerdict, faultsOf, firesAtTelegram, isSettled } from './herd-verdict.ts';
import { type MortalWorld, openMortalWorld } from './mortal-world.ts';

const COUNT = Number(process.env.FAULT_REMINDERS ?? 2_000);
/** Each has a bot: a bot's limit of 28 messages a second is not what is tested here. */
const CREATORS = 10;
/** Of a spread of minutes the herd has this stretch, from now on: nobody waits for the next full minute. */
const SPREAD_MINUTES = 3;
const DUE_MS = { from: 10_000, to: 50_000 };
/** The coachees of one creator are not to be disturbed six seconds late. */
const IMPATIENT = { dropAfterMinutes: 0.1 };
/** After the first reminder fell due. */
const KILLS_MS = { worker: 4_000, temporal: 12_000, postgres: 19_000, all: 27_000 };
/** Longer than the impatient wait: some of them fall due and are late meanwhile. */
const WORKER_AWAY_MS = 8_000;
const AT_ONCE = 40;
const SETTLED_WITHIN_MS = 120_000;

let world: MortalWorld;
let impatient: GivenTelegram;
let herd: HerdMember[];
let fires: FireVerdict[];
const killedAtMs: number[] = [];

beforeAll(async () => {
  const openedAtMs = Date.now();
  world = await openMortalWorld();
  const { orm, vault, telegramUrl: url } = world;
  const owners = await Promise.all(Array.from({ length: CREATORS }, () => givenTelegram({ orm, vault, url })));
  const beganAtMs = Date.now();
  const slot = morningSlot(beganAtMs - 60_000);
  const wishes = { slot, settings: { jitterMinutes: SPREAD_MINUTES, mergeMinutes: 0 }, nextId: idDueSoon(slot) };
  const [first, ...others] = owners as [GivenTelegram, ...GivenTelegram[]];
  impatient = first;
  herd = [
    ...(await givenHerd([impatient], { ...wishes, count: COUNT / CREATORS, options: IMPATIENT })),
    ...(await givenHerd(others, { ...wishes, count: COUNT - COUNT / CREATORS })),
  ].sort((a, b) => dueAtMs(slot, a.coacheeId) - dueAtMs(slot, b.coacheeId));
  const starting = startAll(beganAtMs);
  await killEverything(beganAtMs + DUE_MS.from);
  const startedInMs = await starting;
  const killedAt = Date.now();
  fires = await untilSettled(async () => firesAtTelegram(owners));
  const inSeconds = (ms: number) => (ms / 1000).toFixed(1);
  const counts = Object.entries(Object.groupBy(fires, ({ status, delivery }) => `${status} ${delivery ?? ''}`.trim()));
  console.log(
    `opened in ${inSeconds(beganAtMs - openedAtMs)} s, ${COUNT} runs started in ${inSeconds(startedInMs)} s, all settled ${inSeconds(Date.now() - killedAt)} s after the last kill: ` +
      counts.map(([what, found]) => `${found?.length} ${what}`).join(', '),
  );
}, 400_000);
afterAll(() => world?.close(), 60_000);

const dueAtMs = (slot: Slot, coacheeId: string): number =>
  slot.atMs + fractionOf(`${coacheeId}/${slot.date}`) * SPREAD_MINUTES * 60_000;

/** Ids whose place in the spread lies in the stretch that is the herd's. */
const idDueSoon = (slot: Slot) => {
  const nowMs = Date.now();
  return (): CoacheeId => {
    for (;;) {
      const id = newId<CoacheeId>();
      const inMs = dueAtMs(slot, id) - nowMs;
      if (inMs >= DUE_MS.from && inMs <= DUE_MS.to) return id;
    }
  };
};

/** Starts every run, the first to fall due before the others; tries again where the server is away. Gives how long it took. */
const startAll = async (beganAtMs: number): Promise<number> => {
  const left = herd.values();
  const lane = async () => {
    for (const member of left) await untilDone(() => nudgeReminders(world.client, member));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return Date.now() - beganAtMs;
};

const untilDone = async <T>(attempt: () => Promise<T>): Promise<T> => {
  const lastMs = Date.now() + SETTLED_WITHIN_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > lastMs) throw error;
      await sleep(200);
    }
  }
};

const killEverything = async (firstDueAtMs: number): Promise<void> => {
  const { worker, servers } = world;
  const until = (afterMs: number) => sleep(Math.max(0, firstDueAtMs + afterMs - Date.now()));
  await until(KILLS_MS.worker);
  killedAtMs.push(Date.now());
  await worker.kill();
  await worker.start();
  await until(KILLS_MS.temporal);
  killedAtMs.push(Date.now());
  servers.kill('temporal');
  await until(KILLS_MS.postgres);
  killedAtMs.push(Date.now());
  servers.kill('postgres');
  await until(KILLS_MS.all);
  killedAtMs.push(Date.now());
  servers.kill('postgres');
  servers.kill('temporal');
  await worker.kill();
  await sleep(WORKER_AWAY_MS);
  await worker.start();
};

/** Gives the fires once everybody's is settled, or as they stand when that takes too long. */
const untilSettled = async (look: () => Promise<FireVerdict[]>): Promise<FireVerdict[]> => {
  const lastMs = Date.now() + SETTLED_WITHIN_MS;
  for (;;) {
    const found = await untilDone(look);
    if ((found.length >= COUNT && found.every(isSettled)) || Date.now() > lastMs) return found;
    await sleep(500);
  }
};

describe(`${COUNT} reminders that fell due while worker, Temporal and Postgres were killed`, () => {
  test('were lost nowhere, came nowhere twice, and are as the policy says', () => {
    expect(faultsOf(herd, fires, killedAtMs)).toEqual([]);
    expect(fires).toHaveLength(COUNT);
  });

  test('went on falling due while each of them was away', () => {
    expect(killedAtMs).toHaveLength(4);
    for (const atMs of killedAtMs) {
      expect(fires.some(({ dueAtMs: due }) => due > atMs && due < atMs + 1_000)).toBe(true);
    }
  });

  test('left every coachee with one run, which goes on', async () => {
    const runsThatAre = async (status: string) =>
      (await world.client.workflow.count(`WorkflowType = 'reminders' and ExecutionStatus = '${status}'`)).count;
    await soon(async () => expect(await runsThatAre('Running')).toBe(COUNT));
    for (const status of ['Completed', 'Failed', 'Terminated', 'TimedOut', 'Canceled']) {
      expect(await runsThatAre(status), status).toBe(0);
    }
  });

  test('were dropped where they would have been too late, of the impatient alone', () => {
    const ownerOf = new Map(herd.map(({ coacheeId, owner }) => [coacheeId as string, owner]));
    const dropped = fires.filter(({ status }) => status === 'dropped');
    expect(dropped.length).toBeGreaterThan(0);
    expect(new Set(dropped.map(({ coacheeId }) => ownerOf.get(coacheeId)))).toEqual(new Set([impatient]));
  });
});
