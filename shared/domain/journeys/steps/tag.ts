/** Puts a tag on the coachee, or takes one off. */
import { z } from 'zod';
import { stepFields, tagName } from './fields.ts';
import { goesOn, type StepOutcome, stepKind } from './kind.ts';

export const tag = stepKind({
  schema: z.strictObject({ type: z.literal('tag'), ...stepFields, tag: tagName }),
  enter: (step) => tagging(step.tag, true),
  exits: () => [goesOn],
});

export const untag = stepKind({
  schema: z.strictObject({ type: z.literal('untag'), ...stepFields, tag: tagName }),
  enter: (step) => tagging(step.tag, false),
  exits: () => [goesOn],
});

export function tagging(name: string, present: boolean): StepOutcome {
  return {
    move: 'goOn',
    changes: [
      { tag: name, present },
      { record: 'tagSet', detail: { tag: name, present } },
    ],
  };
}
