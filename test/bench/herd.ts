/**
 * Bench `herd`: many coachees who are all reminded at nine, spread over a window of minutes: how late each message comes to the emulated channel after its own
 * instant, and how even the load is. Beside them sleep a tenth as many no-ops that wake over the same window for one activity: what the server and the machine
 * make late by themselves. `HERD_SIZES=2000` and `HERD_WINDOW_MINUTES=1` make it smaller.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 } from 'uuid';
import { givenHerd, type HerdMember, morningSlot, type Slot } from '../support/herd.ts';
import type { GivenTelegram } from '../support/telegram.ts';
import { type BenchLine, percentile, rounded } from './line.ts';
import { NOOP_QUEUE } from './noop/protocol.ts';
import { creatorsWithBots, startReminders } from './reminded.ts';
import { note } from './turns.ts';
import { each, type World } from './world.ts';

const SIZES = (process.env.HERD_SIZES ?? '2000,20000').split(',').map(Number);
const WINDOW_MINUTES = Number(process.env.HERD_WINDOW_MINUTES ?? 15);
const WINDOW_MS = WINDOW_MINUTES * 60_000;
/** Each with a bot: none of them comes near Telegram's limit for one. */
const CREATORS = 20;
const NOOPS_PER_COACHEE = 0.1;
/** The window begins when all have been started: what that takes of each on a slow day, or somewhat more than it took in the herd before. */
const LEAD_MS = { least: 60_000, each: 50 };
const LEAD_SLACK = 1.3;
const ON_TIME_MS = 5_000;
/** How long after the window a message may still come. */
const PATIENCE_MS = 5 * 60_000;
const LOOK_EVERY_MS = 1_000;

/** Milliseconds after the own instant. */
interface Lateness {
  p50: number;
  p99: number;
  most: number;
}

export type HerdLine = BenchLine & {
  late?: Lateness;
  noopLate?: Lateness;
  within60s?: number;
  /** Messages that had not come minutes after the window. */
  missing?: number;
  perMinute?: number;
};

export const benchHerd = async (world: World): Promise<HerdLine[]> => {
  const lines: HerdLine[] = [];
  let eachMs = LEAD_MS.each;
  for (const size of SIZES) {
    const begunMs = Date.now();
    const asleep = () => {
      eachMs = ((Date.now() - begunMs) / size) * LEAD_SLACK;
    };
    lines.push(...(await herdOf(world, size, LEAD_MS.least + size * eachMs, asleep)));
  }
  return lines;
};

/** The window begins at the first full minute after `leadMs`; `asleep` is called once everybody sleeps. */
const herdOf = async (world: World, count: number, leadMs: number, asleep: () => void): Promise<HerdLine[]> => {
  const owners = await creatorsWithBots(world, CREATORS);
  const slot = morningSlot(Date.now() + leadMs);
  const settings = { jitterMinutes: WINDOW_MINUTES, mergeMinutes: 5 };
  const herd = await givenHerd(owners, { count, slot, settings });
  const dueAt = await startAll(world, herd, slot);
  const noops = await startNoops(world, [...dueAt.values()].slice(0, count * NOOPS_PER_COACHEE));
  asleep();
  if (Date.now() > slot.atMs) throw new Error('The window began before everything was started');
  note(`${count} coachees are asleep; the window begins in ${Math.round((slot.atMs - Date.now()) / 1000)} s`);
  await sleep(slot.atMs + WINDOW_MS - Date.now());
  const arrivedAt = await untilArrived(owners, count);
  return linesOf(count, slot, dueAt, arrivedAt, await noops());
};

/** Names a coachee alike in our rows and at Telegram. */
const chatOf = ({ bot }: GivenTelegram, chat: number | string): string => `${bot.token}/${chat}`;

/** Starts every run; gives each one's instant (Unix milliseconds) by chat. Throws where one is due outside the window. */
const startAll = async (world: World, herd: HerdMember[], slot: Slot): Promise<Map<string, number>> => {
  const begunMs = Date.now();
  const nextAt = await startReminders(world, herd);
  const tookMs = Date.now() - begunMs;
  note(
    `${herd.length} runs started in ${Math.round(tookMs / 1000)} s, ${rounded((herd.length * 1000) / tookMs)} a second`,
  );
  const dueAt = new Map(herd.map(({ owner, chat, coacheeId }) => [chatOf(owner, chat), nextAt.get(coacheeId) ?? 0]));
  const outside = [...dueAt.values()].filter((atMs) => atMs < slot.atMs || atMs > slot.atMs + WINDOW_MS);
  if (outside.length > 0) throw new Error(`${outside.length} reminders are due outside the window`);
  return dueAt;
};

