/** Ends the journey; nothing can follow, so it has no `next`. */
import { z } from 'zod';
import { stepFields } from './fields.ts';
import { stepKind } from './kind.ts';

const { key, name } = stepFields;
const schema = z.strictObject({
  type: z.literal('finish'),
  key,
  name,
  outcome: z.string().min(1).max(100).default('completed'),
});

export const finish = stepKind({
  schema,
  enter: (step) => ({ move: 'finish', outcome: step.outcome }),
  exits: () => [],
});
