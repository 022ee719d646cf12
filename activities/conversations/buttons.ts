import type { MessageId } from '../../shared/contracts/ids.ts';
import { forCreator } from '../../shared/db/orm.ts';
import { phrases } from '../../shared/domain/conversations/phrases.ts';
import { messageWithButton } from '../../shared/services/inbox.ts';
import { sendJourneyEvent } from '../../temporal/start/journeys.ts';
import { type Spoken, wasTaken } from './spoken.ts';

/** Gives a pressed button to the journey whose message carried it. */
export const answerButton = async (
  spoken: Spoken,
  pressed: { messageId: string; value: string; label: string },
): Promise<string | null> => {
  const { orm, temporal, creatorId, coacheeId, id } = spoken;
  if (await wasTaken(spoken)) return null;
  const message = await messageWithButton(forCreator(orm, creatorId), coacheeId, pressed.messageId as MessageId);
  if (!message) return phrases.closedQuestion;
  const { enrollmentId, stepKey, occurrence } = message;
  const chosen = { stepKey, occurrence, value: pressed.value };
  const verdict = await sendJourneyEvent(temporal, enrollmentId, { type: 'reply', id, text: pressed.label, chosen });
  if (verdict === 'ended') return phrases.ended;
  if (verdict === 'duplicate') return (await wasTaken(spoken)) ? null : phrases.closedQuestion;
  return verdict === 'notAwaited' || verdict === 'refused' ? phrases.closedQuestion : null;
};
