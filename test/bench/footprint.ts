/** How much room something takes: in a database file, and in a process. */
import { execFile } from 'node:child_process';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Bytes of the pages in use of a SQLite database, what is in its write-ahead log included. */
export const databaseBytes = (file: string): number => {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const pragma = (name: string) => Number(Object.values(database.prepare(`pragma ${name}`).get() ?? {})[0]);
    return (pragma('page_count') - pragma('freelist_count')) * pragma('page_size');
  } finally {
    database.close();
  }
};

/** Long enough for every thread to collect its garbage and for the allocator to give pages back; what a burst took goes back in several steps. */
const COLLECT_MS = 1_500;
const COLLECT_TIMES = 4;

/** Resident bytes of a process that was started with `gc-on-signal.ts`, its garbage collected first. */
export const residentBytes = async (pid: number): Promise<number> => {
  let least = Number.POSITIVE_INFINITY;
  for (let times = 0; times < COLLECT_TIMES; times += 1) {
    process.kill(pid, 'SIGHUP');
    await sleep(COLLECT_MS);
    const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(pid)]);
    least = Math.min(least, Number(stdout) * 1024);
  }
  return least;
};
