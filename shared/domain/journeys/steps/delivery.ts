import type { TimelineKind } from '../messages.ts';
import type { Change, Sent, StepEvent } from './kind.ts';

/** The timeline's line for a send that went well (`sent` gives its kind), unsurely, or not at all. */
export function deliveryRecord(event: StepEvent & { type: 'delivered' }, sent: TimelineKind): Change {
  switch (event.outcome) {
    case 'sent':
      return { record: sent };
    case 'merged':
      return { record: 'merged' };
    case 'ambiguous':
      return { record: 'ambiguous', detail: { why: event.reason ?? 'The provider did not say whether it was sent.' } };
    case 'dropped':
      return { record: 'notSent', detail: { why: event.reason ?? 'No reason was given.' } };
  }
}

export function templateOf({ whatsappTemplate }: { whatsappTemplate?: string | undefined }): Sent['template'] {
  return whatsappTemplate === undefined ? 'missing' : 'given';
}
