import type { MessageId } from '../../shared/contracts/ids.ts';
import { forCreator } from '../../shared/db/orm.ts';
import { phrases } from '../../shared/domain/conversations/phrases.ts';
import { pressOf } from '../../shared/domain/reminders/press.ts';
import { messageWithButton } from '../../shared/services/inbox.ts';
import { sendJourneyEvent } from '../../temporal/start/journeys.ts';
import { answerReminder } from './habits.ts';
import { type Spoken, takerOfSpoken } from './spoken.ts';

/** Gives a pressed button to the journey whose message carried it, or to the coachee's reminders. */
export const answerButton = async (
  spoken: Spoken,
  pressed: { messageId: string; value: string; label: string },
): Promise<string | null> => {
  const { orm, temporal, creatorId, coacheeId, id } = spoken;
  const message = await messageWithButton(forCreator(orm, creatorId), coacheeId, pressed.messageId as MessageId);
  if (!message) {
    const press = pressOf(pressed.value);
    return press ? answerReminder(spoken, press) : phrases.closedQuestion;
  }
  const { enrollmentId, stepKey, occurrence } = message;
  const chosen = { stepKey, occurrence, value: pressed.value };
  const verdict = await sendJourneyEvent(temporal, enrollmentId, { type: 'reply', id, text: pressed.label, chosen });
  if (verdict === 'accepted' || verdict === 'reasked' || verdict === 'queued') return null;
  // An earlier attempt gave it to the journey, which may have ended with it.
  if (await takerOfSpoken(spoken)) return null;
  return verdict === 'ended' ? phrases.ended : phrases.closedQuestion;
};
