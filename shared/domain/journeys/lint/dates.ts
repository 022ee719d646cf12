/** Waits for a date that is past whenever the journey comes to them, because it has waited for a later one. */

import type { Exit } from '../steps/kind.ts';
import { type Finding, pathInStep } from './findings.ts';
import type { Graph } from './graph.ts';

export function checkDates(graph: Graph): Finding[] {
  const earliest = earliestArrivals(graph);
  return graph.steps.flatMap((step, i) =>
    (graph.ways[i] ?? []).flatMap(({ exit }): Finding[] => {
      const arrivalMs = earliest[i] ?? Number.POSITIVE_INFINITY;
      if (!exit.notBefore || !Number.isFinite(arrivalMs) || arrivalMs <= momentMs(exit.notBefore)) return [];
      return [
        {
          code: 'dateAlreadyPast',
          severity: 'warning',
          stepKey: step.key,
          path: pathInStep(i, ['until', 'date']),
          message: `On every way here it is ${readable(arrivalMs)} at the earliest, so this date is past and nothing is waited for.`,
          remedy: 'Put the dates in their order, or name a later one.',
        },
      ];
    }),
  );
}

/** By position, in milliseconds of the coachee's own clock: -Infinity where nothing is known, Infinity where nothing leads. */
function earliestArrivals({ steps, ways, sudden }: Graph): number[] {
  const earliest = steps.map(() => Number.POSITIVE_INFINITY);
  const open = new Set([0, ...sudden]);
  for (const position of open) earliest[position] = Number.NEGATIVE_INFINITY;
  // A set's loop also comes to what is added meanwhile; leaving takes no less time than none, so it ends.
  for (const position of open) {
    open.delete(position);
    for (const { to, exit } of ways[position] ?? []) {
      const arrivalMs = leavingMs(earliest[position] ?? 0, exit);
      if (arrivalMs >= (earliest[to] ?? 0)) continue;
      earliest[to] = arrivalMs;
      open.add(to);
    }
  }
  return earliest;
}

function leavingMs(arrivalMs: number, { lasts, notBefore }: Exit): number {
  const heldMs = arrivalMs + (lasts?.least ?? 0) * 1000;
  return notBefore ? Math.max(heldMs, momentMs(notBefore)) : heldMs;
}

/** As if the coachee's clock were that of UTC; -Infinity where the calendar has no such day. */
function momentMs({ date, time }: { date: string; time: string }): number {
  const ms = Date.parse(`${date}T${time}Z`);
  return Number.isNaN(ms) ? Number.NEGATIVE_INFINITY : ms;
}

function readable(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
}
