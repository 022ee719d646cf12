/** `/start <code>`: a person opened an invitation in Telegram. */
import type { ParsedUpdate } from '../contracts/telegram.ts';
import { joinPhrases } from '../domain/channels/phrases.ts';
import { likelyTimeZone } from '../domain/channels/time-zones.ts';
import { CairnError } from '../errors.ts';
import { bestEffort } from './best-effort.ts';
import { type Joined, join } from './joins.ts';
import { markRunStarted } from './journeys.ts';
import { answerOnce, type Incoming } from './telegram-replies.ts';

type Start = Extract<ParsedUpdate, { kind: 'start' }> & { code: string };

/**
 * Joins by the code and starts the run. Safe to repeat; a join of which the run could not be started is healed by the reconcile. Throws where the
 * database is away.
 */
export const joinFromTelegram = async (incoming: Incoming, start: Start): Promise<void> => {
  const joined = await tryToJoin(incoming, start);
  if (typeof joined === 'string') return answerOnce(incoming, start, joined);
  if (joined.toStart && joined.enrollmentId) await startRun(incoming, joined.enrollmentId);
  // A joined program greets by itself.
  await answerOnce(incoming, start, joined.outcome === 'joined' ? null : joinPhrases[joined.outcome]);
};

const tryToJoin = async ({ em, channel }: Incoming, start: Start): Promise<Joined | string> => {
  try {
    return await join(em, {
      creatorId: channel.creatorId,
      channelId: channel.id,
      address: start.chatId,
      code: start.code,
      name: start.firstName || null,
      timeZone: channel.timeZone ?? likelyTimeZone(start.languageCode),
    });
  } catch (error) {
    if (!(error instanceof CairnError)) throw error;
    if (error.type === 'notFound') return joinPhrases.unknownCode;
    if (error.type === 'gone') return joinPhrases.expired;
    if (error.type === 'conflict') return joinPhrases[refusalIn(error)];
    return joinPhrases.tryAgain;
  }
};

const refusalIn = ({ detail }: CairnError): keyof typeof joinPhrases => {
  if (detail.addressTaken) return 'someoneElses';
  if (detail.cohortRefusal) return detail.cohortRefusal === 'full' ? 'full' : 'closed';
  return 'possibleFrom' in detail ? 'livedAlready' : 'notOpen';
};

const startRun = async (
  { em, channel, startRun: start, logger }: Incoming,
  enrollmentId: NonNullable<Joined['enrollmentId']>,
): Promise<void> => {
  const ref = { creatorId: channel.creatorId, enrollmentId };
  await bestEffort(
    async () => {
      await start(ref);
      await markRunStarted(em, enrollmentId);
    },
    (err) => logger.warn({ err, ...ref }, 'a joined journey waits for the reconcile to start it'),
  );
};
