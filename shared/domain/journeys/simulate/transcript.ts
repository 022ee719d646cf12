/** A timeline's line in plain words, where it says something that the messages themselves do not. */
import type { TimelineRecord } from '../messages.ts';

/** Null: nothing worth a line of its own in a transcript. */
export function tellRecord({ kind, detail }: TimelineRecord): string | null {
  switch (kind) {
    case 'timedOut':
      return 'No answer came in time.';
    case 'branched':
      return detail.case === null ? 'No case held.' : `Case ${detail.case} held.`;
    case 'traitSet':
      return `Trait ${detail.trait} is now ${JSON.stringify(detail.value)}.`;
    case 'tagSet':
      return `Tag ${detail.tag} was ${detail.present ? 'put on' : 'taken off'}.`;
    case 'goalReached':
      return `Goal reached: ${detail.goal}.`;
    case 'webhookCalled':
      return 'The webhook answered.';
    case 'webhookFailed':
      return `The webhook failed: ${detail.why}`;
    case 'signalled':
      return `Signal ${detail.name} came: ${JSON.stringify(detail.payload)}.`;
    case 'coachWrote':
      return 'The model has written a text.';
    case 'coachFailed':
      return `The model has written nothing: ${detail.why}`;
    case 'checkedIn':
      return `Habit ${detail.habit}: ${detail.done ? 'done' : 'not done'}.`;
    case 'missed':
      return 'No check-in came in time.';
    case 'habitGiven': {
      const long = detail.forDays === null ? '' : ` for ${detail.forDays} ${detail.forDays === 1 ? 'day' : 'days'}`;
      return `Habit ${detail.habit} is given${long}. Its reminders are not simulated.`;
    }
    case 'habitEnded':
      return `Habit ${detail.habit} is not kept any more.`;
    case 'habitLeftOut':
      return `Habit ${detail.habit} was not ${detail.end ? 'ended' : 'given'}: ${detail.why}`;
    case 'lessonDone':
      return 'The lesson was marked as done.';
    case 'drawn':
      return `Drawn for ${detail.trait}: ${detail.value}.`;
    case 'holding':
      return `Waits for ${detail.for}.`;
    case 'opened':
      return `Opened by ${detail.by}.`;
    case 'reviewAsked':
      return 'A text waits for review.';
    case 'reviewed':
      return `Review: ${detail.verdict}.`;
    case 'subprogramBegun':
      return `Begins the program ${detail.program}.`;
    case 'subprogramEnded':
      return `The program ${detail.program} is over: ${detail.outcome}.`;
    case 'subprogramRefused':
      return `The program ${detail.program} was left out: ${detail.why}`;
    case 'postponed':
      return `Kept for later: ${detail.why}`;
    case 'left':
      return `An exit opened: ${detail.outcome}.`;
    case 'shifted':
      return `Dates put off by ${detail.days} days.`;
    case 'unlocked':
      return detail.stepKey === null ? 'Unlocked.' : `Unlocked: ${detail.stepKey}.`;
    case 'moved':
      return `Moved to version ${detail.version}.`;
    case 'paused':
      return 'Paused.';
    case 'resumed':
      return 'Resumed.';
    case 'ignored':
      return `A ${detail.event} was not taken: ${detail.why}`;
    case 'notSent':
      return `Not sent: ${detail.why}`;
    case 'parked':
      return `Parked: ${detail.reason}`;
    case 'finished':
    case 'exited':
      return `The journey ended: ${detail.outcome}.`;
    default:
      return null;
  }
}
