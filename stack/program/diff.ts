import { styleText } from 'node:util';
import { pageOf } from '../../shared/contracts/http.ts';
import { program, programVersionWithDefinition } from '../../shared/contracts/programs.ts';
import type { ProgramDefinition } from '../../shared/domain/journeys/definition.ts';
import { type DefinitionChange, diffDefinitions } from '../../shared/domain/journeys/diff/diff.ts';
import { say } from '../progress.ts';
import { signIn } from './api-client.ts';
import { tellFindings } from './findings.ts';
import { readSource } from './source.ts';

const MARKS = { added: '+', removed: '-', moved: '>', changed: '~' } as const;
const COLORS = { added: 'green', removed: 'red', moved: 'cyan', changed: 'yellow' } as const;

/** Tells what differs between two files; errors of meaning in them do not matter. */
export const diffWithFile = async (before: string, after: string): Promise<number> => {
  const definitions = [await readDefinition(before), await readDefinition(after)];
  const [from, to] = definitions;
  if (!from || !to) return 1;
  tellChanges(diffDefinitions(from, to), `${before} and ${after}`);
  return 0;
};

/** Tells what differs between the published version of the file's slug and the file. */
export const diffWithPublished = async (file: string, api: string): Promise<number> => {
  const definition = await readDefinition(file);
  if (!definition) return 1;
  const { slug } = definition;
  if (slug === undefined) throw new Error(`${file} has no slug, by which its published version could be found`);
  const client = await signIn(api);
  const [found] = (await client.get(`/v1/programs?slug=${slug}`, pageOf('Program', program))).items;
  if (!found?.publishedVersion) {
    say(`${slug} is not published yet.`);
    return 0;
  }
  const { id, publishedVersion } = found;
  const version = await client.get(`/v1/programs/${id}/versions/${publishedVersion}`, programVersionWithDefinition);
  tellChanges(diffDefinitions(version.definition, definition), `version ${publishedVersion} of ${slug} and ${file}`);
  return 0;
};

const readDefinition = async (file: string): Promise<ProgramDefinition | null> => {
  const { definition, findings } = await readSource(file);
  if (!definition) tellFindings(file, findings);
  return definition;
};

const tellChanges = (changes: DefinitionChange[], between: string): void => {
  for (const { kind, summary } of changes) say(`${styleText(COLORS[kind], MARKS[kind])} ${summary}`);
  const count = changes.length === 0 ? 'Nothing differs' : `${changes.length} change${changes.length === 1 ? '' : 's'}`;
  say(`${count} between ${between}.`);
};
