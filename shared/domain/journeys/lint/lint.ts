/**
 * Reads a definition for what no schema can see: `lint(definition) -> Finding[]`. It presumes a parsed definition, whose
 * shape zod has checked. A definition without errors cannot get stuck: every step it can reach leads on, asks, waits or ends.
 * docs/lint.md lists what it finds.
 */
import type { ProgramDefinition } from '../definition.ts';
import { blankness } from './blank.ts';
import { checkDates } from './dates.ts';
import { type Finding, stepFinding } from './findings.ts';
import { graphOf } from './graph.ts';
import { checkHabits } from './habits.ts';
import { checkNames } from './names.ts';
import { checkReach } from './reach.ts';
import { checkRounds } from './rounds.ts';
import { checkStep } from './step.ts';
import { checkTranslations } from './translations.ts';
import { checkVariables } from './variables.ts';
import { checkWatches } from './watches.ts';
import { checkWhatsAppWindow } from './whatsapp.ts';

/** Everything that is wrong, in the order of the steps. */
export function lint(definition: ProgramDefinition): Finding[] {
  const graph = graphOf(definition);
  const mayBeBlank = blankness(graph);
  const findings = [
    ...checkNames(definition),
    ...checkWatches(definition),
    ...checkReach(graph),
    ...checkRounds(graph),
    ...checkDates(graph),
    ...checkVariables(definition, graph),
    ...checkHabits(definition),
    ...checkWhatsAppWindow(definition, graph),
    ...definition.steps.flatMap((step, i) =>
      checkStep(step, definition, (text) => mayBeBlank(text, i)).map((finding) => stepFinding(i, step.key, finding)),
    ),
    ...checkTranslations(definition, mayBeBlank),
  ];
  const position = new Map(definition.steps.map(({ key }, i) => [key, i]));
  const rank = ({ stepKey }: Finding) => (stepKey === null ? -1 : (position.get(stepKey) ?? 0));
  return findings.sort((a, b) => rank(a) - rank(b));
}

/** Whether a definition with these findings may be published. */
export function isPublishable(findings: Finding[]): boolean {
  return findings.every(({ severity }) => severity !== 'error');
}
