/** Holds the journey until the coachee has a right to what follows; an offer may be sent first. */
import { z } from 'zod';
import { renderText } from '../templates.ts';
import { deliveryRecord } from './delivery.ts';
import { durationRule, entitlementName, MESSAGE_TEXT_MAX, messageText, stepFields } from './fields.ts';
import { type StepContext, type StepFinding, type StepOutcome, stepKind } from './kind.ts';
import { checkTimeout, openedOrNot, timedOut, timeout } from './timeout.ts';

const schema = z.strictObject({
  type: z.literal('paymentGate'),
  ...stepFields,
  entitlement: entitlementName,
  /** Sent to those who have no right to it yet. */
  text: messageText.optional(),
  offer: z.strictObject({ label: z.string().min(1).max(64), url: z.url({ protocol: /^https$/ }).max(2048) }).optional(),
  timeout: timeout.optional(),
});

type GateStep = z.output<typeof schema>;

export const paymentGate = stepKind({
  schema,
  enter(step, context) {
    if (isEntitled(step, context)) return open(step);
    if (step.text === undefined) return hold(step);
    const text = renderText(step.text, context.known, MESSAGE_TEXT_MAX);
    return { move: 'deliver', message: { text, buttons: step.offer ? [step.offer] : [] }, late: 'send' };
  },
  on(step, event, context) {
    switch (event.type) {
      case 'delivered': {
        const record = deliveryRecord(event, 'sent');
        const outcome = isEntitled(step, context) ? open(step) : hold(step);
        return { ...outcome, changes: [record, ...(outcome.changes ?? [])] };
      }
      case 'changed':
        return isEntitled(step, context) ? open(step) : null;
      case 'due':
        return timedOut(step);
      default:
        return null;
    }
  },
  exits: openedOrNot,
  texts: ({ text, offer }) => [
    ...(text === undefined ? [] : [{ path: ['text'], text, role: 'body' as const }]),
    ...(offer ? [{ path: ['offer', 'label'], text: offer.label, role: 'button' as const }] : []),
  ],
  sends: ({ text, offer }) =>
    text === undefined
      ? null
      : {
          ...{ text, path: ['text'], template: 'impossible' },
          buttons: offer ? [{ label: offer.label, path: ['offer', 'label'], isLink: true }] : [],
        },
  check: (step) => [
    ...(step.offer && step.text === undefined ? [offerNeverShown] : []),
    ...(step.text === undefined && !step.timeout ? [heldWithoutAWord] : []),
    ...checkTimeout(step),
  ],
});

const offerNeverShown: StepFinding = {
  code: 'offerNeverShown',
  severity: 'error',
  path: ['offer'],
  message: 'The offer is a button under the text, and there is no text.',
  remedy: 'Write a text that says what is on offer.',
};

const heldWithoutAWord: StepFinding = {
  code: 'heldWithoutAWord',
  severity: 'warning',
  path: ['text'],
  message: 'Whoever has no right to what follows stays here for ever and is told nothing.',
  remedy: 'Write a text that says how to go on, or add a timeout that leads elsewhere.',
};

function isEntitled({ entitlement }: GateStep, { known }: StepContext): boolean {
  return known.facts.entitlements.includes(entitlement);
}

function hold({ timeout: limit, entitlement }: GateStep): StepOutcome {
  const changes = [{ record: 'holding' as const, detail: { for: `the entitlement ${entitlement}` } }];
  return { move: 'hold', of: 'event', timeout: limit ? durationRule(limit.after) : null, changes };
}

function open({ entitlement }: GateStep): StepOutcome {
  return { move: 'goOn', changes: [{ record: 'opened', detail: { by: `the entitlement ${entitlement}` } }] };
}
