/** What is wrong within one step, whatever stands around it. */
import { checkChannels } from './lint-channels.ts';
import { checkBraces, checkText } from './steps/fields.ts';
import { kindOf, type Step } from './steps/index.ts';
import type { CheckedProgram, StepFinding } from './steps/kind.ts';

export function checkStep(step: Step, program: CheckedProgram): StepFinding[] {
  return [
    ...checkTexts(step),
    ...checkChannels(step, program.channels),
    ...(kindOf(step).check?.(step, program) ?? []),
  ];
}

/** What is shown to a person may not turn out blank; labels are shown as they stand. */
function checkTexts(step: Step): StepFinding[] {
  const texts = kindOf(step).texts?.(step) ?? [];
  return texts.flatMap(({ text, path, role }) => {
    if (role === 'button' || role === 'title') return [];
    return role === 'prompt' ? checkBraces(text, path) : checkText(text, path);
  });
}
