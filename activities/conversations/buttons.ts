import type { MessageId } from '../../shared/contracts/ids.ts';
import { forCreator } from '../../shared/db/orm.ts';
import { phrases } from '../../shared/domain/conversations/phrases.ts';
import { messageWithButton } from '../../shared/services/inbox.ts';
import { sendJourneyEvent } from '../../temporal/start/journeys.ts';
import type { Spoken } from './route-inbound.ts';

/** Gives a pressed button to the journey whose message carried it. */
export const answerButton = async (
  { orm, temporal, creatorId, coacheeId, id }: Spoken,
  pressed: { messageId: string; value: string; label: string },
): Promise<string | null> => {
  const message = await messageWithButton(forCreator(orm, creatorId), coacheeId, pressed.messageId as MessageId);
  if (!message) return phrases.closedQuestion;
  const { enrollmentId, stepKey, occurrence } = message;
  const chosen = { stepKey, occurrence, value: pressed.value };
  const verdict = await sendJourneyEvent(temporal, enrollmentId, { type: 'reply', id, text: pressed.label, chosen });
  if (verdict === 'ended') return phrases.ended;
  return verdict === 'notAwaited' || verdict === 'refused' ? phrases.closedQuestion : null;
};
