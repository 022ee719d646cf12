/** A definition as a graph: which step leads where, and what else may lead into it. */
import type { ProgramDefinition } from '../definition.ts';
import type { StepKey } from '../state.ts';
import { kindOf, type Step } from '../steps/index.ts';
import type { Exit } from '../steps/kind.ts';

/** A way from one step to another, by their positions. */
export interface Way {
  to: number;
  exit: Exit;
}

export interface Graph {
  steps: Step[];
  /** Where each step leads; the end, and steps that are not there, are left out. */
  ways: Way[][];
  /** Steps that a signal or a watched exit leads to, whatever the journey is doing. */
  sudden: number[];
}

export function graphOf({ steps, signals, exits = [] }: ProgramDefinition): Graph {
  const positions = positionsOf(steps);
  const ways = steps.map((step, i) =>
    kindOf(step)
      .exits(step)
      .flatMap((exit): Way[] => {
        const named = exit.to ?? ('next' in step ? step.next : undefined);
        const to = named === undefined ? i + 1 : positions.get(named);
        return to === undefined || to >= steps.length ? [] : [{ to, exit }];
      }),
  );
  const sudden = [...signals, ...exits].flatMap(({ goTo }) => positions.get(goTo ?? '') ?? []);
  return { steps, ways, sudden };
}

/** Each key's position; of two the first, as for the machine. */
export function positionsOf(steps: Step[]): Map<StepKey, number> {
  return new Map(steps.map(({ key }, i): [StepKey, number] => [key, i]).reverse());
}

/** Every position that can be reached from these, they included. `suddenly`: also by what may lead elsewhere at any time. */
export function reachedFrom({ ways, sudden }: Graph, from: number[], suddenly: boolean): Set<number> {
  const reached = new Set<number>();
  const open = [...from, ...(suddenly ? sudden : [])];
  for (let position = open.pop(); position !== undefined; position = open.pop()) {
    if (reached.has(position)) continue;
    reached.add(position);
    for (const { to } of ways[position] ?? []) open.push(to);
  }
  return reached;
}
