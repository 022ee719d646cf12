import { forCreator } from '../../shared/db/orm.ts';
import { phrases } from '../../shared/domain/conversations/phrases.ts';
import { askingJourneys, helpFacts } from '../../shared/services/inbox.ts';
import { sendJourneyEvent } from '../../temporal/start/journeys.ts';
import type { Spoken } from './route-inbound.ts';

/** Gives plain words to the journey that asked last; where none takes them, help. */
export const answerText = async (spoken: Spoken, text: string): Promise<string | null> => {
  const { orm, temporal, creatorId, coacheeId, id } = spoken;
  const asking = await askingJourneys(forCreator(orm, creatorId), coacheeId);
  for (const enrollmentId of asking) {
    const verdict = await sendJourneyEvent(temporal, enrollmentId, { type: 'reply', id, text });
    if (verdict !== 'notAwaited' && verdict !== 'ended' && verdict !== 'refused') return null;
  }
  return phrases.nothingAsked(await helpFacts(forCreator(orm, creatorId), coacheeId));
};
