/** Sends a text, perhaps with buttons, and goes on. A pressed value button is kept as this step's answer and moves nothing. */
import { z } from 'zod';
import type { MessageButton } from '../messages.ts';
import { renderText } from '../templates.ts';
import { deliveryRecord } from './delivery.ts';
import { MESSAGE_TEXT_MAX, media, mediaTitles, messageText, stepFields, templateName } from './fields.ts';
import { goesOn, stepKind } from './kind.ts';
import { latePolicy } from './late.ts';

/** Labels, values and urls are shown and sent as they stand: no variables. */
const button = z
  .strictObject({
    label: z.string().min(1).max(64),
    value: z.string().min(1).max(64).optional(),
    url: z
      .url({ protocol: /^https$/ })
      .max(2048)
      .optional(),
  })
  .refine(({ value, url }) => (value === undefined) !== (url === undefined), 'a button has either a value or a url');

const schema = z.strictObject({
  type: z.literal('message'),
  ...stepFields,
  text: messageText,
  buttons: z.array(button).max(8).optional(),
  media: media.optional(),
  late: latePolicy.default('merge'),
  /** An approved WhatsApp template (its name), for when the coachee has not written for 24 hours. */
  whatsappTemplate: templateName.optional(),
});

type Button = z.output<typeof button>;

export const message = stepKind({
  schema,
  enter: (step, { known }) => ({
    move: 'deliver',
    message: {
      text: renderText(step.text, known, MESSAGE_TEXT_MAX),
      buttons: (step.buttons ?? []).map(outgoing),
      ...(step.media && { media: step.media }),
    },
    late: step.late,
  }),
  on: (_, event) => (event.type === 'delivered' ? { move: 'goOn', changes: [deliveryRecord(event, 'sent')] } : null),
  pressed(step, value) {
    const pressed = step.buttons?.find((offered) => offered.value === value);
    return pressed ? [{ answer: value }, { record: 'answered', detail: { value, label: pressed.label } }] : null;
  },
  exits: () => [goesOn],
  texts: (step) => [
    { path: ['text'], text: step.text, role: 'body' },
    ...(step.buttons ?? []).map(({ label }, i) => ({
      path: ['buttons', i, 'label'],
      text: label,
      role: 'button' as const,
    })),
    ...mediaTitles(step.media),
  ],
  gives: (step) => (step.buttons?.some(({ value }) => value !== undefined) ? 'answer' : null),
});

function outgoing({ label, value, url }: Button): MessageButton {
  return url === undefined ? { label, value: value ?? label } : { label, url };
}
