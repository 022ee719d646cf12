/** Sends an email; a coachee without an address gets none, and the journey goes on. */
import { z } from 'zod';
import { EMAIL } from '../../channels/limits.ts';
import { ownWords, renderText } from '../templates.ts';
import { deliveryRecord } from './delivery.ts';
import { MESSAGE_TEXT_MAX, stepFields } from './fields.ts';
import { goesOn, type StepFinding, stepKind } from './kind.ts';
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
  check: ({ subject }, { channels }) => [
    ...(ownWords(subject).length > EMAIL.subjectMost ? [subjectTooLong] : []),
    ...(channels && !channels.includes('email') ? [withoutChannel] : []),
  ],
});

const subjectTooLong: StepFinding = {
  code: 'subjectTooLong',
  severity: 'warning',
  path: ['subject'],
  message: `Mail programs may cut a subject of more than ${EMAIL.subjectMost} characters.`,
  remedy: 'Say the most important first, and the rest in the text.',
};

const withoutChannel: StepFinding = {
  code: 'emailWithoutChannel',
  severity: 'warning',
  path: ['type'],
  message: 'This sends an email, but email is not among the channels of the program.',
  remedy: 'Add email to the channels, or send a message instead.',
};
