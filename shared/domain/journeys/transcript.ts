/** A timeline's line in plain words, where it says something that the messages themselves do not. */
import type { TimelineRecord } from './messages.ts';

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
