/**
 * Fairness of the embedded Temporal's task queues (docs/decisions/0026): equal shares of a queue for each creator. A queue is one partition, since shares, like rates,
 * are kept within a partition; one carries a thousand tasks a second here. The server keeps the backlog of a fair queue in tables of its own and, in this version,
 * never looks into the others again: data that was begun without it goes on without it, or what waits there would wait for ever. That is seen by a mark left beside
 * the data.
 */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const MARK = 'fair-queues';

const SETTINGS = [
  'matching.enableFairness=true',
  'matching.numTaskqueueReadPartitions=1',
  'matching.numTaskqueueWritePartitions=1',
];

/** The server's arguments for the data in `databaseFile`; for data that is not there yet, or lives in memory (null), with fairness. */
export const fairQueues = async (dataDir: string, databaseFile: string | null): Promise<string[]> => {
  if (databaseFile !== null) {
    const mark = join(dataDir, MARK);
    if (existsSync(databaseFile) && !existsSync(mark)) return [];
    await writeFile(mark, 'Temporal keeps the backlog of its task queues in the fair tables.\n');
  }
  return SETTINGS.flatMap((setting) => ['--dynamic-config-value', setting]);
};
