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

/** What lists show of a program. */
export type ProgramSummary = Pick<
  Program,
  'id' | 'title' | 'language' | 'publishedVersion' | 'createdAt' | 'updatedAt'
>;

/** A page of programs, the newest first. Rows without entities: the dashboard asks for this on every visit (docs/bench.md, `api`). */
export const listPrograms = async (em: EntityManager, { limit, cursor }: PageQuery): Promise<Page<ProgramSummary>> => {
  const rows = await em.execute<ProgramRow[]>(
    `select id, title, language, published_version as "publishedVersion", created_at as "createdAt", updated_at as "updatedAt"
     from programs where :before::uuid is null or id < :before::uuid order by id desc limit :most`,
    { before: idAfter<ProgramId>(cursor), most: limit + 1 },
  );
  return toPage(rows.map(toSummary), limit, ({ id }) => [id]);
};

type ProgramRow = Omit<ProgramSummary, 'createdAt' | 'updatedAt'> & { createdAt: string; updatedAt: string };

const toSummary = (row: ProgramRow): ProgramSummary => ({
  ...row,
  createdAt: new Date(row.createdAt),
  updatedAt: new Date(row.updatedAt),
});

/** Without its draft. Throws CairnError `notFound`. */
export const getProgram = async (em: EntityManager, id: ProgramId): Promise<Program> => {
  const program = await em.findOne(Program, { id });
  if (!program) throw notFound('program');
  return program;
};

/** Makes a program with its first draft, which may not lint clean yet. */
export const createProgram = async (
  em: EntityManager,
  creatorId: CreatorId,
  definition: ProgramDefinition,
): Promise<Program> => {
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

/** The program whose newest version has that slug; null: none is published. */
export const publishedBySlug = async (em: EntityManager, slug: string): Promise<ProgramId | null> => {
  const [row] = await em.execute<{ id: ProgramId }[]>(
    `select p.id from programs p join program_versions v on v.program_id = p.id and v.version = p.published_version
     where v.definition ->> 'slug' = ? order by p.id limit 1`,
    [slug],
  );
  return row?.id ?? null;
};
