/** Rounds that nothing slows down: steps that lead back to themselves with neither time nor a person in between. */
import { type Finding, pathInStep } from './findings.ts';
import type { Graph } from './graph.ts';

export function checkRounds({ steps, ways }: Graph): Finding[] {
  const hurried = ways.map((from) => from.filter(({ exit }) => exit.pause === 'none').map(({ to }) => to));
  return roundsOf(hurried).map((round) => {
    const keys = round.map((position) => steps[position]?.key ?? '');
    return {
      code: 'cycleWithoutWait',
      severity: 'error',
      stepKey: keys[0] ?? null,
      path: pathInStep(round[0] ?? 0, []),
      message: `These steps go round without a pause: ${[...keys, keys[0]].join(' -> ')}.`,
      remedy: 'Put a wait of a minute or more, or a question, into the round, or lead it elsewhere.',
    };
  });
}

/** Rounds that share no step, each from its first step on; `exits[i]` are the positions that i leads to. */
function roundsOf(exits: number[][]): number[][] {
  const left = new Set(exits.keys());
  const rounds: number[][] = [];
  for (;;) {
    dropDeadEnds(exits, left);
    const [start] = left;
    if (start === undefined) return rounds;
    const round = roundFrom(start, exits, left);
    rounds.push(round);
    for (const position of round) left.delete(position);
  }
}

/** Leaves only steps from which one can go on within `left` for ever. */
function dropDeadEnds(exits: number[][], left: Set<number>): void {
  const sources = new Map<number, number[]>();
  const ways = new Map<number, number>();
  for (const position of left) {
    const onward = (exits[position] ?? []).filter((to) => left.has(to));
    ways.set(position, onward.length);
    for (const to of onward) sources.set(to, [...(sources.get(to) ?? []), position]);
  }
  const dead = [...left].filter((position) => ways.get(position) === 0);
  for (let position = dead.pop(); position !== undefined; position = dead.pop()) {
    left.delete(position);
    for (const source of sources.get(position) ?? []) {
      const remaining = (ways.get(source) ?? 0) - 1;
      ways.set(source, remaining);
      if (remaining === 0) dead.push(source);
    }
  }
}

function roundFrom(start: number, exits: number[][], left: Set<number>): number[] {
  const walked: number[] = [];
  let position: number | undefined = start;
  while (position !== undefined && !walked.includes(position)) {
    walked.push(position);
    position = exits[position]?.find((to) => left.has(to));
  }
  const round = walked.slice(walked.indexOf(position ?? start));
  const first = round.indexOf(Math.min(...round));
  return [...round.slice(first), ...round.slice(0, first)];
}
