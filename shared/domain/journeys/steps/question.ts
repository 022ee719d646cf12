/** A question that wants an answer of some kind, and is asked again where a reply does not fit. */
import type { FactValue } from '../state.ts';
import { renderText } from '../templates.ts';
import { type AnswerRule, buttonsFor, understandPress, understandText } from './answers.ts';
import { MESSAGE_TEXT_MAX } from './fields.ts';
import type { StepContext, StepEvent, StepOutcome, StepText } from './kind.ts';
import type { LatePolicy } from './late.ts';
import { awaitAnswer, type MayTimeOut } from './timeout.ts';

interface Question extends MayTimeOut {
  text: string;
  /** Sent instead of the text when a reply did not fit; by default a polite sentence that says what would. */
  reask?: string | undefined;
  late: LatePolicy;
}

interface Ends {
  answered(value: FactValue): StepOutcome;
  /** No answer came in time; null where there is no limit. */
  unanswered(unproven: boolean): StepOutcome | null;
}

export function askFirst(step: Question, rule: AnswerRule, context: StepContext): StepOutcome {
  return asking(step, rule, { template: step.text, misses: 0 }, context);
}

/** What an event means to a question that is being asked; null: nothing. */
export function onQuestion(
  step: Question,
  rule: AnswerRule,
  event: StepEvent,
  context: StepContext,
  ends: Ends,
): StepOutcome | null {
  switch (event.type) {
    case 'delivered':
      return awaitAnswer(step, event, event.misses === 0 ? 'asked' : 'reasked');
    case 'reply': {
      const { chosen, text, misses } = event;
      const understood = chosen === null ? understandText(rule, text, context.language) : understandPress(rule, chosen);
      if ('value' in understood) return ends.answered(understood.value);
      return asking(step, rule, { template: step.reask ?? understood.miss, misses: misses + 1 }, context);
    }
    case 'due':
      return ends.unanswered(event.unproven ?? false);
    default:
      return null;
  }
}

/** Its texts, without the labels of its buttons. */
export function questionTexts({ text, reask }: Question): StepText[] {
  return [
    { path: ['text'], text, role: 'body' },
    ...(reask === undefined ? [] : [{ path: ['reask'], text: reask, role: 'body' as const }]),
  ];
}

function asking(
  { late }: Question,
  rule: AnswerRule,
  { template, misses }: { template: string; misses: number },
  { known }: StepContext,
): StepOutcome {
  const text = renderText(template, known, MESSAGE_TEXT_MAX);
  return { move: 'ask', message: { text, buttons: buttonsFor(rule) }, misses, late };
}
