/**
 * The worker process of fault tests: the real one, which ends itself with SIGKILL when it reaches a named point for the n-th time, having said
 * where: `node test/faults/worker.ts --bundle FILE [--kill-at called --occurrence 3]`.
 */
import { writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { activityInfo } from '@temporalio/activity';
import { loadConfig } from '../../shared/config.ts';
import { createWorkerDeps, type WorkerDeps } from '../../workers/deps.ts';
import { runWorkers } from '../../workers/run.ts';
import { HAND_OVER } from './points.ts';

const STDOUT = 1;
/** A killed reader's bots are free for the next one after half a second; in production after 30. */
const POLLING_PACE = { lookMs: 100, lockMs: 500, pauseMs: { first: 50, most: 500 } };

const { values } = parseArgs({
  options: {
    bundle: { type: 'string' },
    'kill-at': { type: 'string' },
    occurrence: { type: 'string', default: '1' },
  },
});

/** A send that is tried again may have been killed further on before: only at its first try is nothing of it done yet. */
const isFresh = (point: string): boolean => point !== 'beforeReserve' || activityInfo().attempt === 1;

let left = Number(values.occurrence);
/** Never returns from the point that was asked for: nothing of this process happens after it. */
const reached = async (point: string, key: string): Promise<void> => {
  if (point !== values['kill-at'] || !isFresh(point)) return;
  left -= 1;
  if (left !== 0) return;
  writeSync(STDOUT, `${JSON.stringify({ point, key })}\n`);
  process.kill(process.pid, 'SIGKILL');
  await new Promise(() => {});
};

const deps = await createWorkerDeps(loadConfig(process.env));
const probed: WorkerDeps = {
  ...deps,
  reached,
  handInbound: async (ref) => {
    await reached(HAND_OVER, ref.inboundId);
    await deps.handInbound(ref);
  },
};
await runWorkers(probed, {
  ...(values.bundle !== undefined && { workflowBundle: { codePath: values.bundle } }),
  pollingPace: POLLING_PACE,
});
