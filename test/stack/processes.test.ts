import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { isAlive, markOf } from '../../stack/processes/identity.ts';
import { endOrphans } from '../../stack/processes/orphans.ts';
import { supervise } from '../../stack/processes/supervise.ts';
import type { ProcessSpec } from '../../stack/server.ts';
import { temporaryFolder } from '../support/temp-folder.ts';

const sleeper = () => {
  const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, mark: markOf(child.pid as number) };
};

const superviseHere = (runDir: string, spec: ProcessSpec, isReady: () => Promise<boolean>) =>
  supervise(spec, {
    name: 'subject',
    runDir,
    env: process.env,
    isReady,
    readyWithinMs: 2_000,
    signal: new AbortController().signal,
  });

/** A shell script that writes its process id into `started`, then does what is asked. */
const shell = (folder: string, then: string): ProcessSpec => ({
  command: 'sh',
  args: ['-c', `echo $$ >> ${folder}/started; ${then}`],
});

const isStarted = (folder: string) => async () => existsSync(join(folder, 'started'));

test('a server left behind by a killed stack is ended', async () => {
  const runDir = temporaryFolder();
  const { child, mark } = sleeper();
  writeFileSync(join(runDir, 'redis.pid.json'), JSON.stringify({ ...mark, stopSignal: 'SIGTERM' }));

  await endOrphans(runDir);

  expect(isAlive(mark)).toBe(false);
  expect(child.signalCode ?? (await once(child, 'exit'))[1]).toBe('SIGTERM');
  expect(readdirSync(runDir)).toEqual([]);
});

test("a stranger's process that got a server's old id is left alone", async () => {
  const runDir = temporaryFolder();
  const { mark } = sleeper();
  const stale = { ...mark, identity: 'of an earlier boot', stopSignal: 'SIGTERM' };
  writeFileSync(join(runDir, 'redis.pid.json'), JSON.stringify(stale));

  await endOrphans(runDir);

  expect(isAlive(mark)).toBe(true);
  expect(readdirSync(runDir)).toEqual([]);
});

test('a process that ends by itself is started again', async () => {
  const folder = temporaryFolder();
  const starts = () => readFileSync(join(folder, 'started'), 'utf8').trim().split('\n').length;

  const subject = await superviseHere(folder, shell(folder, 'exec sleep 60'), isStarted(folder));
  process.kill(subject.pid() as number, 'SIGKILL');
  await vi.waitFor(() => expect(starts()).toBe(2), { timeout: 5_000 });
  await subject.stop();

  expect(readdirSync(folder).sort()).toEqual(['started', 'subject.log']);
});

test('a process that fails while it starts is not started again, and its last words are told', async () => {
  const folder = temporaryFolder();

  const started = superviseHere(folder, shell(folder, 'echo no disk left >&2; exit 3'), async () => false);

  await expect(started).rejects.toThrow(/subject ended while it started:\n\s+no disk left/);
  expect(readFileSync(join(folder, 'started'), 'utf8').trim().split('\n')).toHaveLength(1);
});

test('a process that never answers is ended and told of', async () => {
  const folder = temporaryFolder();

  await expect(superviseHere(folder, shell(folder, 'exec sleep 60'), async () => false)).rejects.toThrow(
    'subject did not answer within 2 s',
  );
  expect(existsSync(join(folder, 'subject.pid.json'))).toBe(false);
});

test('a command that does not exist is told of', async () => {
  const spec = { command: '/no/such/server', args: [] };

  await expect(superviseHere(temporaryFolder(), spec, async () => false)).rejects.toThrow(
    'subject could not be started: spawn /no/such/server ENOENT',
  );
});

test('a process that ignores the signal to stop is killed', async () => {
  const folder = temporaryFolder();
  const deaf = { ...shell(folder, "trap '' TERM; while :; do sleep 0.1; done"), stopWithinMs: 300 };
  const subject = await superviseHere(folder, deaf, isStarted(folder));
  const mark = markOf(subject.pid() as number);

  await subject.stop();

  expect(isAlive(mark)).toBe(false);
});
