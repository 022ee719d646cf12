/** What is wrong within one step, whatever stands around it. */

import { checkBraces } from '../steps/fields.ts';
import { kindOf, type Step } from '../steps/index.ts';
import type { CheckedProgram, StepFinding } from '../steps/kind.ts';
import { checkChannels } from './channels.ts';

/** `mayBeBlank`: of a text of this step. */
export function checkStep(step: Step, program: CheckedProgram, mayBeBlank: (text: string) => boolean): StepFinding[] {
  return [
    ...checkTexts(step, mayBeBlank),
    ...checkChannels(step, program.channels),
    ...(kindOf(step).check?.(step, program) ?? []),
  ];
}

/** What is shown to a person may not turn out blank; labels are shown as they stand. */
function checkTexts(step: Step, mayBeBlank: (text: string) => boolean): StepFinding[] {
  const texts = kindOf(step).texts?.(step) ?? [];
  return texts.flatMap(({ text, path, role }) => {
    if (role === 'button' || role === 'title') return [];
    const isBlank = role !== 'prompt' && mayBeBlank(text);
    return [...(isBlank ? [{ ...blank, path }] : []), ...checkBraces(text, path)];
  });
}

const blank: Omit<StepFinding, 'path'> = {
  code: 'textMayBeBlank',
  severity: 'error',
  message: 'This text is blank when its variables have no value, and a blank message cannot be sent.',
  remedy: 'Add some words, or give a variable a fallback: {{traits.nickname|friend}}.',
};
