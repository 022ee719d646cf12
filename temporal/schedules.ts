/** Schedules that every installation has; made at a worker's start where they are missing. */
import { type Client, ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import { JOURNEYS_QUEUE } from './queues.ts';

const RECONCILE_ID = 'reconcile';

/** Makes sure that the reconcile runs every minute, one at a time. */
export const ensureSchedules = async (client: Client): Promise<void> => {
  try {
    await client.schedule.create({
      scheduleId: RECONCILE_ID,
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
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
};
