/**
 * A message that the model writes from a prompt. Where it gives none in time, the fallback is sent instead. With `send: false` nothing is sent: the text is
 * kept as `{{results.<key>.text}}`, for a review or another message.
 */
import { z } from 'zod';
import { renderText } from '../templates.ts';
import { deliveryRecord } from './delivery.ts';
import { MESSAGE_TEXT_MAX, messageText, stepFields } from './fields.ts';
import { goesOn, type StepContext, type StepEvent, type StepOutcome, stepKind } from './kind.ts';
import { latePolicy } from './late.ts';

const schema = z.strictObject({
  type: z.literal('coach'),
  ...stepFields,
  /** What the model is to write; variables are filled in. */
  prompt: z.string().min(1).max(MESSAGE_TEXT_MAX),
  fallback: messageText,
  send: z.boolean().default(true),
  late: latePolicy.default('send'),
});

type CoachStep = z.output<typeof schema>;

export const coach = stepKind({
  schema,
  enter: (step, { known }) => ({ move: 'askCoach', prompt: renderText(step.prompt, known, MESSAGE_TEXT_MAX) }),
  on(step, event, context) {
    if (event.type === 'coachAnswered') return written(step, event, context);
    return event.type === 'delivered' ? { move: 'goOn', changes: [deliveryRecord(event, 'sent')] } : null;
  },
  exits: () => [goesOn],
  texts: (step) => [
    { path: ['prompt'], text: step.prompt, role: 'prompt' },
    { path: ['fallback'], text: step.fallback, role: 'body' },
  ],
  gives: ({ send }) => (send ? null : 'result'),
  resultFields: ['text', 'by'],
  neverBlank: ['text'],
  sends: ({ send, fallback }) =>
    send ? { text: fallback, path: ['fallback'], buttons: [], template: 'impossible' } : null,
});

function written(step: CoachStep, event: StepEvent & { type: 'coachAnswered' }, { known }: StepContext): StepOutcome {
  const own = (event.text ?? '').trim();
  const text = own === '' ? renderText(step.fallback, known, MESSAGE_TEXT_MAX) : own.slice(0, MESSAGE_TEXT_MAX);
  const record =
    own === ''
      ? { record: 'coachFailed' as const, detail: { why: event.reason ?? 'The model gave no text.' } }
      : { record: 'coachWrote' as const };
  if (step.send) return { move: 'deliver', message: { text, buttons: [] }, late: step.late, changes: [record] };
  return { move: 'goOn', changes: [{ result: { text, by: own === '' ? 'fallback' : 'model' } }, record] };
}
