import { forCreator } from '../../shared/db/orm.ts';
import { phrases } from '../../shared/domain/conversations/phrases.ts';
import { askingJourneys, helpFacts } from '../../shared/services/inbox.ts';
import { sendJourneyEvent } from '../../temporal/start/journeys.ts';
import { type Spoken, takerOfSpoken } from './spoken.ts';

/**
 * Gives plain words to the journey that asked last; where none takes them, help. Words that an earlier attempt gave away go to the same journey
 * again, and to no other: its run may not know yet that it has them.
 */
export const answerText = async (spoken: Spoken, text: string): Promise<string | null> => {
  const { orm, temporal, creatorId, coacheeId, id } = spoken;
  const taker = await takerOfSpoken(spoken);
  const asking = taker ? [taker] : await askingJourneys(forCreator(orm, creatorId), coacheeId);
  for (const enrollmentId of asking) {
    const verdict = await sendJourneyEvent(temporal, enrollmentId, { type: 'reply', id, text });
    if (verdict === 'accepted' || verdict === 'reasked' || verdict === 'queued') return null;
    if (await takerOfSpoken(spoken)) return null;
  }
  // Asked once more: what an earlier attempt left on its way may have been taken since the first look.
  if (await takerOfSpoken(spoken)) return null;
  return phrases.nothingAsked(await helpFacts(forCreator(orm, creatorId), coacheeId));
};
