/** Sends a text, perhaps with buttons, and goes on. A pressed value button is kept as this step's answer and moves nothing. */
import { z } from 'zod';
import type { MessageButton } from '../messages.ts';
import { renderText } from '../templates.ts';
import { deliveryRecord, templateOf } from './delivery.ts';
import { MESSAGE_TEXT_MAX, media, mediaTitles, messageText, stepFields, templateName } from './fields.ts';
import { goesOn, type StepFinding, stepKind } from './kind.ts';
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
  sends: (step) => ({
    ...{ text: step.text, path: ['text'], media: step.media, template: templateOf(step) },
    buttons: (step.buttons ?? []).map(({ label, url }, i) => ({
      ...{ label, path: ['buttons', i, 'label'], isLink: url !== undefined },
    })),
  }),
  check: ({ buttons = [] }) => buttons.flatMap((one, i) => sameAsEarlier(one, buttons.slice(0, i), i)),
});

/** Two buttons that cannot be told apart, by the coachee or by what is kept of them. */
function sameAsEarlier({ label, value }: Button, earlier: Button[], position: number): StepFinding[] {
  const other = earlier.findIndex((one) => one.label === label || (value !== undefined && one.value === value));
  if (other < 0) return [];
  return [
    {
      code: 'buttonsCollide',
      severity: 'error',
      path: ['buttons', position],
      message: `Buttons ${other + 1} and ${position + 1} have the same label or the same value.`,
      remedy: 'Give each button a label and a value of its own.',
    },
  ];
}

function outgoing({ label, value, url }: Button): MessageButton {
  return url === undefined ? { label, value: value ?? label } : { label, url };
}
