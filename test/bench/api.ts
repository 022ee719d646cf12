/** Bench `api`: the 99th percentile of authenticated reads, over that of a Koa that does nothing, at the same number of requests a second. */
import { join } from 'node:path';
import autocannon from 'autocannon';
import { runDirOf } from '../../stack/bring-up.ts';
import { TEST_DATA_DIR } from '../../stack/paths.ts';
import { freePort } from '../../stack/ports.ts';
import { supervise } from '../../stack/processes/supervise.ts';
import { answersHttp } from '../../stack/reach.ts';
import { LOOPBACK } from '../../stack/server.ts';
import { openCoaching } from './coaching.ts';
import { type BenchLine, compared, percentile } from './line.ts';
import { inTurns } from './turns.ts';
import type { World } from './world.ts';

const READS = { 'api.me': '/v1/me', 'api.programs': '/v1/programs' };
/** Far from what either can bear: waiting in line is not what is measured. */
const PER_SECOND = 200;
const CONNECTIONS = 10;
const SECONDS = 4;
const PROGRAMS = 10;

/** The difference in milliseconds is the figure that has an aim. */
export type ApiLine = BenchLine & { moreMs: number };

export const benchApi = async (world: World, signal: AbortSignal): Promise<ApiLine[]> => {
  const { token, publish } = await openCoaching(world);
  for (let made = 0; made < PROGRAMS; made += 1) await publish([{ type: 'message', key: 'hello', text: 'Hello.' }]);
  const bare = await startBareKoa(signal);
  const lines: ApiLine[] = [];
  try {
    for (const [bench, path] of Object.entries(READS)) {
      const url = `http://${LOOPBACK}:${world.environment.PORT}${path}`;
      const measured = await inTurns({
        subject: () => p99Of(url, { authorization: `Bearer ${token}` }),
        baseline: () => p99Of(bare.url, {}),
        between: async () => {},
      });
      const line = compared({ bench, ...measured, unit: 'ms (p99)' });
      lines.push({ ...line, moreMs: Number((line.value - line.baseline).toFixed(2)) });
    }
  } finally {
    await bare.stop();
  }
  return lines;
};

/** Milliseconds; autocannon's own histogram counts whole ones only. */
const p99Of = (url: string, headers: Record<string, string>): Promise<number> =>
  new Promise((resolve, reject) => {
    const tookMs: number[] = [];
    const options = { url, headers, connections: CONNECTIONS, overallRate: PER_SECOND, duration: SECONDS };
    const load = autocannon(options, (error, result) => {
      if (error) reject(error);
      else if (result.non2xx + result.errors > 0) reject(new Error(`Requests of ${url} failed: ${result.non2xx}`));
      else resolve(percentile(tookMs, 99));
    });
    load.on('response', (_client, _status, _bytes, responseMs) => tookMs.push(responseMs));
  });

const startBareKoa = async (signal: AbortSignal): Promise<{ url: string; stop: () => Promise<void> }> => {
  const port = await freePort();
  const url = `http://${LOOPBACK}:${port}/`;
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
