/** Goes where the first case that holds points; else to `otherwise`, else on. */
import { z } from 'zod';
import { conditionReadings, holds, shallowCondition } from './condition.ts';
import { stepFields, stepKey } from './fields.ts';
import { goesOn, stepKind } from './kind.ts';

const schema = z.strictObject({
  type: z.literal('branch'),
  ...stepFields,
  cases: z
    .array(z.strictObject({ when: shallowCondition, goTo: stepKey }))
    .min(1)
    .max(50),
  otherwise: stepKey.optional(),
});

export const branch = stepKind({
  schema,
  enter(step, { known }) {
    const position = step.cases.findIndex((one) => holds(one.when, known));
    const to = step.cases[position]?.goTo ?? step.otherwise;
    const detail = { case: position < 0 ? null : position + 1, goTo: to ?? null };
    const changes = [{ record: 'branched' as const, detail }];
    return to === undefined ? { move: 'goOn', changes } : { move: 'goTo', stepKey: to, changes };
  },
  exits: (step) => [
    ...step.cases.map(({ goTo }, i) => ({ to: goTo, path: ['cases', i, 'goTo'], pause: 'none' as const })),
    step.otherwise === undefined ? goesOn : { to: step.otherwise, path: ['otherwise'], pause: 'none' },
  ],
  reads: (step) => step.cases.flatMap((one, i) => conditionReadings(one.when, ['cases', i, 'when'])),
});
