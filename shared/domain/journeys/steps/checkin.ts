/**
 * Asks how it went with a habit, as yes or no or as an amount with a target, and keeps the answer as the coachee's check-in. A question that
 * was sent and not answered in time is a check-in that was missed.
 */
import { z } from 'zod';
import { renderText } from '../templates.ts';
import { type AnswerRule, buttonsFor, plainDigits, sampleReplies, understandPress, understandText } from './answers.ts';
import { checkDefaultLabels, checkDefaultReask, checkLabels } from './ask-check.ts';
import { templateOf } from './delivery.ts';
import { habitName, MESSAGE_TEXT_MAX, messageText, stepFields, templateName } from './fields.ts';
import {
  type Change,
  type PersonaReplies,
  type StepContext,
  type StepEvent,
  type StepOutcome,
  stepKind,
} from './kind.ts';
import { latePolicy } from './late.ts';
import { afterTimeout, answeredOrNot, awaitAnswer, checkTimeout, timeout } from './timeout.ts';

const schema = z.strictObject({
  type: z.literal('checkin'),
  ...stepFields,
  habit: habitName,
  text: messageText,
  /** Done from this amount on; without one it is asked by yes and no. */
  target: z.strictObject({ amount: z.number().positive(), unit: z.string().min(1).max(30) }).optional(),
  labels: z.strictObject({ yes: z.string().min(1).max(64), no: z.string().min(1).max(64) }).optional(),
  reask: messageText.optional(),
  timeout,
  late: latePolicy.default({ dropAfter: { hours: 12 } }),
  whatsappTemplate: templateName.optional(),
});

type CheckinStep = z.output<typeof schema>;

export const checkin = stepKind({
  schema,
  enter: (step, context) => asking(step, step.text, 0, context),
  on(step, event, context) {
    switch (event.type) {
      case 'delivered':
        return awaitAnswer(step, event, event.misses === 0 ? 'asked' : 'reasked');
      case 'reply':
        return replied(step, event, context);
      case 'due':
        return { ...afterTimeout(step), changes: [checkInOf(step, false, null), { record: 'missed' }] };
      default:
        return null;
    }
  },
  exits: answeredOrNot,
  texts: ({ text, reask, labels }) => [
    { path: ['text'], text, role: 'body' },
    ...(reask === undefined ? [] : [{ path: ['reask'], text: reask, role: 'body' as const }]),
    ...(['yes', 'no'] as const).flatMap((name) =>
      labels ? [{ path: ['labels', name], text: labels[name], role: 'button' as const }] : [],
    ),
  ],
  gives: () => 'answer',
  checksIn: ({ habit }) => habit,
  sends: (step) => ({
    ...{ text: step.text, path: ['text'], template: templateOf(step) },
    buttons: buttonsFor(ruleOf(step)).map(({ label }, i) => ({ label, path: ['labels', i === 0 ? 'yes' : 'no'] })),
  }),
  check: (step, { language }) => [
    ...(step.reask === undefined ? checkDefaultReask(language) : []),
    ...(step.target || step.labels ? [] : checkDefaultLabels(['labels'], language)),
    ...checkLabels(step.labels),
    ...checkTimeout(step),
  ],
  replies: repliesTo,
});

/** An amount is what was wanted, or half of that. */
function repliesTo(step: CheckinStep): PersonaReplies {
  const { habit: name, target } = step;
  if (!target) {
    const { yes: done, no: notDone } = step.labels ?? { yes: 'yes', no: 'no' };
    return { ...sampleReplies(ruleOf(step)), habit: { name, done, notDone } };
  }
  const [done, notDone] = [plainDigits(target.amount), plainDigits(target.amount / 2)];
  return {
    ...{ fitting: done, unfitting: 'quite a lot', habit: { name, done, notDone } },
    any: (fraction) => (fraction < 0.5 ? done : notDone),
  };
}

function ruleOf({ target, labels }: CheckinStep): AnswerRule {
  return target ? { kind: 'number', min: 0 } : { kind: 'yesNo', ...(labels && { labels }) };
}

function asking(step: CheckinStep, template: string, misses: number, { known }: StepContext): StepOutcome {
  const text = renderText(template, known, MESSAGE_TEXT_MAX);
  return { move: 'ask', message: { text, buttons: buttonsFor(ruleOf(step)) }, misses, late: step.late };
}

function replied(step: CheckinStep, event: StepEvent & { type: 'reply' }, context: StepContext): StepOutcome {
  const rule = ruleOf(step);
  const understood =
    event.chosen === null ? understandText(rule, event.text, context.language) : understandPress(rule, event.chosen);
  if ('miss' in understood) return asking(step, step.reask ?? understood.miss, event.misses + 1, context);
  const { value } = understood;
  const amount = typeof value === 'number' ? value : null;
  const done = amount === null ? value === true : amount >= (step.target?.amount ?? 0);
  const detail = { habit: step.habit, value, done };
  return { move: 'goOn', changes: [{ answer: value }, checkInOf(step, done, amount), { record: 'checkedIn', detail }] };
}

function checkInOf({ habit }: CheckinStep, done: boolean, amount: number | null): Change {
  return { checkIn: { habit, done, amount } };
}
