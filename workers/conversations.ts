/** The worker of the `conversations` queue: what coachees write is read and answered here. */
import { Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { createConversationActivities } from '../activities/conversations/activities.ts';
import { createJourneyActivities } from '../activities/journeys/activities.ts';
import { dataConverter } from '../temporal/client.ts';
import { CONVERSATIONS_QUEUE } from '../temporal/queues.ts';
import type { WorkerDeps } from './deps.ts';
import { STICKY_WAIT } from './options.ts';

export const createConversationsWorker = (deps: WorkerDeps, workflowBundle: WorkflowBundleOption): Promise<Worker> => {
  const { sendMessage } = createJourneyActivities(deps);
  return Worker.create({
    connection: deps.connection,
    namespace: deps.config.TEMPORAL_NAMESPACE,
    taskQueue: CONVERSATIONS_QUEUE,
    workflowBundle,
    dataConverter: dataConverter(deps.config),
    activities: { ...createConversationActivities(deps), sendMessage },
    maxConcurrentActivityTaskExecutions: 50,
    stickyQueueScheduleToStartTimeout: STICKY_WAIT,
    shutdownGraceTime: '10 seconds',
  });
};
