/** Marks that the coachee has reached something worth counting. */
import { z } from 'zod';
import { stepFields } from './fields.ts';
import { goesOn, stepKind } from './kind.ts';

const schema = z.strictObject({ type: z.literal('goal'), ...stepFields, goal: z.string().min(1).max(100) });

export const goal = stepKind({
  schema,
  enter: (step) => ({
    move: 'goOn',
    changes: [{ goal: step.goal }, { record: 'goalReached', detail: { goal: step.goal } }],
  }),
  exits: () => [goesOn],
});
