/** Sends a text, perhaps with buttons, and goes on. A pressed value button is kept as this step's answer and moves nothing. */
import { z } from 'zod';
import type { MessageButton } from '../messages.ts';
import { renderText } from '../templates.ts';
import { deliveryRecord } from './delivery.ts';
import { checkText, MESSAGE_TEXT_MAX, messageText, stepFields, textReadings } from './fields.ts';
import { goesOn, stepKind } from './kind.ts';

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
});

type Button = z.output<typeof button>;

export const message = stepKind({
  schema,
  enter: (step, { known }) => ({
    move: 'deliver',
    message: { text: renderText(step.text, known, MESSAGE_TEXT_MAX), buttons: (step.buttons ?? []).map(outgoing) },
  }),
  on: (_, event) => (event.type === 'delivered' ? { move: 'goOn', changes: [deliveryRecord(event, 'sent')] } : null),
  pressed(step, value) {
    const pressed = step.buttons?.find((offered) => offered.value === value);
    return pressed ? [{ answer: value }, { record: 'answered', detail: { value, label: pressed.label } }] : null;
  },
  exits: () => [goesOn],
  reads: (step) => textReadings(step.text, ['text']),
  gives: (step) => (step.buttons?.some(({ value }) => value !== undefined) ? 'answer' : null),
  check: (step) => checkText(step.text, ['text']),
});

function outgoing({ label, value, url }: Button): MessageButton {
  return url === undefined ? { label, value: value ?? label } : { label, url };
}
