/** The programs that come with Cairn, each a file of stack/programs with its golden traces beside it. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProgramDefinition } from '../shared/domain/journeys/definition.ts';
import { ROOT } from './paths.ts';
import { readSource } from './program/source.ts';

const FOLDER = join(ROOT, 'stack/programs');

export interface DemoProgram {
  file: string;
  slug: string;
  definition: ProgramDefinition;
}

/** In the order of their names. Throws an Error that names the file which is none. */
export const readDemoPrograms = async (): Promise<DemoProgram[]> => {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.yaml') && !name.endsWith('.traces.yaml'));
  return Promise.all(names.sort().map((name) => readDemoProgram(join(FOLDER, name))));
};

const readDemoProgram = async (file: string): Promise<DemoProgram> => {
  const { definition, findings } = await readSource(file);
  if (definition?.slug === undefined) throw new Error(`${file}: ${findings[0]?.message ?? 'it has no slug'}`);
  return { file, slug: definition.slug, definition };
};
