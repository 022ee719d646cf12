/** What a running stack tells other commands: `.cairn/env.json`, readable by its owner alone. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lockHolder } from './processes/lock.ts';
import type { Environment } from './server.ts';

export interface RunningStack {
  /** The environment that API and workers run with. */
  environment: Environment;
  /** Places worth opening, by what they are: `{ 'Temporal UI': 'http://127.0.0.1:8233' }`. */
  links: Record<string, string>;
}

export const stackLock = (dataDir: string): string => join(dataDir, 'stack.lock');

const file = (dataDir: string): string => join(dataDir, 'env.json');

export const publishStack = (dataDir: string, stack: RunningStack): void => {
  const aside = `${file(dataDir)}.${process.pid}`;
  writeFileSync(aside, `${JSON.stringify(stack, null, 2)}\n`, { mode: 0o600 });
  renameSync(aside, file(dataDir));
};

export const withdrawStack = (dataDir: string): void => rmSync(file(dataDir), { force: true });

/** The stack that runs on this data folder; null when none does or it is still starting. */
export const findRunningStack = (dataDir: string): RunningStack | null => {
  if (lockHolder(stackLock(dataDir)) === null) return null;
  try {
    return JSON.parse(readFileSync(file(dataDir), 'utf8')) as RunningStack;
  } catch {
    return null;
  }
};

const LOOK_EVERY_MS = 200;

/** As `findRunningStack`, but while one is starting it waits: calls `waiting` once, then looks until it runs or has ended. */
export const awaitRunningStack = async (dataDir: string, waiting: () => void): Promise<RunningStack | null> => {
  let running = findRunningStack(dataDir);
  if (running === null && lockHolder(stackLock(dataDir)) !== null) waiting();
  while (running === null && lockHolder(stackLock(dataDir)) !== null) {
    await sleep(LOOK_EVERY_MS);
    running = findRunningStack(dataDir);
  }
  return running;
};
