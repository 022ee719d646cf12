import { forCreator } from '../../shared/db/orm.ts';
import { commandIn, phrases } from '../../shared/domain/conversations/phrases.ts';
import { helpFacts, liveEnrollments } from '../../shared/services/inbox.ts';
import { type SentVerdict, sendJourneyEvent } from '../../temporal/start/journeys.ts';
import { type Spoken, wasTaken } from './spoken.ts';

const CONTROLS = {
  pause: { type: 'pause', done: phrases.paused, inVain: phrases.alreadyPaused },
  resume: { type: 'resume', done: phrases.resumed, inVain: phrases.notPaused },
  stop: { type: 'exit', done: phrases.stopped, inVain: phrases.notInProgram },
} as const;

/** Does what a coachee's command says, to every program they are in; the answer says what came of it. */
export const answerCommand = async (spoken: Spoken, text: string): Promise<string> => {
  const { orm, creatorId, coacheeId } = spoken;
  const command = commandIn(text);
  if (command === 'pause' || command === 'resume' || command === 'stop') return control(spoken, CONTROLS[command]);
  return phrases.help(await helpFacts(forCreator(orm, creatorId), coacheeId));
};

const control = async (
  spoken: Spoken,
  { type, done, inVain }: (typeof CONTROLS)[keyof typeof CONTROLS],
): Promise<string> => {
  const { orm, temporal, creatorId, coacheeId, id } = spoken;
  const enrollments = await liveEnrollments(forCreator(orm, creatorId), coacheeId);
  if (enrollments.length === 0) return (await wasTaken(spoken)) ? done : phrases.notInProgram;
  const verdicts: SentVerdict[] = [];
  for (const { id: enrollmentId } of enrollments) {
    verdicts.push(await sendJourneyEvent(temporal, enrollmentId, { type, id, reason: 'The coachee asked for it.' }));
  }
  return verdicts.includes('queued') || (await wasTaken(spoken)) ? done : inVain;
};
