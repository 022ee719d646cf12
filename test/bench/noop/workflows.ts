/** The least that a workflow can do: what Cairn's own are measured against. */
import {
  condition,
  defineSignal,
  defineUpdate,
  proxyActivities,
  proxySinks,
  type Sinks,
  setHandler,
  sleep,
} from '@temporalio/workflow';
import type { NoopActivities, NoopSinks } from './protocol.ts';

const { touch } = proxyActivities<NoopActivities>({ startToCloseTimeout: '20 seconds' });
const { noop: parent } = proxySinks<NoopSinks & Sinks>();

/** Is over with its first task. */
export async function noop(): Promise<void> {
  parent.ran();
}

/** Sleeps and is over. */
export async function noopSleeper(sleepMs: number): Promise<void> {
  parent.ran();
  await sleep(sleepMs);
}

/** Sleeps, then calls one activity, as a journey that wakes must. */
export async function noopWake(sleepMs: number): Promise<void> {
  await sleep(sleepMs);
  await touch();
}

/** The same at an instant (epoch milliseconds). */
export async function noopWakeAt(atMs: number): Promise<void> {
  await sleep(Math.max(0, atMs - Date.now()));
  await touch();
}

/** Answers updates until it is let go. */
export async function noopListener(): Promise<void> {
  let isOver = false;
  setHandler(defineUpdate<void, []>('poke'), () => {});
  setHandler(defineSignal('leave'), () => {
    isOver = true;
  });
  await condition(() => isOver);
}
