/**
 * Waits for something to come about: the coachee's next message (kept as this step's answer), a signal, or a condition, such as an
 * adherence or an entitlement. A condition that holds already is not waited for.
 */
import { z } from 'zod';
import { conditionReadings, holds, shallowCondition } from './condition.ts';
import { durationRule, stepFields } from './fields.ts';
import { type StepFinding, type StepOutcome, stepKind } from './kind.ts';
import { answeredOrNot, checkTimeout, openedOrNot, timedOut, timeout } from './timeout.ts';

const schema = z
  .strictObject({
    type: z.literal('waitFor'),
    ...stepFields,
    reply: z.literal(true).optional(),
    signal: z.string().min(1).max(40).optional(),
    until: shallowCondition.optional(),
    timeout: timeout.optional(),
  })
  .refine(
    ({ reply, signal, until }) => [reply, signal, until].filter((given) => given !== undefined).length === 1,
    'exactly one of reply, signal and until',
  );

type WaitForStep = z.output<typeof schema>;

export const waitFor = stepKind({
  schema,
  enter(step, { known }) {
    if (step.until && holds(step.until, known)) return come(step);
    const rule = step.timeout ? durationRule(step.timeout.after) : null;
    const changes = [{ record: 'holding' as const, detail: { for: nameOf(step) } }];
    return step.reply
      ? { move: 'awaitReply', timeout: rule, changes }
      : { move: 'hold', of: 'event', timeout: rule, changes };
  },
  on(step, event, { known }) {
    switch (event.type) {
      case 'reply':
        if (!step.reply || event.text.trim() === '') return null;
        return {
          move: 'goOn',
          changes: [{ answer: event.text }, { record: 'answered', detail: { value: event.text } }],
        };
      case 'signalled':
        return event.name === step.signal ? come(step) : untilHolds(step, () => holds(step.until ?? {}, known));
      case 'changed':
        return untilHolds(step, () => holds(step.until ?? {}, known));
      case 'due':
        return timedOut(step);
      default:
        return null;
    }
  },
  exits: (step) => (step.reply ? answeredOrNot(step) : openedOrNot(step, step.until ? 'none' : 'person')),
  reads: ({ until }) => (until ? conditionReadings(until, ['until']) : []),
  awaits: ({ signal }) => (signal === undefined ? null : { signal, path: ['signal'] }),
  gives: ({ reply }) => (reply ? 'answer' : null),
  check: (step) => (step.timeout ? (step.reply ? checkTimeout(step) : []) : [withoutTimeout]),
  replies: () => ({ fitting: 'Here I am', unfitting: '' }),
});

function untilHolds(step: WaitForStep, nowHolds: () => boolean): StepOutcome | null {
  return step.until && nowHolds() ? come(step) : null;
}

function come(step: WaitForStep): StepOutcome {
  return { move: 'goOn', changes: [{ record: 'opened', detail: { by: nameOf(step) } }] };
}

function nameOf({ reply, signal }: WaitForStep): string {
  if (reply) return 'a reply';
  return signal === undefined ? 'a condition' : `the signal ${signal}`;
}

const withoutTimeout: StepFinding = {
  code: 'waitWithoutTimeout',
  severity: 'warning',
  path: ['timeout'],
  message: 'Where it never comes about, the coachee stays at this step for ever.',
  remedy: 'Add a timeout, e.g. {"after": {"days": 14}}, with goTo to a step that asks how things are.',
};
