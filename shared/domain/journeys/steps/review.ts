/**
 * Holds a text back until somebody of the team has approved, edited or rejected it, or the deadline has passed and the journey takes it back. What
 * came of it is read as `{{results.<key>.text}}` and `{{results.<key>.verdict}}`.
 */
import { z } from 'zod';
import { renderText } from '../templates.ts';
import { durationRule, durationSeconds, MESSAGE_TEXT_MAX, messageText, stepFields, stepKey } from './fields.ts';
import { type Change, type Exit, type StepEvent, type StepFinding, stepKind } from './kind.ts';
import { afterTimeout, longest, timeout, timeoutExit } from './timeout.ts';

const schema = z.strictObject({
  type: z.literal('review'),
  ...stepFields,
  text: messageText,
  /** For the reviewer. */
  instructions: z.string().min(1).max(1000).optional(),
  /** Where a rejected text leads; on, where it names nothing. */
  rejected: stepKey.optional(),
  /** The deadline. Without `goTo` the journey goes on with the text as it was proposed. */
  timeout,
});

export const review = stepKind({
  schema,
  enter(step, { known }) {
    const text = renderText(step.text, known, MESSAGE_TEXT_MAX);
    return {
      ...{ move: 'hold', of: 'review', timeout: durationRule(step.timeout.after) },
      changes: [
        { openReview: { text, instructions: step.instructions ?? null } },
        // Until somebody has looked at it, this is what there is.
        { result: { verdict: 'open', text, note: null } },
        { record: 'reviewAsked' },
      ],
    };
  },
  on(step, event, { known }) {
    const proposed = textOf(known.results[step.key]);
    if (event.type === 'due') return { ...afterTimeout(step), changes: settled('timedOut', proposed, null) };
    if (event.type !== 'reviewed') return null;
    const changes = settled(event.verdict, event.text ?? proposed, event.note);
    if (event.verdict !== 'rejected' || step.rejected === undefined) return { move: 'goOn', changes };
    return { move: 'goTo', stepKey: step.rejected, changes };
  },
  exits(step) {
    const looked: Pick<Exit, 'pause' | 'lasts'> = { pause: 'person', lasts: { least: 0, most: longest(step) } };
    return [
      { to: null, path: ['next'], ...looked },
      ...(step.rejected === undefined ? [] : [{ to: step.rejected, path: ['rejected'], ...looked }]),
      ...timeoutExit(step),
    ];
  },
  texts: ({ text }) => [{ path: ['text'], text, role: 'body' }],
  gives: () => 'result',
  resultFields: ['verdict', 'text', 'note'],
  neverBlank: ['text'],
  check: (step) => (durationSeconds(step.timeout.after) >= 60 ? [] : [hasty]),
});

type Verdict = (StepEvent & { type: 'reviewed' })['verdict'] | 'timedOut';

function settled(verdict: Verdict, text: string, note: string | null): Change[] {
  return [
    { closeReview: verdict },
    { result: { verdict, text, note } },
    { record: 'reviewed', detail: { verdict, note } },
  ];
}

function textOf(result: unknown): string {
  if (typeof result !== 'object' || result === null || !('text' in result)) return '';
  return typeof result.text === 'string' ? result.text : '';
}

const hasty: StepFinding = {
  code: 'reviewTooShort',
  severity: 'warning',
  path: ['timeout', 'after'],
  message: 'Nobody can review a text in less than a minute.',
  remedy: 'Give the team some hours.',
};
