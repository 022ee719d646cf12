/** Texts that are blank when their variables have no value: such a message could not be sent. */

import { kindOf } from '../steps/index.ts';
import { couldBeBlank, variablesOf } from '../templates.ts';
import { type Graph, positionsOf, reachedFrom } from './graph.ts';

/** Whether a text of the step at that position may turn out blank. */
export type MayBeBlank = (template: string, position: number) => boolean;

/** By the program's graph: a variable that a step on every way there has surely filled with words is as good as words. */
export function blankness(graph: Graph): MayBeBlank {
  const isGiven = surelyGiven(graph);
  return (template, position) =>
    couldBeBlank(template) && !variablesOf(template).some(({ path }) => isGiven(path, position));
}

function surelyGiven(graph: Graph): (variable: string[], position: number) => boolean {
  const positions = positionsOf(graph.steps);
  const around = new Map<number, Set<number>>();
  return ([root, name = '', field = ''], position) => {
    const giver = root === 'results' ? positions.get(name) : undefined;
    const step = giver === undefined ? undefined : graph.steps[giver];
    if (giver === undefined || !step || !kindOf(step).neverBlank?.includes(field)) return false;
    const reached = around.get(giver) ?? reachedWithout(graph, giver);
    around.set(giver, reached);
    return giver !== position && !reached.has(position);
  };
}

/** Where the journey may be although it has never gone on from that step. */
function reachedWithout(graph: Graph, position: number): Set<number> {
  const ways = graph.ways.map((onward, i) => (i === position ? [] : onward));
  return reachedFrom({ ...graph, ways }, [0], true);
}
