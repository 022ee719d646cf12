import { forCreator } from '../../shared/db/orm.ts';
import { commandIn, phrases } from '../../shared/domain/conversations/phrases.ts';
import { helpFacts, liveEnrollments } from '../../shared/services/inbox.ts';
import { type SentVerdict, sendJourneyEvent } from '../../temporal/start/journeys.ts';
import { type Spoken, takerOfSpoken } from './spoken.ts';

const CONTROLS = {
  pause: { event: { type: 'pause' }, done: phrases.paused, inVain: phrases.alreadyPaused },
  resume: { event: { type: 'resume', mode: 'shift' }, done: phrases.resumed, inVain: phrases.notPaused },
  catchup: { event: { type: 'resume', mode: 'compress' }, done: phrases.caughtUp, inVain: phrases.notPaused },
  stop: { event: { type: 'exit' }, done: phrases.stopped, inVain: phrases.notInProgram },
} as const;

/** Does what a coachee's command says, to every program they are in; the answer says what came of it. */
export const answerCommand = async (spoken: Spoken, text: string): Promise<string> => {
  const { orm, creatorId, coacheeId } = spoken;
  const command = commandIn(text);
  if (command !== null && command in CONTROLS) return control(spoken, CONTROLS[command as keyof typeof CONTROLS]);
  return phrases.help(await helpFacts(forCreator(orm, creatorId), coacheeId));
};

const control = async (
  spoken: Spoken,
  { event, done, inVain }: (typeof CONTROLS)[keyof typeof CONTROLS],
): Promise<string> => {
  const { orm, temporal, creatorId, coacheeId, id } = spoken;
  const live = await liveEnrollments(forCreator(orm, creatorId), coacheeId);
  // A journey that an earlier attempt told hears it again: its run may not know yet that it has ended.
  const told = await takerOfSpoken(spoken);
  const enrollmentIds = new Set([...live.map((enrollment) => enrollment.id), ...(told ? [told] : [])]);
  if (enrollmentIds.size === 0) return phrases.notInProgram;
  const verdicts: SentVerdict[] = [];
  for (const enrollmentId of enrollmentIds) {
    verdicts.push(
      await sendJourneyEvent(temporal, enrollmentId, { ...event, id, reason: 'The coachee asked for it.' }),
    );
  }
  return verdicts.includes('queued') || (await takerOfSpoken(spoken)) ? done : inVain;
};
