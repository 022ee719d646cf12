/**
 * Lives every shape on the time-skipping server and keeps its histories under test/replay/histories: `npm run record -- [SHAPE ...]`. To be run
 * when a shape is new; an old history stays as it is, because runs that began under it may still be under way.
 */
import type { Client } from '@temporalio/client';
import { createOrm } from '../../shared/db/orm.ts';
import { testConfig } from '../support/environment.ts';
import { openTimeSkippingWorld } from '../support/time-skipping.ts';
import { keepRun, recordedRuns } from './histories.ts';
import { busyAtFirst, shapes } from './shapes.ts';

/** The history of each run of a workflow, the first one first. */
const historiesOf = async (client: Client, workflowId: string) => {
  const histories = [];
  for (let runId: string | undefined; ; ) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    histories.unshift(history);
    const previous = history.events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId;
    if (!previous) return histories;
    runId = previous;
  }
};

/** Records the named shapes, or those that have no history yet. Gives the names of the files written. */
export const record = async (wanted: string[]): Promise<string[]> => {
  const orm = createOrm({ databaseUrl: testConfig().DATABASE_URL });
  const world = await openTimeSkippingWorld({ orm, ports: { telegram: busyAtFirst() } });
  const known = await recordedRuns();
  const isNew = (name: string) => !known.some((file) => file.startsWith(`${name}.`));
  const files: string[] = [];
  for (const [name, shape] of Object.entries(shapes)) {
    if (wanted.length > 0 ? !wanted.includes(name) : !isNew(name)) continue;
    const workflowId = await shape({ orm, world });
    for (const [run, history] of (await historiesOf(world.client, workflowId)).entries()) {
      const file = `${name}.${run + 1}.json`;
      await keepRun(file, workflowId, history);
      files.push(file);
    }
  }
  await world.close();
  await orm.close();
  return files;
};
