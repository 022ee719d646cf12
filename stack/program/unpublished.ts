/** Changes to a draft on the server that were never published: a file must not write over them unasked. */
import { programDraft } from '../../shared/contracts/programs.ts';
import type { ProgramDefinition } from '../../shared/domain/journeys/definition.ts';
import { diffDefinitions } from '../../shared/domain/journeys/diff/diff.ts';
import { say } from '../progress.ts';
import type { ApiClient } from './api-client.ts';
import { programOf, publishedOf, tellChanges } from './diff.ts';

/** Tells of them and gives true where there are some that the file does not have too. */
export const holdsUnpublished = async (
  client: ApiClient,
  slug: string,
  file: string,
  definition: ProgramDefinition,
): Promise<boolean> => {
  const found = await programOf(client, slug);
  if (!found) return false;
  const { definition: draft } = await client.get(`/v1/programs/${found.id}/draft`, programDraft);
  if (diffDefinitions(draft, definition).length === 0) return false;
  const { publishedVersion } = found;
  const published = publishedVersion === null ? null : await publishedOf(client, found.id, publishedVersion);
  const changes = published && diffDefinitions(published, draft);
  if (changes?.length === 0) return false;
  say(`The draft of ${slug} has changes that were never published and are not in ${file}:`);
  if (changes) tellChanges(changes, `version ${publishedVersion} and the draft`);
  say('Publish them or take them into the file first, or write over them with --overwrite.');
  return true;
};
