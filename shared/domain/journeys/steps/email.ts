/** Sends an email; a coachee without an address gets none, and the journey goes on. */
import { z } from 'zod';
import { renderText } from '../templates.ts';
import { deliveryRecord } from './delivery.ts';
import { MESSAGE_TEXT_MAX, stepFields } from './fields.ts';
import { goesOn, stepKind } from './kind.ts';
import { latePolicy } from './late.ts';

/** Longer subjects are cut off by most mail programs. */
const SUBJECT_MAX = 150;

const schema = z.strictObject({
  type: z.literal('email'),
  ...stepFields,
  subject: z.string().trim().min(1).max(SUBJECT_MAX),
  text: z.string().min(1).max(MESSAGE_TEXT_MAX),
  late: latePolicy.default('send'),
});

export const email = stepKind({
  schema,
  enter: (step, { known }) => ({
    move: 'deliver',
    message: {
      text: renderText(step.text, known, MESSAGE_TEXT_MAX),
      buttons: [],
      email: { subject: renderText(step.subject, known, SUBJECT_MAX).replace(/\s+/g, ' ') },
    },
    late: step.late,
  }),
  on: (_, event) => (event.type === 'delivered' ? { move: 'goOn', changes: [deliveryRecord(event, 'sent')] } : null),
  exits: () => [goesOn],
  texts: (step) => [
    { path: ['subject'], text: step.subject, role: 'subject' },
    { path: ['text'], text: step.text, role: 'body' },
  ],
});
