/** Published versions of programs, which never change. */
import { isDeepStrictEqual } from 'node:util';
import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { z } from 'zod';
import type { Page, PageQuery } from '../contracts/http.ts';
import { newId, type ProgramId, type ProgramVersionId, type UserId } from '../contracts/ids.ts';
import { type ProgramContent, programDefinition } from '../contracts/programs.ts';
import { type Program, ProgramVersion } from '../db/entities/programs.ts';
import type { ProgramDefinition } from '../domain/journeys/definition.ts';
import { type DefinitionChange, diffDefinitions } from '../domain/journeys/diff/diff.ts';
import type { Finding } from '../domain/journeys/lint/findings.ts';
import { isPublishable, lint } from '../domain/journeys/lint/lint.ts';
import { CairnError, conflict, notFound } from '../errors.ts';
import { decodeCursor, toPage } from './paging.ts';
import { findWithDraft, getProgram, parseDraft, publishedBySlug, refuseStale, replaceDraft } from './programs.ts';

export interface Publication {
  version: ProgramVersion;
  definition: ProgramDefinition;
  /** False: the draft is what the newest version says already. */
  isNew: boolean;
}

/**
 * Makes the draft a version, which never changes; an unchanged draft gives the newest version again.
 * @throws CairnError `notFound`; `invalid` with lint's findings when there are errors among them; `conflict` when `revision` is not the draft's.
 */
export const publish = async (
  em: EntityManager,
  id: ProgramId,
  { revision, note, publishedBy }: { revision: number | null; note: string; publishedBy: UserId | null },
): Promise<Publication> => {
  const program = await findWithDraft(em, id, LockMode.PESSIMISTIC_WRITE);
  refuseStale(program, revision);
  const definition = parseDraft(program);
  const newest = await newestOf(em, program);
  if (newest && isDeepStrictEqual(newest.definition, program.draft)) {
    return { version: newest, definition, isNew: false };
  }
  refuseFaulty(lint(definition), 'publishing');
  const version = await addVersion(em, program, { definition, note, publishedBy });
  return { version, definition, isNew: true };
};

/**
 * Publishes what an earlier version says as a new version. The draft stays as it is, unless it has no changes since the newest version: then
 * it goes back too. The newest version itself is given back as it is.
 * @throws CairnError `notFound`; `invalid` when lint finds errors in the old version by now; `conflict` when the draft would take a slug that
 * another program has.
 */
export const rollBack = async (
  em: EntityManager,
  id: ProgramId,
  { to, note, publishedBy }: { to: number; note: string; publishedBy: UserId | null },
): Promise<Publication> => {
  const program = await findWithDraft(em, id, LockMode.PESSIMISTIC_WRITE);
  const old = await getVersion(em, id, to);
  const definition = old.definition as ProgramDefinition;
  const newest = await newestOf(em, program);
  if (newest && isDeepStrictEqual(newest.definition, definition)) return { version: newest, definition, isNew: false };
  refuseFaulty(lint(definition), 'publishing it again');
  if (newest && isDeepStrictEqual(newest.definition, program.draft)) await replaceDraft(em, program, definition);
  const version = await addVersion(em, program, { definition, note, publishedBy });
  return { version, definition, isNew: true };
};

const newestOf = async (em: EntityManager, { id, publishedVersion }: Program): Promise<ProgramVersion | null> =>
  publishedVersion == null ? null : await getVersion(em, id, publishedVersion);

const addVersion = async (
  em: EntityManager,
  program: Program,
  { definition, note, publishedBy }: { definition: ProgramDefinition; note: string; publishedBy: UserId | null },
): Promise<ProgramVersion> => {
  const version = em.create(ProgramVersion, {
    id: newId<ProgramVersionId>(),
    creatorId: program.creatorId,
    programId: program.id,
    version: (program.publishedVersion ?? 0) + 1,
    definition,
    notes: note,
    publishedBy,
    createdAt: new Date(),
  });
  program.publishedVersion = version.version;
  await em.flush();
  return version;
};