/** Lets a no-op sleep until each of these instants; gives how many milliseconds late each was, once all have run. */
const startNoops = async ({ temporal, noop }: World, instants: number[]): Promise<() => Promise<number[]>> => {
  const ran = noop.ran(instants.length);
  const ids = await each(instants.length, async (index) => {
    const workflowId = `noop/${v7()}`;
    await temporal.workflow.start('noopWakeAt', { taskQueue: NOOP_QUEUE, workflowId, args: [instants[index]] });
    return workflowId;
  });
  return async () => {
    const ranAt = await ran;
    return ids.map((id, index) => (ranAt.get(id) ?? Number.NaN) - (instants[index] ?? 0));
  };
};

/** When each chat got its message, as far as they came in time; throws where one got two. */
const untilArrived = async (owners: GivenTelegram[], count: number): Promise<Map<string, number>> => {
  const lastMs = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await Promise.all(
      owners.map(async (owner) => (await owner.bot.arrivals()).map(([chat, at]) => [chatOf(owner, chat), at] as const)),
    );
    const got = found.flat().filter(([, at]) => at.length > 0);
    const twice = got.filter(([, at]) => at.length > 1);
    if (twice.length > 0) throw new Error(`${twice.length} chats got more than one message`);
    if (got.length === count || Date.now() > lastMs) return new Map(got.map(([chat, [at = 0]]) => [chat, at]));
    await sleep(LOOK_EVERY_MS);
  }
};

const linesOf = (
  count: number,
  slot: Slot,
  dueAt: Map<string, number>,
  arrivedAt: Map<string, number>,
  noopLateMs: number[],
): HerdLine[] => {
  const lateMs = [...arrivedAt].map(([chat, at]) => at - (dueAt.get(chat) ?? 0));
  const onTime = shareWithin(lateMs, ON_TIME_MS, count);
  const noopOnTime = shareWithin(noopLateMs, ON_TIME_MS, noopLateMs.length);
  const peak = (instants: Iterable<number>, everyMs: number) => rounded(peakOverMean([...instants], slot, everyMs));
  const seconds = { value: peak(arrivedAt.values(), 1_000), baseline: peak(dueAt.values(), 1_000) };
  return [
    {
      ...{ bench: `herd.${count}.onTime`, value: onTime, baseline: noopOnTime, ratio: rounded(onTime / noopOnTime) },
      ...{ unit: `share within ${ON_TIME_MS / 1000} s`, runs: 1, within60s: shareWithin(lateMs, 60_000, count) },
      ...{ missing: count - lateMs.length, late: latenessOf(lateMs), noopLate: latenessOf(noopLateMs) },
    },
    {
      ...{ bench: `herd.${count}.peak`, ...seconds, ratio: rounded(seconds.value / seconds.baseline) },
      ...{ unit: 'busiest second over the mean', runs: 1, perMinute: peak(arrivedAt.values(), 60_000) },
    },
  ];
};

/** Four digits: of 20,000 a handful may be late. */
const shareWithin = (lateMs: number[], mostMs: number, of: number): number =>
  Number((lateMs.filter((late) => late <= mostMs).length / of).toFixed(4));

const latenessOf = (lateMs: number[]): Lateness => ({
  p50: rounded(percentile(lateMs, 50)),
  p99: rounded(percentile(lateMs, 99)),
  most: rounded(percentile(lateMs, 100)),
});

/** The busiest stretch of `everyMs` over what each would have, were the window's load even. */
const peakOverMean = (instants: number[], slot: Slot, everyMs: number): number => {
  const counts = Map.groupBy(instants, (atMs) => Math.floor((atMs - slot.atMs) / everyMs));
  const busiest = Math.max(...[...counts.values()].map(({ length }) => length));
  return busiest / ((instants.length * everyMs) / WINDOW_MS);
};
