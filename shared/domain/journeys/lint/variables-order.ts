/** Variables that are read where, on every way through the program, the step that gives them is still to come. */

import type { Reading } from '../steps/kind.ts';
import { type Graph, positionsOf, reachedFrom } from './graph.ts';
import type { Problem } from './variables.ts';

/** What is wrong with reading that variable at that position; null: it may be there, or a fallback stands in for it. */
export function earlyReading(graph: Graph): (reading: Reading, position: number) => Problem | null {
  const positions = positionsOf(graph.steps);
  const after = new Map<number, Set<number>>();
  return ({ variable: [root, name = ''], inText }, position) => {
    if ((root !== 'answers' && root !== 'results') || inText?.fallback) return null;
    const giver = positions.get(name) ?? position;
    const reached = after.get(giver) ?? reachedAfter(graph, giver);
    after.set(giver, reached);
    return reached.has(position) ? null : tooEarly(`${root}.${name}`, name);
  };
}

function reachedAfter(graph: Graph, position: number): Set<number> {
  const onward = (graph.ways[position] ?? []).map(({ to }) => to);
  return reachedFrom(graph, onward, true);
}

function tooEarly(variable: string, giver: string): Problem {
  return {
    ...{ code: 'variableReadTooEarly', severity: 'warning' },
    message: `"${variable}" has no value here: no way from "${giver}" leads to this step.`,
    remedy: `Put "${giver}" before it, or say what to show instead: {{${variable}|...}}.`,
  };
}