/**
 * Refuses a definition with errors, such as a cycle without a wait. `purpose`: what they must be mended before.
 * @throws CairnError `invalid` with the findings.
 */
export const refuseFaulty = (findings: Finding[], purpose: string): void => {
  if (isPublishable(findings)) return;
  const errors = findings.filter(({ severity }) => severity === 'error');
  throw new CairnError('invalid', `The program has errors: mend them before ${purpose}.`, {
    fields: errors.map(({ path, message, code }) => ({ path: `definition.${path}`, message, code })),
    detail: { findings },
  });
};

export interface VersionRow {
  version: ProgramVersion;
  title: string;
}

const versionCursor = z.tuple([z.int32()]);

/** A page of versions without their definitions, the newest first. Throws CairnError `notFound` when the program is not there. */
export const listVersions = async (
  em: EntityManager,
  programId: ProgramId,
  { limit, cursor }: PageQuery,
): Promise<Page<VersionRow>> => {
  await getProgram(em, programId);
  const before = cursor === undefined ? null : decodeCursor(cursor, versionCursor)[0];
  const versions = await em.find(
    ProgramVersion,
    { programId, ...(before !== null && { version: { $lt: before } }) },
    { orderBy: { version: 'desc' }, limit: limit + 1 },
  );
  const page = toPage(versions, limit, ({ version }) => [version]);
  const titles = await titlesOf(
    em,
    page.items.map(({ id }) => id),
  );
  return { ...page, items: page.items.map((version) => ({ version, title: titles.get(version.id) ?? '' })) };
};

const titlesOf = async (em: EntityManager, ids: ProgramVersionId[]): Promise<Map<ProgramVersionId, string>> => {
  if (ids.length === 0) return new Map();
  const rows = await em.execute<{ id: ProgramVersionId; title: string }[]>(
    `select id, definition->>'title' as title from program_versions where id in (${ids.map(() => '?').join(', ')})`,
    ids,
  );
  return new Map(rows.map(({ id, title }) => [id, title]));
};

/** A version with its definition. Throws CairnError `notFound`. */
export const getVersion = async (em: EntityManager, programId: ProgramId, version: number) => {
  const found = await em.findOne(ProgramVersion, { programId, version }, { populate: ['definition'] });
  if (!found) throw notFound('program version');
  return found;
};

/** What a version or the draft says. Throws CairnError `notFound`, and `invalid` when the draft is of a shape no longer understood. */
export const getContent = async (
  em: EntityManager,
  id: ProgramId,
  content: ProgramContent,
): Promise<ProgramDefinition> =>
  content === 'draft'
    ? parseDraft(await findWithDraft(em, id))
    : withDefaults((await getVersion(em, id, content)).definition as ProgramDefinition);

/** The newest version of the program with that slug; null: none is published. */
export const publishedDefinition = async (em: EntityManager, slug: string): Promise<ProgramDefinition | null> => {
  const id = await publishedBySlug(em, slug);
  const { publishedVersion } = id ? await getProgram(em, id) : {};
  return id && publishedVersion != null ? getContent(em, id, publishedVersion) : null;
};

/** Defaults that the schema has got since: without them an old version would seem to differ from a draft that says the same. */
const withDefaults = (published: ProgramDefinition): ProgramDefinition =>
  programDefinition.safeParse(published).data ?? published;

export interface ProgramDiff {
  from: ProgramContent;
  to: ProgramContent;
  changes: DefinitionChange[];
}

/** What differs; `from` is the newest version where it is not given. Throws CairnError as `getContent`, and `conflict` when there is no version. */
export const diffProgram = async (
  em: EntityManager,
  id: ProgramId,
  given: { from?: ProgramContent | undefined; to: ProgramContent },
): Promise<ProgramDiff> => {
  const { publishedVersion } = await getProgram(em, id);
  const from = given.from ?? publishedVersion;
  if (from == null) throw conflict('This program is not published yet: there is nothing to compare with.');
  const changes = diffDefinitions(await getContent(em, id, from), await getContent(em, id, given.to));
  return { from, to: given.to, changes };
};
