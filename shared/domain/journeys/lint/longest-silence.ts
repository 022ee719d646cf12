/** For how long a coachee may have been silent when a journey comes to a step: the longest on any way. */
import type { Graph, Way } from './graph.ts';

export interface Silence {
  /** By position: seconds since the coachee last wrote, never more than `mostSeconds`; -1 where nothing leads. */
  seconds: number[];
  /** By position: the step before it on the way of the longest silence; null where that begins. */
  before: (number | null)[];
}

/** More rounds of a `repeat` than this are taken for as long as can be. */
const ROUNDS_MAX = 100;

/**
 * Silence counts from the coachee's last word: 0 behind an answer, `atStartSeconds` at the first step, and `mostSeconds` where a signal or a watched
 * exit leads. What is longer than `mostSeconds` does not matter. A repeat is taken as often as it may be, one within another
 * as often as both together.
 */
export function longestSilence(graph: Graph, atStartSeconds: number, mostSeconds: number): Silence {
  const silence: Silence = { seconds: graph.steps.map(() => -1), before: graph.steps.map(() => null) };
  const raise = (to: number, seconds: number, from: number | null) => {
    if (seconds <= (silence.seconds[to] ?? 0)) return false;
    silence.seconds[to] = Math.min(seconds, mostSeconds);
    silence.before[to] = from;
    return true;
  };
  const follow = (from: number, { to, exit }: Way) =>
    exit.written
      ? raise(to, 0, null)
      : raise(to, Math.min((silence.seconds[from] ?? 0) + (exit.lasts?.most ?? 0), mostSeconds), from);
  const backward = boundedWays(graph);
  raise(0, atStartSeconds, null);
  for (const position of graph.sudden) raise(position, mostSeconds, null);
  let open = [...new Set([0, ...graph.sudden])];
  for (let round = 0; open.length > 0; round += 1) {
    settle(graph, open, follow, (position) => raise(position, mostSeconds, silence.before[position] ?? null));
    open = backward.flatMap(({ from, way, most }) => {
      if (round >= most || (silence.seconds[from] ?? -1) < 0) return [];
      const grown = round < ROUNDS_MAX ? follow(from, way) : raise(way.to, mostSeconds, from);
      return grown ? [way.to] : [];
    });
  }
  return silence;
}

/** Follows every way but those of repeats until nothing grows; what grows more often than there are steps goes round for ever. */
function settle(
  { ways }: Graph,
  from: number[],
  follow: (from: number, way: Way) => boolean,
  saturate: (position: number) => void,
): void {
  const grown = new Map<number, number>();
  const open = new Set(from);
  for (const position of open) {
    open.delete(position);
    for (const way of ways[position] ?? []) {
      if (way.exit.rounds !== undefined || !follow(position, way)) continue;
      const times = (grown.get(way.to) ?? 0) + 1;
      grown.set(way.to, times);
      if (times > ways.length) saturate(way.to);
      open.add(way.to);
    }
  }
}

interface BoundedWay {
  from: number;
  way: Way;
  /** How often it is taken at most, those repeats counted that it stands within. */
  most: number;
}

function boundedWays({ ways }: Graph): BoundedWay[] {
  const all = ways.flatMap((exits, from) =>
    exits.flatMap((way) => (way.exit.rounds === undefined ? [] : [{ from, way, rounds: way.exit.rounds }])),
  );
  return all.map(({ from, way }) => {
    const around = all.filter((other) => other.way.to <= from && from <= other.from);
    return { from, way, most: around.reduce((product, { rounds }) => product * (rounds + 1), 1) };
  });
}
