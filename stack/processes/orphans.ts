/** Processes that an earlier stack left behind when it was killed. */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { sayOf } from '../progress.ts';
import { endGroup } from './end-group.ts';
import { isAlive, type ProcessMark } from './identity.ts';

const SUFFIX = '.pid.json';
const STOP_WITHIN_MS = 10_000;

interface PidRecord extends ProcessMark {
  stopSignal: NodeJS.Signals;
}

const readRecord = (file: string): PidRecord | null => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as PidRecord;
  } catch {
    return null;
  }
};

const recordsIn = (runDir: string): { name: string; file: string; record: PidRecord | null }[] =>
  readdirSync(runDir)
    .filter((entry) => entry.endsWith(SUFFIX))
    .map((entry) => join(runDir, entry))
    .map((file) => ({ name: basename(file, SUFFIX), file, record: readRecord(file) }));

/** Ends what the id files in `runDir` name, when it is provably the very process that was started: an id alone may be someone else's by now. */
export const endOrphans = async (runDir: string): Promise<void> => {
  await Promise.all(
    recordsIn(runDir).map(async ({ name, file, record }) => {
      if (record && isAlive(record)) {
        sayOf(name, `process ${record.pid} was left behind by an earlier start: it is ended`);
        await endGroup(record.pid, record.stopSignal, STOP_WITHIN_MS, () => !isAlive(record));
      }
      rmSync(file, { force: true });
    }),
  );
};

/** Kills at once all that the id files name. */
export const killAll = (runDir: string): void => {
  for (const { file, record } of recordsIn(runDir)) {
    if (record && isAlive(record)) process.kill(-record.pid, 'SIGKILL');
    rmSync(file, { force: true });
  }
};
