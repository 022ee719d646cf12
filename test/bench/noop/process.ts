/** The no-op worker as the benches hold it: started, listened to, ended. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Environment } from '../../../stack/server.ts';
import type { NoopRan } from './protocol.ts';

export interface NoopWorker {
  pid: number;
  /** Resolves once `count` more no-ops have run, to when each ran (Unix milliseconds) by workflow id. Call before they can. */
  ran(count: number): Promise<Map<string, number>>;
  stop(): Promise<void>;
}

/** Starts the worker process and waits until it takes tasks; rejects when it ends instead. */
export const startNoopWorker = async (environment: Environment): Promise<NoopWorker> => {
  const child = fork(fileURLToPath(new URL('main.ts', import.meta.url)), {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`The no-op worker ended with ${code}`);
  });
  ended.catch(() => {});
  await Promise.race([once(child, 'message'), ended]);
  return {
    pid: child.pid ?? 0,
    ran: (count) => Promise.race([collect(child, count), ended]),
    stop: async () => {
      child.kill('SIGTERM');
      await ended.catch(() => {});
    },
  };
};

const collect = (child: ReturnType<typeof fork>, count: number): Promise<Map<string, number>> =>
  new Promise((resolve) => {
    const seen = new Map<string, number>();
    const take = ({ workflowId, atMs }: NoopRan): void => {
      seen.set(workflowId, atMs);
      if (seen.size < count) return;
      child.off('message', take);
      resolve(seen);
    };
    child.on('message', take);
  });
