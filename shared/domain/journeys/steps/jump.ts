/** Goes to another step, so that the order of the list need not be the order of the journey. */
import { z } from 'zod';
import { stepFields, stepKey } from './fields.ts';
import { stepKind } from './kind.ts';

const { key, name } = stepFields;

export const jump = stepKind({
  schema: z.strictObject({ type: z.literal('jump'), key, name, to: stepKey }),
  enter: ({ to }) => ({ move: 'goTo', stepKey: to }),
  exits: ({ to }) => [{ to, path: ['to'], pause: 'none' }],
});
