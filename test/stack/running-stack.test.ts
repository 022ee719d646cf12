/** How other commands find the stack that runs here. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { tryLock } from '../../stack/processes/lock.ts';
import { awaitRunningStack, findRunningStack, publishStack, stackLock } from '../../stack/running-stack.ts';

const stack = { environment: { PORT: '1' }, links: {} };
let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'cairn-running-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const held = () => {
  const lock = tryLock(stackLock(dataDir), 'npm start');
  if (!lock.acquired) throw new Error('The lock of a fresh folder is taken');
  return lock;
};

test('a stack that is starting is waited for', async () => {
  const lock = held();
  const waiting = vi.fn(() => publishStack(dataDir, stack));
  expect(findRunningStack(dataDir)).toBeNull();
  expect(await awaitRunningStack(dataDir, waiting)).toEqual(stack);
  expect(waiting).toHaveBeenCalledOnce();
  lock.release();
});

test('a start that ends is not waited for any longer', async () => {
  const lock = held();
  expect(await awaitRunningStack(dataDir, () => lock.release())).toBeNull();
});

test('nothing that starts is not waited for', async () => {
  const waiting = vi.fn();
  expect(await awaitRunningStack(dataDir, waiting)).toBeNull();
  expect(waiting).not.toHaveBeenCalled();
});
