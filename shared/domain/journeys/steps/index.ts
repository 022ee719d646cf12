/** The registry of step kinds: a new one is a file beside this and its name in the list. */
import { z } from 'zod';
import { abSplit } from './abSplit.ts';
import { ask } from './ask.ts';
import { branch } from './branch.ts';
import { callWebhook } from './callWebhook.ts';
import { checkin } from './checkin.ts';
import { coach } from './coach.ts';
import { email } from './email.ts';
import { finish } from './finish.ts';
import { goal } from './goal.ts';
import { habit } from './habit.ts';
import { jump } from './jump.ts';
import type { StepKind } from './kind.ts';
import { lesson } from './lesson.ts';
import { message } from './message.ts';
import { paymentGate } from './paymentGate.ts';
import { repeat } from './repeat.ts';
import { review } from './review.ts';
import { set } from './set.ts';
import { subprogram } from './subprogram.ts';
import { tag, untag } from './tag.ts';
import { wait } from './wait.ts';
import { waitFor } from './waitFor.ts';

const registry = [
  ...([message, ask, coach, lesson, checkin, email, review] as const),
  ...([wait, waitFor, paymentGate, branch, abSplit, repeat, jump, subprogram] as const),
  ...([set, tag, untag, habit, callWebhook, goal, finish] as const),
] as const;

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
