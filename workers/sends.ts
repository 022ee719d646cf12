/** The workers of the queues `send-<channel>`: each sends at its channel's pace, so that none waits behind another. */
import { Worker } from '@temporalio/worker';
import { translated } from '../activities/errors.ts';
import { createSendMessage, type SendDeps } from '../activities/journeys/send-message.ts';
import type { Config } from '../shared/config.ts';
import { CHANNEL_KINDS, type ChannelKind } from '../shared/domain/channels/deliveries.ts';
import { dataConverter } from '../temporal/client.ts';
import { sendQueueOf } from '../temporal/queues.ts';
import type { WorkerDeps } from './deps.ts';

/**
 * Sends under way at once in this process. A send by a provider mostly waits for the network: 100 of 0.2 s each are more than the queue lets through. The web
 * chat's is database work alone, which more at once would only make wait for a connection.
 */
const AT_ONCE: Record<ChannelKind, number> = { web: 20, telegram: 100, whatsapp: 100, email: 100 };

/** How many sends a second the server hands out, to all processes together. */
const perSecond = (config: Config): Record<ChannelKind, number> => ({
  web: config.SEND_RATE_WEB,
  telegram: config.SEND_RATE_TELEGRAM,
  whatsapp: config.SEND_RATE_WHATSAPP,
  email: config.SEND_RATE_EMAIL,
});

type SendWorkersDeps = SendDeps & Pick<WorkerDeps, 'config' | 'connection'>;

/** One worker for each kind of channel. */
export const createSendWorkers = (deps: SendWorkersDeps): Promise<Worker[]> => {
  const activities = translated({ sendMessage: createSendMessage(deps) });
  const rates = perSecond(deps.config);
  const workers = CHANNEL_KINDS.map((kind) =>
    Worker.create({
      connection: deps.connection,
      namespace: deps.config.TEMPORAL_NAMESPACE,
      taskQueue: sendQueueOf(kind),
      dataConverter: dataConverter(deps.config),
      activities,
      maxConcurrentActivityTaskExecutions: AT_ONCE[kind],
      maxTaskQueueActivitiesPerSecond: rates[kind],
      shutdownGraceTime: '10 seconds',
    }),
  );
  return Promise.all(workers);
};
