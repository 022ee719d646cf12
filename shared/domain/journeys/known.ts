/** What texts and conditions may read of a journey, and how a variable's path finds its value. */
import type { CoacheeFacts, FactValue, JsonValue, StepKey } from './state.ts';

export interface Known {
  facts: CoacheeFacts;
  answers: Record<StepKey, FactValue>;
  results: Record<StepKey, JsonValue>;
  signals: Record<string, Record<string, FactValue>>;
}

/** A variable's path, split: `['answers', 'mood']`, `['results', 'lookup', 'city', 'name']`, `['coachee', 'name']`. */
export type VariablePath = string[];

/**
 * The value a path names, or undefined. Only own properties count: a step that is called `constructor` has no answer
 * until somebody gave one.
 */
export function lookUp([root, ...rest]: VariablePath, known: Known): JsonValue | undefined {
  switch (root) {
    case 'coachee':
      return rest.length === 1 && rest[0] === 'name' ? known.facts.name : undefined;
    case 'traits':
      return descend(known.facts.traits, rest);
    case 'answers':
      return descend(known.answers, rest);
    case 'results':
      return descend(known.results, rest);
    case 'signals':
      return descend(known.signals, rest);
    default:
      return undefined;
  }
}

function descend(from: JsonValue, path: string[]): JsonValue | undefined {
  let value: JsonValue | undefined = from;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as { [name: string]: JsonValue })[name];
  }
  return value;
}
