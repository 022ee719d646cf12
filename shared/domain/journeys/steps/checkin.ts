/**
 * Asks how it went with a habit, as yes or no or as an amount with a target, and keeps the answer as the coachee's check-in. A question that
 * was sent and not answered in time is a check-in that was missed.
 */
import { z } from 'zod';
import type { FactValue } from '../state.ts';
import { type AnswerRule, buttonsFor, plainDigits, sampleReplies } from './answers.ts';
import { checkDefaultLabels, checkDefaultReask, checkLabels } from './ask-check.ts';
import { templateOf } from './delivery.ts';
import { habitName, messageText, stepFields, templateName } from './fields.ts';
import { type Change, type PersonaReplies, type StepOutcome, stepKind } from './kind.ts';
import { latePolicy } from './late.ts';
import { askFirst, onQuestion, questionTexts } from './question.ts';
import { afterTimeout, answeredOrNot, checkTimeout, timedOut, timeout } from './timeout.ts';

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
  enter: (step, context) => askFirst(step, ruleOf(step), context),
  on: (step, event, context) =>
    onQuestion(step, ruleOf(step), event, context, {
      answered: (value) => checkedIn(step, value),
      // Nobody misses what may never have reached them.
      unanswered: (unproven) =>
        unproven
          ? timedOut(step)
          : { ...afterTimeout(step), changes: [checkInOf(step, false, null), { record: 'missed' }] },
    }),
  exits: answeredOrNot,
  texts: (step) => [
    ...questionTexts(step),
    ...(['yes', 'no'] as const).flatMap((name) =>
      step.labels ? [{ path: ['labels', name], text: step.labels[name], role: 'button' as const }] : [],
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

function checkedIn(step: CheckinStep, value: FactValue): StepOutcome {
  const amount = typeof value === 'number' ? value : null;
  const done = amount === null ? value === true : amount >= (step.target?.amount ?? 0);
  const detail = { habit: step.habit, value, done };
  return { move: 'goOn', changes: [{ answer: value }, checkInOf(step, done, amount), { record: 'checkedIn', detail }] };
}

function checkInOf({ habit }: CheckinStep, done: boolean, amount: number | null): Change {
  return { checkIn: { habit, done, amount } };
}
