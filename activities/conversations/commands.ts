import { forCreator } from '../../shared/db/orm.ts';
import { commandIn, phrases } from '../../shared/domain/conversations/phrases.ts';
import { helpFacts, liveEnrollments } from '../../shared/services/inbox.ts';
import { type SentVerdict, sendJourneyEvent } from '../../temporal/start/journeys.ts';
import { answerUndo, controlReminders, listHabits } from './habits.ts';
import { type Spoken, takerOfSpoken } from './spoken.ts';

const AGAIN = { reminders: 'resume', inVain: phrases.notPaused } as const;
const CONTROLS = {
  pause: { event: { type: 'pause' }, reminders: 'pause', done: phrases.paused, inVain: phrases.alreadyPaused },
  resume: { ...AGAIN, event: { type: 'resume', mode: 'shift' }, done: phrases.resumed },
  catchup: { ...AGAIN, event: { type: 'resume', mode: 'compress' }, done: phrases.caughtUp },
  stop: { event: { type: 'exit' }, reminders: 'stop', done: phrases.stopped, inVain: phrases.notInProgram },
} as const;

/** Does what a coachee's command says, to every program they are in and to their reminders; the answer says what came of it. */
export const answerCommand = async (spoken: Spoken, text: string): Promise<string> => {
  const { orm, creatorId, coacheeId } = spoken;
  const command = commandIn(text);
  if (command === 'habits') return listHabits(spoken);
  if (command === 'undo') return answerUndo(spoken);
  if (command !== null && command in CONTROLS) return control(spoken, CONTROLS[command as keyof typeof CONTROLS]);
  return phrases.help(await helpFacts(forCreator(orm, creatorId), coacheeId));
};

const control = async (
  spoken: Spoken,
  { event, reminders, done, inVain }: (typeof CONTROLS)[keyof typeof CONTROLS],
): Promise<string> => {
  const { orm, temporal, creatorId, coacheeId, id } = spoken;
  const quieted = await controlReminders(spoken, reminders);
  const live = await liveEnrollments(forCreator(orm, creatorId), coacheeId);
  // A journey that an earlier attempt told hears it again: its run may not know yet that it has ended.
  const told = await takerOfSpoken(spoken);
  const enrollmentIds = new Set([...live.map((enrollment) => enrollment.id), ...(told ? [told] : [])]);
  if (enrollmentIds.size === 0) return quieted ? done : phrases.notInProgram;
  const verdicts: SentVerdict[] = [];
  for (const enrollmentId of enrollmentIds) {
    verdicts.push(
      await sendJourneyEvent(temporal, enrollmentId, { ...event, id, reason: 'The coachee asked for it.' }),
    );
  }
  return quieted || verdicts.includes('queued') || (await takerOfSpoken(spoken)) ? done : inVain;
};
