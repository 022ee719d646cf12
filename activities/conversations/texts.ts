import { forCreator } from '../../shared/db/orm.ts';
import { phrases } from '../../shared/domain/conversations/phrases.ts';
import { askingJourneys, helpFacts } from '../../shared/services/inbox.ts';
import { askedByReminder } from '../../shared/services/reminder-answers.ts';
import { sendJourneyEvent } from '../../temporal/start/journeys.ts';
import { answerOfHabits } from './habits.ts';
import { type Spoken, takerOfSpoken } from './spoken.ts';

/**
 * Gives plain words to whoever asked last, a journey or a reminder, then to the others; where nobody takes them, help. Words that an earlier attempt gave away go to the same journey
 * again, and to no other: its run may not know yet that it has them.
 */
export const answerText = async (spoken: Spoken, text: string): Promise<string | null> => {
  const { orm, temporal, creatorId, coacheeId, id } = spoken;
  const taker = await takerOfSpoken(spoken);
  const remindedLast = !taker && (await askedByReminder(forCreator(orm, creatorId), coacheeId));
  const toReminder = remindedLast ? await answerOfHabits(spoken, text) : null;
  if (toReminder !== null) return toReminder;
  const asking = taker ? [taker] : await askingJourneys(forCreator(orm, creatorId), coacheeId);
  for (const enrollmentId of asking) {
    const verdict = await sendJourneyEvent(temporal, enrollmentId, { type: 'reply', id, text });
    if (verdict === 'accepted' || verdict === 'reasked' || verdict === 'queued') return null;
    if (await takerOfSpoken(spoken)) return null;
  }
  // Asked once more: what an earlier attempt left on its way may have been taken since the first look.
  if (await takerOfSpoken(spoken)) return null;
  const ofHabits = taker || remindedLast ? null : await answerOfHabits(spoken, text);
  if (ofHabits !== null) return ofHabits;
  return phrases.nothingAsked(await helpFacts(forCreator(orm, creatorId), coacheeId));
};
