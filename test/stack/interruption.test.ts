import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';

/** A process that stops in good order after two seconds, or at once when it is forced. */
const startSlowStopper = async () => {
  const script = `import { listenForInterruption } from '${new URL('../../stack/interruption.ts', import.meta.url)}';
    const { happened } = listenForInterruption(() => process.exit(130));
    const alive = setInterval(() => {}, 1000);
    console.log('ready');
    await happened;
    setTimeout(() => clearInterval(alive), 2000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
};

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('the echo of one Ctrl-C, which npm hands on, forces nothing', async () => {
  const child = await startSlowStopper();

  child.kill('SIGINT');
  await wait(50);
  child.kill('SIGINT');

  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('a second Ctrl-C forces the end', async () => {
  const child = await startSlowStopper();

  child.kill('SIGINT');
  await wait(1_000);
  child.kill('SIGINT');

  expect(await once(child, 'exit')).toEqual([130, null]);
});
