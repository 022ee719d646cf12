/** All I/O that a journey causes. */
import { translated } from '../errors.ts';
import { createBeginSubprogram, type SubprogramDeps } from './begin-subprogram.ts';
import { type CallWebhookDeps, createCallWebhook } from './call-webhook.ts';
import { createDecide, type DecideDeps } from './decide.ts';
import { createSendMessage, type SendDeps } from './send-message.ts';

export type JourneyActivitiesDeps = DecideDeps & SendDeps & CallWebhookDeps & SubprogramDeps;

export const createJourneyActivities = (deps: JourneyActivitiesDeps) =>
  translated({
    decide: createDecide(deps),
    sendMessage: createSendMessage(deps),
    callWebhook: createCallWebhook(deps),
    beginSubprogram: createBeginSubprogram(deps),
  });

export type JourneyActivities = ReturnType<typeof createJourneyActivities>;
