/**
 * Posts JSON to an address and keeps the answer as `{{results.<key>...}}`. The shell guards the address when it calls,
 * retries what a retry can cure, and keeps the result small. A failure goes to `onFailure`; without one the journey is parked.
 */
import { z } from 'zod';
import type { JsonValue } from '../state.ts';
import { valueOfTemplate } from '../templates.ts';
import { checkBraces, MESSAGE_TEXT_MAX, stepFields, stepKey, textReadings } from './fields.ts';
import { type Exit, goesOn, type StepContext, stepKind } from './kind.ts';

const bodyValue = z.union([z.string().max(MESSAGE_TEXT_MAX), z.number(), z.boolean(), z.null()]);

const schema = z.strictObject({
  type: z.literal('callWebhook'),
  ...stepFields,
  url: z.url({ protocol: /^https?$/ }).max(2048),
  /** Texts may hold variables; one that is a single variable passes its value as it is. */
  body: z
    .record(z.string().min(1).max(100), bodyValue)
    .refine((body) => Object.keys(body).length <= 50, 'at most 50 fields')
    .default({}),
  timeoutSeconds: z.number().min(1).max(30).default(10),
  onFailure: stepKey.optional(),
});

type CallWebhookStep = z.output<typeof schema>;

export const callWebhook = stepKind({
  schema,
  enter: (step, context) => ({
    move: 'callWebhook',
    url: step.url,
    body: bodyOf(step, context),
    timeoutSeconds: step.timeoutSeconds,
  }),
  on(step, event) {
    if (event.type !== 'webhookAnswered') return null;
    if (event.ok) return { move: 'goOn', changes: [{ result: event.result }, { record: 'webhookCalled' }] };
    const why = event.reason ?? 'No reason was given.';
    const changes = [{ record: 'webhookFailed' as const, detail: { why } }];
    if (step.onFailure !== undefined) return { move: 'goTo', stepKey: step.onFailure, changes };
    return { move: 'park', reason: `The webhook of step ${step.key} failed: ${why}`, changes };
  },
  exits(step) {
    const failed: Exit[] =
      step.onFailure === undefined ? [] : [{ to: step.onFailure, path: ['onFailure'], pause: 'none' }];
    return [goesOn, ...failed];
  },
  reads: (step) => texts(step).flatMap(([name, text]) => textReadings(text, ['body', name])),
  gives: () => 'result',
  check: (step) => texts(step).flatMap(([name, text]) => checkBraces(text, ['body', name])),
});

function bodyOf({ body }: CallWebhookStep, { known }: StepContext): { [name: string]: JsonValue } {
  const filled = Object.entries(body).map(([name, value]): [string, JsonValue] => [
    name,
    typeof value === 'string' ? valueOfTemplate(value, known, MESSAGE_TEXT_MAX) : value,
  ]);
  return Object.fromEntries(filled);
}

function texts({ body }: CallWebhookStep): [string, string][] {
  return Object.entries(body).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
}
