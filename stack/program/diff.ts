import { styleText } from 'node:util';
import type { z } from 'zod';
import { pageOf } from '../../shared/contracts/http.ts';
import type { ProgramId } from '../../shared/contracts/ids.ts';
import { program, programVersionWithDefinition } from '../../shared/contracts/programs.ts';
import type { ProgramDefinition } from '../../shared/domain/journeys/definition.ts';
import { type DefinitionChange, diffDefinitions } from '../../shared/domain/journeys/diff/diff.ts';
import { say } from '../progress.ts';
import { type ApiClient, signIn } from './api-client.ts';
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
  const found = await programOf(client, slug);
  if (!found?.publishedVersion) {
    say(`${slug} is not published yet.`);
    return 0;
  }
  const { publishedVersion } = found;
  const published = await publishedOf(client, found.id, publishedVersion);
  tellChanges(diffDefinitions(published, definition), `version ${publishedVersion} of ${slug} and ${file}`);
  return 0;
};

/** The program with that slug, if there is one. */
export const programOf = async (client: ApiClient, slug: string): Promise<z.output<typeof program> | null> =>
  (await client.get(`/v1/programs?slug=${slug}`, pageOf('Program', program))).items[0] ?? null;

/** What a version says. */
export const publishedOf = async (client: ApiClient, id: ProgramId, version: number): Promise<ProgramDefinition> =>
  (await client.get(`/v1/programs/${id}/versions/${version}`, programVersionWithDefinition)).definition;

const readDefinition = async (file: string): Promise<ProgramDefinition | null> => {
  const { definition, findings } = await readSource(file);
  if (!definition) tellFindings(file, findings);
  return definition;
};

export const tellChanges = (changes: DefinitionChange[], between: string): void => {
  for (const { kind, summary } of changes) say(`${styleText(COLORS[kind], MARKS[kind])} ${summary}`);
  const count = changes.length === 0 ? 'Nothing differs' : `${changes.length} change${changes.length === 1 ? '' : 's'}`;
  say(`${count} between ${between}.`);
};
