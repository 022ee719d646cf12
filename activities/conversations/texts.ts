import { forCreator } from '../../shared/db/orm.ts';
import { phrases } from '../../shared/domain/conversations/phrases.ts';
import { askingJourneys, helpFacts } from '../../shared/services/inbox.ts';
import { sendJourneyEvent } from '../../temporal/start/journeys.ts';
import { type Spoken, wasTaken } from './spoken.ts';

/** Gives plain words to the journey that asked last; where none takes them, help. */
export const answerText = async (spoken: Spoken, text: string): Promise<string | null> => {
  const { orm, temporal, creatorId, coacheeId, id } = spoken;
  if (await wasTaken(spoken)) return null;
  const asking = await askingJourneys(forCreator(orm, creatorId), coacheeId);
  for (const enrollmentId of asking) {
    const verdict = await sendJourneyEvent(temporal, enrollmentId, { type: 'reply', id, text });
    if (verdict === 'accepted' || verdict === 'reasked' || verdict === 'queued') return null;
    // A duplicate of what this journey took, or of what it had no use for.
    if (verdict === 'duplicate' && (await wasTaken(spoken))) return null;
  }
  return phrases.nothingAsked(await helpFacts(forCreator(orm, creatorId), coacheeId));
};
