/** Every recorded run goes on under today's workflow code: an edit that would break a run under way fails here. */
import { Worker } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import { buildWorkflowBundle } from '../../temporal/bundle.ts';
import { readRun, recordedRuns } from './histories.ts';
import { shapes } from './shapes.ts';

const workflowBundle = await buildWorkflowBundle();
const files = await recordedRuns();

describe('recorded histories', () => {
  it('exist for every shape', () => {
    const recorded = new Set(files.map((file) => file.split('.')[0]));
    expect([...recorded].sort()).toEqual(Object.keys(shapes).sort());
  });

  it.each(files)('%s replays', async (file) => {
    const { workflowId, history } = await readRun(file);
    await Worker.runReplayHistory({ workflowBundle }, history, workflowId);
  });

  it('would fail for a workflow that goes another way', async () => {
    const { workflowId, history } = await readRun('journey-wait.1.json');
    const started = history.events?.[0]?.workflowExecutionStartedEventAttributes;
    if (started?.workflowType) started.workflowType.name = 'reconcile';
    await expect(Worker.runReplayHistory({ workflowBundle }, history, workflowId)).rejects.toThrow();
  });
});
