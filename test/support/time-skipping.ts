/** A Temporal server whose clock skips ahead while nothing happens, with our real workers on it: 12 weeks in a second. */
import type { Client } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker, type WorkflowBundle } from '@temporalio/worker';
import { createCoachActivities } from '../../activities/coach/activities.ts';
import { createConversationActivities } from '../../activities/conversations/activities.ts';
import { createEnrollmentImportActivities } from '../../activities/enrollment-imports/activities.ts';
import { createJourneyActivities } from '../../activities/journeys/activities.ts';
import { createMigrationActivities } from '../../activities/migrations/activities.ts';
import { createReconcileActivities } from '../../activities/reconcile/activities.ts';
import { createReminderActivities } from '../../activities/reminders/activities.ts';
import type { ChannelPort } from '../../shared/clients/channels.ts';
import { type CoachModel, createCoachModel } from '../../shared/clients/coach-model.ts';
import { createGuardedFetch } from '../../shared/clients/guarded-fetch.ts';
import type { CreatorId, EnrollmentId } from '../../shared/contracts/ids.ts';
import { forCreator, type Orm } from '../../shared/db/orm.ts';
import { CHANNEL_KINDS, type ChannelKind } from '../../shared/domain/channels/deliveries.ts';
import { startOf } from '../../shared/services/journeys.ts';
import type { ScheduleRef } from '../../shared/services/reminder-schedules.ts';
import { createVault } from '../../shared/services/secrets.ts';
import { buildWorkflowBundle } from '../../temporal/bundle.ts';
import {
  COACH_QUEUE,
  CONVERSATIONS_QUEUE,
  JOURNEYS_QUEUE,
  REMINDERS_QUEUE,
  sendQueueOf,
} from '../../temporal/queues.ts';
import { nudgeJourney, startJourney } from '../../temporal/start/journeys.ts';
import { nudgeReminders } from '../../temporal/start/reminders.ts';
import { testConfig } from './environment.ts';
import { quietRuntime } from './quiet-runtime.ts';
import { startTimeSkippingServer } from './time-skipping-server.ts';

export interface TimeSkippingWorld {
  client: Client;
  /** Skips the server's clock ahead. */
  sleep: (ms: number) => Promise<void>;
  /** The server's time, Unix milliseconds. */
  now: () => Promise<number>;
  close: () => Promise<void>;
}

export interface WorldOptions {
  orm: Orm;
  ports?: Partial<Record<ChannelKind, ChannelPort>>;
  /** Wraps a real activity, to look at its calls or to let it fail. */
  swap?: (activities: Record<string, unknown>) => Record<string, unknown>;
  /** Keep no run in memory: every task replays its history from the start. */
  replaying?: boolean;
  /** The real one, unless a test is about what happens without it. */
  coachModel?: CoachModel;
}

const modelOf = ({ OLLAMA_BASE_URL: baseUrl, OLLAMA_CHAT_MODEL: model }: ReturnType<typeof testConfig>) =>
  createCoachModel({ baseUrl, model });

let bundle: Promise<WorkflowBundle> | undefined;

/** Opens a world; close it at the end of the file. */
export const openTimeSkippingWorld = async ({
  orm,
  ports = {},
  swap,
  replaying = false,
  coachModel = modelOf(testConfig()),
}: WorldOptions): Promise<TimeSkippingWorld> => {
  quietRuntime();
  const environment = await startTimeSkippingServer();
  bundle ??= buildWorkflowBundle();
  const workflowBundle = await bundle;
  const { client } = environment;
  const deps = {
    orm,
    ports,
    temporal: client,
    vault: createVault(testConfig().CAIRN_ENCRYPTION_KEYS),
    announce: async () => {},
    guardedFetch: createGuardedFetch({ allowPrivate: true }),
    coachModel,
    nudge: async (enrollmentIds: string[]) => {
      for (const id of enrollmentIds) await nudgeJourney(client, id);
    },
    nudgeReminders: (ref: ScheduleRef) => nudgeReminders(client, ref),
    startRun: async ({ creatorId, enrollmentId }: { creatorId: string; enrollmentId: string }) => {
      const em = forCreator(orm, creatorId as CreatorId);
      await startJourney(client, await startOf(em, enrollmentId as EnrollmentId));
    },
  };
  const activities = {
    ...createJourneyActivities(deps),
    ...createEnrollmentImportActivities(deps),
    ...createConversationActivities(deps),
    ...createCoachActivities(deps),
    ...createMigrationActivities(deps),
    ...createReconcileActivities({ ...deps, burstMs: 100 }),
    ...createReminderActivities(deps),
  };
  const running = await startWorkers(environment, workflowBundle, swap ? swap(activities) : activities, replaying);
  return {
    client,
    sleep: (ms) => environment.sleep(ms),
    now: () => environment.currentTimeMs(),
    close: async () => {
      await running.stop();
      await environment.teardown();
    },
  };
};

const startWorkers = async (
  environment: TestWorkflowEnvironment,
  workflowBundle: WorkflowBundle,
  activities: object,
  replaying: boolean,
) => {
  const workers = await Promise.all(
    [JOURNEYS_QUEUE, CONVERSATIONS_QUEUE, COACH_QUEUE, REMINDERS_QUEUE, ...CHANNEL_KINDS.map(sendQueueOf)].map(
      (taskQueue) =>
        Worker.create({
          connection: environment.nativeConnection,
          taskQueue,
          workflowBundle,
          activities,
          ...(replaying ? { maxCachedWorkflows: 0 } : {}),
        }),
    ),
  );
  const runs = workers.map((worker) => worker.run());
  return {
    stop: async () => {
      for (const worker of workers) worker.shutdown();
      await Promise.all(runs);
    },
  };
};
