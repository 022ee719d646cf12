/** Starts, watches and kills the worker process of fault tests. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ENTRY = fileURLToPath(new URL('worker.ts', import.meta.url));
const READY_WITHIN_MS = 30_000;

/** Where a process ended itself: `key` is the delivery's, or the inbound message's id. */
export interface Reached {
  point: string;
  key: string;
}

export interface WorkerProcess {
  /** Kills it as it stands; rejects when something else ended it. */
  kill: () => Promise<void>;
  /** Waits until it has killed itself at the named point. */
  killedItself: (withinMs: number) => Promise<Reached>;
  /** Lets it finish what is in hand. */
  stop: () => Promise<void>;
}

export interface WorkerOptions {
  environment: Record<string, string | undefined>;
  bundlePath: string;
  killAt?: { point: string; occurrence: number };
}

/** Starts one and waits until it takes tasks. */
export const startWorker = async ({ environment, bundlePath, killAt }: WorkerOptions): Promise<WorkerProcess> => {
  const point = killAt ? ['--kill-at', killAt.point, '--occurrence', String(killAt.occurrence)] : [];
  const child = spawn(process.execPath, [ENTRY, '--bundle', bundlePath, ...point], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said = text(child.stdout);
  const ended = once(child, 'exit');
  await untilReady(child, `http://127.0.0.1:${environment.WORKER_HEALTH_PORT}/readyz`);
  const expectKilled = async () => {
    const [code, signal] = await ended;
    if (signal !== 'SIGKILL') throw new Error(`The worker ended by itself: ${code ?? signal}\n${await said}`);
  };
  return {
    kill: async () => {
      child.kill('SIGKILL');
      await expectKilled();
    },
    killedItself: async (withinMs) => {
      const inTime = await Promise.race([ended, sleep(withinMs, null, { ref: false })]);
      if (inTime === null) throw new Error(`The worker did not reach ${killAt?.point} within ${withinMs} ms`);
      await expectKilled();
      const line = (await said).split('\n').find((one) => one.startsWith('{"point"'));
      return JSON.parse(line ?? 'null') as Reached;
    },
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
};

const untilReady = async (child: ChildProcess, url: string): Promise<void> => {
  const deadline = Date.now() + READY_WITHIN_MS;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`The worker ended with ${child.exitCode} before it was ready`);
    // A process that kills itself at its first send may be gone before anyone saw it ready.
    if (child.signalCode !== null) return;
    if (
      await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    if (Date.now() > deadline) throw new Error('The worker was not ready in time');
    await sleep(25);
  }
};
