/**
 * Asks a question and waits for an answer that fits; a reply that does not fit is asked again, politely.
 * - Each asking is a send of its own (a new occurrence). The timeout counts from when the first was sent: what does not fit
 *   does not put it off, or a coachee who chats would never get past the question.
 * - Only the newest asking's buttons count; text counts whenever the question is open.
 * - A question that was dropped (the coachee opted out, say) goes at once where its timeout would have gone.
 */
import { z } from 'zod';
import { answerSchema, buttonsFor, sampleReplies } from './answers.ts';
import { checkAsk } from './ask-check.ts';
import { templateOf } from './delivery.ts';
import { messageText, stepFields, templateName } from './fields.ts';
import { type FieldPath, type StepText, stepKind } from './kind.ts';
import { latePolicy } from './late.ts';
import { askFirst, onQuestion, questionTexts } from './question.ts';
import { answeredOrNot, timedOut, timeout } from './timeout.ts';

const schema = z.strictObject({
  type: z.literal('ask'),
  ...stepFields,
  text: messageText,
  answer: answerSchema,
  /** Sent instead of the question when a reply did not fit; by default a polite sentence that says what would. */
  reask: messageText.optional(),
  timeout: timeout.optional(),
  late: latePolicy.default('send'),
  /** An approved WhatsApp template (its name), for when the coachee has not written for 24 hours. */
  whatsappTemplate: templateName.optional(),
});

export type AskStep = z.output<typeof schema>;

export const ask = stepKind({
  schema,
  enter: (step, context) => askFirst(step, step.answer, context),
  on: (step, event, context) =>
    onQuestion(step, step.answer, event, context, {
      answered: (value) => ({ move: 'goOn', changes: [{ answer: value }, { record: 'answered', detail: { value } }] }),
      unanswered: () => timedOut(step),
    }),
  exits: answeredOrNot,
  texts: (step) => [...questionTexts(step), ...labelsOf(step.answer)],
  gives: () => 'answer',
  sends: (step) => ({
    ...{ text: step.text, path: ['text'], template: templateOf(step) },
    buttons: buttonsFor(step.answer).map(({ label }, i) => ({ label, path: labelPath(step.answer, i) })),
  }),
  check: checkAsk,
  replies: (step) => sampleReplies(step.answer),
});

function labelsOf(answer: AskStep['answer']): StepText[] {
  if (answer.kind === 'yesNo' && !answer.labels) return [];
  return buttonsFor(answer).map(({ label }, i) => ({ path: labelPath(answer, i), text: label, role: 'button' }));
}

/** Where the label of one of its buttons stands. */
function labelPath({ kind }: AskStep['answer'], button: number): FieldPath {
  return kind === 'choice' ? ['answer', 'options', button, 'label'] : ['answer', 'labels', button === 0 ? 'yes' : 'no'];
}
