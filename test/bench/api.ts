/** Bench `api`: the 99th percentile of authenticated reads, over that of a Koa that does nothing, at the same number of requests a second. */
import { join } from 'node:path';
import { Pool } from 'undici';
import { runDirOf } from '../../stack/bring-up.ts';
import { TEST_DATA_DIR } from '../../stack/paths.ts';
import { freePort } from '../../stack/ports.ts';
import { supervise } from '../../stack/processes/supervise.ts';
import { answersHttp } from '../../stack/reach.ts';
import { LOOPBACK } from '../../stack/server.ts';
import { openCoaching } from './coaching.ts';
import { type BenchLine, compared, percentile } from './line.ts';
import { openLoad, type Rate } from './open-load.ts';
import { inTurns, note } from './turns.ts';
import type { World } from './world.ts';

const READS = { 'api.me': '/v1/me', 'api.programs': '/v1/programs' };
/** Far from what either can bear: waiting in line is not what is measured. */
const PER_SECOND = 200;
const CONNECTIONS = 10;
const SECONDS = 5;
/** Compilers of both need a few thousand requests until a server is what it stays for days. */
const WARM_UP = { perSecond: 400, seconds: 10 };
const PROGRAMS = 10;
/** More than usual: a single hiccup of the machine is a whole run's 99th percentile. */
const RUNS = 7;

/** The difference in milliseconds is the figure that has an aim. */
export type ApiLine = BenchLine & { moreMs: number };

export const benchApi = async (world: World, signal: AbortSignal): Promise<ApiLine[]> => {
  const { token, publish } = await openCoaching(world);
  for (let made = 0; made < PROGRAMS; made += 1) await publish([{ type: 'message', key: 'hello', text: 'Hello.' }]);
  const origin = `http://${LOOPBACK}:${world.environment.PORT}`;
  const authorized = { authorization: `Bearer ${token}` };
  const bare = await startBareKoa(signal);
  const lines: ApiLine[] = [];
  try {
    for (const path of Object.values(READS)) await load(origin, path, authorized, WARM_UP);
    await load(bare.url, '/', {}, WARM_UP);
    for (const [bench, path] of Object.entries(READS)) {
      const measured = await inTurns({
        subject: () => p99Of(origin, path, authorized),
        baseline: () => p99Of(bare.url, '/', {}),
        between: async () => {},
        runs: RUNS,
      });
      const line = compared({ bench, ...measured, unit: 'ms (p99)' });
      lines.push({ ...line, moreMs: Number((line.value - line.baseline).toFixed(2)) });
    }
  } finally {
    await bare.stop();
  }
  return lines;
};

const p99Of = async (origin: string, path: string, headers: Record<string, string>): Promise<number> => {
  const tookMs = await load(origin, path, headers, { perSecond: PER_SECOND, seconds: SECONDS });
  note(
    `${path}: ${[50, 90, 99].map((percent) => `p${percent} ${percentile(tookMs, percent).toFixed(2)} ms`).join(', ')}`,
  );
  return percentile(tookMs, 99);
};

const load = async (origin: string, path: string, headers: Record<string, string>, rate: Rate): Promise<number[]> => {
  const pool = new Pool(origin, { connections: CONNECTIONS });
  try {
    return await openLoad({ pool, path, headers, ...rate });
  } finally {
    await pool.close();
  }
};

const startBareKoa = async (signal: AbortSignal): Promise<{ url: string; stop: () => Promise<void> }> => {
  const port = await freePort();
  const url = `http://${LOOPBACK}:${port}`;
  const { stop } = await supervise(
    { command: process.execPath, args: [join(import.meta.dirname, 'bare-koa.ts'), String(port)] },
    {
      name: 'bare-koa',
      runDir: runDirOf(TEST_DATA_DIR),
      env: process.env,
      isReady: () => answersHttp(url),
      readyWithinMs: 30_000,
      signal,
    },
  );
  return { url, stop };
};
