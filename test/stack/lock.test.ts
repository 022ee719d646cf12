import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { processIdentity } from '../../stack/processes/identity.ts';
import { lockHolder, tryLock } from '../../stack/processes/lock.ts';
import { temporaryFolder } from '../support/temp-folder.ts';

/** A process that takes the lock and keeps it until it is killed. */
const lockElsewhere = async (file: string) => {
  const script = `import { tryLock } from '${new URL('../../stack/processes/lock.ts', import.meta.url)}';
    console.log(tryLock(process.argv[1], 'elsewhere').acquired); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [answer] = (await once(child.stdout, 'data')) as [Buffer];
  expect(answer.toString().trim()).toBe('true');
  return child;
};

test('a lock that a living process holds is refused, and its holder is named', async () => {
  const file = join(temporaryFolder(), 'lock');
  const { pid } = await lockElsewhere(file);

  expect(tryLock(file, 'here')).toEqual({
    acquired: false,
    holder: expect.objectContaining({ pid, purpose: 'elsewhere' }),
  });
  expect(lockHolder(file)?.pid).toBe(pid);
});

test('a lock whose process was killed is taken over', async () => {
  const file = join(temporaryFolder(), 'lock');
  const child = await lockElsewhere(file);
  child.kill('SIGKILL');
  await once(child, 'exit');

  expect(lockHolder(file)).toBeNull();
  expect(tryLock(file, 'here').acquired).toBe(true);
  expect(lockHolder(file)).toMatchObject({ pid: process.pid, purpose: 'here' });
});

test('a lock whose process id belongs to someone else by now is taken over', () => {
  const file = join(temporaryFolder(), 'lock');
  writeFileSync(file, JSON.stringify({ pid: process.pid, identity: 'of an earlier boot', purpose: 'past' }));

  expect(tryLock(file, 'here').acquired).toBe(true);
});

test('a lock file that lost its text is taken over', () => {
  const file = join(temporaryFolder(), 'lock');
  writeFileSync(file, '');

  expect(tryLock(file, 'here').acquired).toBe(true);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: process.pid });
});

test('a released lock is free and leaves nothing', () => {
  const file = join(temporaryFolder(), 'lock');
  const attempt = tryLock(file, 'here');
  if (attempt.acquired) attempt.release();

  expect(existsSync(file)).toBe(false);
});

test('a process keeps its identity, and what has ended has none', async () => {
  const child = spawn('sleep', ['30']);
  const { pid } = child;
  const first = processIdentity(pid as number);

  expect(first).not.toBeNull();
  expect(processIdentity(pid as number)).toBe(first);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(processIdentity(pid as number)).toBeNull();
});
