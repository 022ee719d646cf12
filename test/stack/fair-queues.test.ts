import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fairQueues } from '../../stack/fair-queues.ts';
import { temporaryFolder } from '../support/temp-folder.ts';

const FAIR = expect.arrayContaining(['--dynamic-config-value', 'matching.enableFairness=true']);

test('new data is fair from the first start on, and stays so', async () => {
  const folder = temporaryFolder();
  const database = join(folder, 'temporal.db');
  expect(await fairQueues(folder, database)).toEqual(FAIR);
  writeFileSync(database, '');
  expect(await fairQueues(folder, database)).toEqual(FAIR);
});

test('data that was begun without fairness goes on without it: its backlog would never be seen again', async () => {
  const folder = temporaryFolder();
  const database = join(folder, 'temporal.db');
  writeFileSync(database, '');
  expect(await fairQueues(folder, database)).toEqual([]);
  expect(await fairQueues(folder, database)).toEqual([]);
});

test('a server in memory, as tests use it, is fair and leaves no mark', async () => {
  const folder = temporaryFolder();
  expect(await fairQueues(folder, null)).toEqual(FAIR);
  writeFileSync(join(folder, 'temporal.db'), '');
  expect(await fairQueues(folder, join(folder, 'temporal.db'))).toEqual([]);
});
