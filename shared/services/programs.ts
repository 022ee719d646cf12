/** Programs: a draft that changes, under a revision that tells two editors apart, and versions that never do. */
import { isDeepStrictEqual } from 'node:util';
import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { z } from 'zod';
import { fieldErrors } from '../contracts/field-errors.ts';
import type { Page, PageQuery } from '../contracts/http.ts';
import { type CreatorId, newId, type ProgramId, type ProgramVersionId, type UserId } from '../contracts/ids.ts';
import { programDefinition } from '../contracts/programs.ts';
import { Program, ProgramVersion } from '../db/entities/programs.ts';
import type { ProgramDefinition } from '../domain/journeys/definition.ts';
import type { Finding } from '../domain/journeys/findings.ts';
import { isPublishable, lint } from '../domain/journeys/lint.ts';
import { CairnError, conflict, invalid, notFound } from '../errors.ts';
import { decodeCursor, idAfter, toPage } from './paging.ts';

/** A program as lists show it: without its draft, which may have half a megabyte. */
export interface ProgramSummary {
  program: Program;
  /** BCP 47, of the draft. */
  language: string;
}

/** A page of programs, the newest first. */
export const listPrograms = async (em: EntityManager, { limit, cursor }: PageQuery): Promise<Page<ProgramSummary>> => {
  const before = idAfter<ProgramId>(cursor);
  const where = before ? { id: { $lt: before } } : {};
  const programs = await em.find(Program, where, { orderBy: { id: 'desc' }, limit: limit + 1 });
  const page = toPage(programs, limit, ({ id }) => [id]);
  return { ...page, items: await withLanguages(em, page.items) };
};

/** Throws CairnError `notFound`. */
export const getProgram = async (em: EntityManager, id: ProgramId): Promise<ProgramSummary> => {
  const [summary] = await withLanguages(em, [await find(em, id)]);
  if (!summary) throw notFound('program');
  return summary;
};

const withLanguages = async (em: EntityManager, programs: Program[]): Promise<ProgramSummary[]> => {
  if (programs.length === 0) return [];
  const rows = await em.execute<{ id: ProgramId; language: string | null }[]>(
    `select id, draft->>'language' as language from programs where id in (${programs.map(() => '?').join(', ')})`,
    programs.map(({ id }) => id),
  );
  const languages = new Map(rows.map(({ id, language }) => [id, language]));
  return programs.map((program) => ({ program, language: languages.get(program.id) ?? 'en' }));
};

/** Makes a program with its first draft, which may not lint clean yet. */
export const createProgram = async (
  em: EntityManager,
  creatorId: CreatorId,
  definition: ProgramDefinition,
): Promise<ProgramSummary> => {
  const id = newId<ProgramId>();
  await em.insert(Program, { id, creatorId, title: definition.title, draft: definition, draftRevision: 1 });
  return getProgram(em, id);
};

export interface Draft {
  programId: ProgramId;
  revision: number;
  definition: ProgramDefinition;
  updatedAt: Date;
  findings: Finding[];
}

/** The draft with what lint says of it. Throws CairnError `notFound`, and `invalid` when the draft is of a shape no longer understood. */
export const getDraft = async (em: EntityManager, id: ProgramId): Promise<Draft> =>
  toDraft(await findWithDraft(em, id));

/**
 * Replaces the draft. `revision`: the one that was edited; null overwrites whatever is there.
 * @throws CairnError `notFound`, and `conflict` with both revisions and the draft that is there when somebody else was faster.
 */
export const saveDraft = async (
  em: EntityManager,
  id: ProgramId,
  definition: ProgramDefinition,
  revision: number | null,
): Promise<Draft> => {
  const program = await findWithDraft(em, id, LockMode.PESSIMISTIC_WRITE);
  refuseStale(program, revision);
  program.draft = definition;
  program.title = definition.title;
  program.draftRevision += 1;
  await em.flush();
  return toDraft(program);
};

const refuseStale = (program: Program, revision: number | null): void => {
  if (revision === null || revision === program.draftRevision) return;
  throw conflict('Somebody else has saved this draft meanwhile.', {
    yourRevision: revision,
    currentRevision: program.draftRevision,
    currentDraft: program.draft,
  });
};

const find = async (em: EntityManager, id: ProgramId): Promise<Program> => {
  const program = await em.findOne(Program, { id });
  if (!program) throw notFound('program');
  return program;
};

const findWithDraft = async (em: EntityManager, id: ProgramId, lockMode?: LockMode.PESSIMISTIC_WRITE) => {
  const program = await em.findOne(
    Program,
    { id },
    { populate: ['draft'], ...(lockMode !== undefined && { lockMode }) },
  );
  if (!program) throw notFound('program');
  return program;
};

const toDraft = (program: Program): Draft => {
  const definition = parseDraft(program);
  const { id: programId, draftRevision: revision, updatedAt } = program;
  return { programId, revision, definition, updatedAt, findings: lint(definition) };
};

const parseDraft = ({ draft }: Program): ProgramDefinition => {
  const parsed = programDefinition.safeParse(draft);
  if (parsed.success) return parsed.data;
  throw invalid('The draft does not fit: save it anew.', fieldErrors(parsed.error));
};

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
  const newest = program.publishedVersion == null ? null : await getVersion(em, id, program.publishedVersion);
  if (newest && isDeepStrictEqual(newest.definition, program.draft)) {
    return { version: newest, definition, isNew: false };
  }
  refuseFaulty(lint(definition));
  const version = em.create(ProgramVersion, {
    id: newId<ProgramVersionId>(),
    creatorId: program.creatorId,
    programId: id,
    version: (program.publishedVersion ?? 0) + 1,
    definition,
    notes: note,
    publishedBy,
    createdAt: new Date(),
  });
  program.publishedVersion = version.version;
  await em.flush();
  return { version, definition, isNew: true };
};

const refuseFaulty = (findings: Finding[]): void => {
  if (isPublishable(findings)) return;
  const errors = findings.filter(({ severity }) => severity === 'error');
  throw new CairnError('invalid', 'The draft has errors: mend them before publishing.', {
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
