/** Puts the programs that come with Cairn in, with their golden traces, and publishes them. */
import { isDeepStrictEqual } from 'node:util';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { CreatorId } from '../shared/contracts/ids.ts';
import { Program, ProgramVersion } from '../shared/db/entities/programs.ts';
import { putTrace } from '../shared/services/golden-traces.ts';
import { publish } from '../shared/services/program-versions.ts';
import { importProgram } from '../shared/services/programs.ts';
import type { DemoProgram } from './demo-programs.ts';
import { readTraces } from './program/traces-file.ts';

/**
 * What was published once stays as people have made it since; a file that says something new becomes a new version. Traces are read with those only:
 * they are long, and every start comes here.
 */
export const seedPrograms = async (em: EntityManager, creatorId: CreatorId, programs: DemoProgram[]): Promise<void> => {
  for (const one of programs) {
    if (!(await wasPublished(em, one))) await seedProgram(em, creatorId, one);
  }
};

const wasPublished = async (em: EntityManager, { slug, definition }: DemoProgram): Promise<boolean> => {
  const program = await em.findOne(Program, { slug });
  if (!program) return false;
  const versions = await em.find(ProgramVersion, { programId: program.id }, { populate: ['definition'] });
  return versions.some((version) => isDeepStrictEqual(version.definition, definition));
};

const seedProgram = async (
  em: EntityManager,
  creatorId: CreatorId,
  { file, definition }: DemoProgram,
): Promise<void> => {
  const { program } = await importProgram(em, creatorId, definition, null);
  for (const { name, persona, expected } of (await readTraces(file))?.traces ?? []) {
    await putTrace(em, program.id, name, { persona, expected: expected ?? '' });
  }
  await publish(em, program.id, { revision: null, note: 'Comes with Cairn', publishedBy: null });
};
