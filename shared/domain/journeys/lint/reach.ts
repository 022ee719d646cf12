/** Steps that nothing leads to, and repeats that do not go round. */
import { type Finding, pathInStep } from './findings.ts';
import { type Graph, reachedFrom } from './graph.ts';

export function checkReach(graph: Graph): Finding[] {
  return [...checkUnreachable(graph), ...checkRepeats(graph)];
}

function checkUnreachable(graph: Graph): Finding[] {
  const reached = reachedFrom(graph, [0], true);
  return graph.steps.flatMap((step, i): Finding[] => {
    if (reached.has(i)) return [];
    const message = `Nothing leads to "${step.key}".`;
    const remedy = 'Lead to it from another step, or take it out.';
    return [
      { code: 'unreachableStep', severity: 'warning', stepKey: step.key, path: pathInStep(i, []), message, remedy },
    ];
  });
}

/** A way back from which the journey never comes to the same place again is no repeat: it would be lived once more at most. */
function checkRepeats(graph: Graph): Finding[] {
  return graph.steps.flatMap((step, i) =>
    (graph.ways[i] ?? []).flatMap(({ to, exit }): Finding[] => {
      if (exit.rounds === undefined || reachedFrom(graph, [to], false).has(i)) return [];
      return [
        {
          code: 'repeatLeadsNowhere',
          severity: 'error',
          stepKey: step.key,
          path: pathInStep(i, exit.path),
          message: `From "${graph.steps[to]?.key}" the journey never comes back to "${step.key}", so nothing is repeated.`,
          remedy: 'Go back to an earlier step that leads here again.',
        },
      ];
    }),
  );
}
