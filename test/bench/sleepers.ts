/**
 * Bench `sleepers`: what a journey that sleeps costs, or the reminders of a coachee with one habit and with ten, over a no-op that sleeps: bytes of Temporal's
 * database, and memory of the worker that keeps it at hand.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 } from 'uuid';
import { givenHerd, morningSlot } from '../support/herd.ts';
import { type Coaching, openCoaching } from './coaching.ts';
import { databaseBytes, residentBytes } from './footprint.ts';
import { type BenchLine, compared } from './line.ts';
import { NOOP_QUEUE } from './noop/protocol.ts';
import { creatorsWithBots, startReminders } from './reminded.ts';
import { TEMPORAL_FILE } from './stack.ts';
import { inTurns } from './turns.ts';
import { each, type World } from './world.ts';

const COUNT = 250;
/** Until the server has done what it does behind a start. */
const SETTLE_MS = 3_000;
/** Nobody is reminded before the bench is over. */
const A_WHILE_MS = 30 * 60_000;
const MONTH_MS = 30 * 86_400_000;

export const benchSleepers = async (world: World): Promise<BenchLine[]> => {
  const coaching = await openCoaching(world);
  return [
    ...(await overNoops(world, 'sleepers', () => startJourneys(coaching))),
    ...(await overNoops(world, 'sleepers.reminders.1', () => startReminded(world, 1))),
    ...(await overNoops(world, 'sleepers.reminders.10', () => startReminded(world, 10))),
  ];
};

/** Bytes and memory of what `start` starts, over those of as many no-ops. */
const overNoops = async (world: World, bench: string, start: () => Promise<void>): Promise<BenchLine[]> => {
  const memory = { subject: [] as number[], baseline: [] as number[] };
  const bytes = await inTurns({
    subject: async () => {
      const { bytes, residentKiB } = await footprintOf(world.workersPid, start);
      memory.subject.push(residentKiB);
      return bytes;
    },
    baseline: async () => {
      const { bytes, residentKiB } = await footprintOf(world.noop.pid, () => startNoops(world));
      memory.baseline.push(residentKiB);
      return bytes;
    },
    between: async () => {},
    runs: 2,
  });
  return [
    compared({ bench: `${bench}.bytes`, ...bytes, unit: 'bytes' }),
    compared({
      bench: `${bench}.memory`,
      subject: memory.subject.slice(1),
      baseline: memory.baseline.slice(1),
      unit: 'KiB',
    }),
  ];
};

/** What each sleeper that `start` starts adds to the database and to the process. */
const footprintOf = async (pid: number, start: () => Promise<void>) => {
  const before = { bytes: databaseBytes(TEMPORAL_FILE), resident: await residentBytes(pid) };
  await start();
  await sleep(SETTLE_MS);
  const resident = await residentBytes(pid);
  return {
    bytes: (databaseBytes(TEMPORAL_FILE) - before.bytes) / COUNT,
    residentKiB: (resident - before.resident) / COUNT / 1024,
  };
};

const startJourneys = async (coaching: Coaching): Promise<void> => {
  const programId = await coaching.publish([
    { type: 'message', key: 'hello', text: 'Hello {{coachee.name}}, good that you are here.' },
    { type: 'wait', key: 'a-month', for: { days: 30 } },
    { type: 'message', key: 'goodbye', text: 'That was it.' },
  ]);
  const coachees = await coaching.coachees(COUNT);
  await coaching.sentAt(await each(COUNT, (i) => coaching.enroll(programId, coachees[i] as (typeof coachees)[0])));
};

/** Coachees with so many habits, each with a reminder in a while. Throws where one of them has another number of runs than one. */
const startReminded = async (world: World, habits: number): Promise<void> => {
  const owners = await creatorsWithBots(world, 1);
  const settings = { jitterMinutes: 15, mergeMinutes: 5 };
  await startReminders(
    world,
    await givenHerd(owners, { count: COUNT, habits, slot: morningSlot(Date.now() + A_WHILE_MS), settings }),
  );
  await sleep(SETTLE_MS);
  const query = `WorkflowType = 'reminders' and creatorId = '${owners[0]?.creatorId}'`;
  const { count } = await world.temporal.workflow.count(query);
  if (count !== COUNT) throw new Error(`${COUNT} coachees have ${count} runs of reminders`);
};

const startNoops = async ({ temporal, noop }: World): Promise<void> => {
  const ran = noop.ran(COUNT);
  const start = { taskQueue: NOOP_QUEUE, args: [MONTH_MS] };
  await each(COUNT, () => temporal.workflow.start('noopSleeper', { ...start, workflowId: `noop/${v7()}` }));
  await ran;
};
