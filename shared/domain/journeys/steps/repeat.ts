/**
 * Goes back to `from` until what lies between has been lived `times` times, or until the condition holds, whichever comes first; then goes on. A later
 * visit counts from the beginning.
 */
import { z } from 'zod';
import { conditionReadings, holds, shallowCondition } from './condition.ts';
import { stepFields, stepKey } from './fields.ts';
import { goesOn, type StepFinding, stepKind } from './kind.ts';

const schema = z
  .strictObject({
    type: z.literal('repeat'),
    ...stepFields,
    from: stepKey,
    times: z.int().min(2).max(1000).optional(),
    until: shallowCondition.optional(),
  })
  .refine(({ times, until }) => times !== undefined || until !== undefined, 'a repeat has `times`, `until` or both');

export const repeat = stepKind({
  schema,
  enter({ from, times = Number.POSITIVE_INFINITY, until }, { known, round }) {
    const lived = round + 1;
    const isOver = lived >= times || (until !== undefined && holds(until, known));
    if (isOver)
      return { move: 'goOn', changes: [{ rounds: 0 }, { record: 'repeated', detail: { lived, again: false } }] };
    return {
      ...{ move: 'goTo', stepKey: from },
      changes: [{ rounds: lived }, { record: 'repeated', detail: { lived, again: true } }],
    };
  },
  exits: ({ from, times = Number.POSITIVE_INFINITY }) => [
    goesOn,
    { to: from, path: ['from'], pause: 'none', rounds: times - 1 },
  ],
  reads: ({ until }) => (until ? conditionReadings(until, ['until']) : []),
  check: ({ times }) => (times === undefined ? [unbounded] : []),
});

const unbounded: StepFinding = {
  code: 'unboundedRepeat',
  severity: 'error',
  path: ['times'],
  message: 'Where the condition never comes to hold, this goes round for ever.',
  remedy: 'Say with `times` after how many rounds it goes on all the same.',
};
