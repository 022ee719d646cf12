/** The programs that a simulation needs beside its own. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { ProgramDefinition } from '../../shared/domain/journeys/definition.ts';
import { publishedDefinition } from '../../shared/services/program-versions.ts';

/** More than anybody nests; the simulator goes on without the others. */
const PROGRAMS_MOST = 20;

/** The published definitions, by slug, of the subprograms of this one and of theirs. */
export const subprogramsOf = async (
  em: EntityManager,
  definition: ProgramDefinition,
): Promise<Record<string, ProgramDefinition>> => {
  const found: Record<string, ProgramDefinition> = Object.create(null);
  const asked = new Set<string>();
  const toAsk = slugsIn(definition);
  for (let slug = toAsk.shift(); slug !== undefined && asked.size < PROGRAMS_MOST; slug = toAsk.shift()) {
    if (asked.has(slug)) continue;
    asked.add(slug);
    const other = await publishedDefinition(em, slug);
    if (!other) continue;
    found[slug] = other;
    toAsk.push(...slugsIn(other));
  }
  return found;
};

const slugsIn = ({ steps }: ProgramDefinition): string[] =>
  steps.flatMap((step) => (step.type === 'subprogram' ? [step.program] : []));
