/** Schedules that every installation has; made at a worker's start where they are missing. */
import { type Client, ScheduleAlreadyRunning, type ScheduleOptions, ScheduleOverlapPolicy } from '@temporalio/client';
import { JOURNEYS_QUEUE } from './queues.ts';

const RECONCILE_ID = 'reconcile';

const reconcileEveryMinute = {
  spec: { intervals: [{ every: '1 minute' }] },
  policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
  action: {
    type: 'startWorkflow',
    workflowType: 'reconcile',
    workflowId: RECONCILE_ID,
    taskQueue: JOURNEYS_QUEUE,
    args: [],
    workflowExecutionTimeout: '10 minutes',
  },
} as const satisfies Omit<ScheduleOptions, 'scheduleId'>;

/** Makes sure that the reconcile runs every minute, one at a time, as this version of the code describes it. */
export const ensureSchedules = async (client: Client): Promise<void> => {
  try {
    await client.schedule.create({ scheduleId: RECONCILE_ID, ...reconcileEveryMinute });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await client.schedule.getHandle(RECONCILE_ID).update(({ state }) => ({ ...reconcileEveryMinute, state }));
  }
};
