/**
 * Reads a definition for what no schema can see: `lint(definition) -> Finding[]`. It presumes a parsed definition, whose
 * shape zod has checked. A definition without errors cannot get stuck: every step it can reach leads on, asks, waits or ends.
 * docs/lint.md lists what it finds.
 */
import type { ProgramDefinition } from './definition.ts';
import { type Finding, stepFinding } from './findings.ts';
import { blankness } from './lint-blank.ts';
import { checkDates } from './lint-dates.ts';
import { graphOf } from './lint-graph.ts';
import { checkNames } from './lint-names.ts';
import { checkReach } from './lint-reach.ts';
import { checkRounds } from './lint-rounds.ts';
import { checkStep } from './lint-step.ts';
import { checkTranslations } from './lint-translations.ts';
import { checkVariables } from './lint-variables.ts';
import { checkWatches } from './lint-watches.ts';
import { checkWhatsAppWindow } from './lint-whatsapp.ts';

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
