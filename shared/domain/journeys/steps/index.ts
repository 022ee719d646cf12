/** The registry of step kinds: a new one is a file beside this and its name in the list. */
import { z } from 'zod';
import { ask } from './ask.ts';
import { branch } from './branch.ts';
import { callWebhook } from './callWebhook.ts';
import { finish } from './finish.ts';
import { goal } from './goal.ts';
import type { StepKind } from './kind.ts';
import { message } from './message.ts';
import { set } from './set.ts';
import { wait } from './wait.ts';

const registry = [message, ask, wait, branch, set, callWebhook, goal, finish] as const;

type Schemas<Kinds extends readonly { schema: unknown }[]> = { [I in keyof Kinds]: Kinds[I]['schema'] };
const schemas = registry.map(({ schema }) => schema) as unknown as Schemas<typeof registry>;

export const stepSchema = z.discriminatedUnion('type', schemas).meta({ id: 'Step' });

/** A step of any kind, parsed. */
export type Step = z.output<typeof stepSchema>;

const kinds = new Map<string, StepKind>(registry.map((kind) => [kind.schema.shape.type.value, kind as StepKind]));

export function kindOf(step: Step): StepKind {
  const kind = kinds.get(step.type);
  if (!kind) throw new Error(`step ${step.key} is of the unknown kind ${step.type}`);
  return kind;
}
