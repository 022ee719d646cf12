/** Programs and their drafts, which change under a revision that tells two editors apart. */
import { type EntityManager, LockMode, UniqueConstraintViolationException } from '@mikro-orm/postgresql';
import { fieldErrors } from '../contracts/field-errors.ts';
import type { Page } from '../contracts/http.ts';
import { type CreatorId, newId, type ProgramId } from '../contracts/ids.ts';
import { type ProgramQuery, programDefinition } from '../contracts/programs.ts';
import { Program } from '../db/entities/programs.ts';
import type { ProgramDefinition } from '../domain/journeys/definition.ts';
import { diffDefinitions } from '../domain/journeys/diff/diff.ts';
import type { Finding } from '../domain/journeys/lint/findings.ts';
import { lint } from '../domain/journeys/lint/lint.ts';
import { CairnError, conflict, invalid, notFound } from '../errors.ts';
import { idAfter, toPage } from './paging.ts';

/** What lists show of a program. */
export type ProgramSummary = Pick<
  Program,
  'id' | 'title' | 'slug' | 'language' | 'publishedVersion' | 'createdAt' | 'updatedAt'
>;

/** A page of programs, the newest first. Rows without entities: the dashboard asks for this on every visit (docs/bench.md, `api`). */
export const listPrograms = async (
  em: EntityManager,
  { limit, cursor, slug }: ProgramQuery,
): Promise<Page<ProgramSummary>> => {
  const rows = await em.execute<ProgramRow[]>(
    `select id, title, slug, language, published_version as "publishedVersion", created_at as "createdAt", updated_at as "updatedAt"
     from programs where (:before::uuid is null or id < :before::uuid) and (:slug::text is null or slug = :slug::text) order by id desc limit :most`,
    { before: idAfter<ProgramId>(cursor), slug: slug ?? null, most: limit + 1 },
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

/** Makes a program with its first draft, which may not lint clean yet. Throws CairnError `conflict` when another program has its slug. */
export const createProgram = async (
  em: EntityManager,
  creatorId: CreatorId,
  definition: ProgramDefinition,
): Promise<Program> => {
  const id = newId<ProgramId>();
  const row = { id, creatorId, title: definition.title, draft: definition, draftRevision: 1 };
  await refusingTakenSlug(() => em.insert(Program, row));
  return getProgram(em, id);
};

/** Does what writes a draft. Throws CairnError `conflict` when another program of the creator has its slug. */
const refusingTakenSlug = async <T>(write: () => Promise<T>): Promise<T> => {
  try {
    return await write();
  } catch (error) {
    const constraint = error instanceof UniqueConstraintViolationException && 'constraint' in error && error.constraint;
    if (constraint !== 'programs_slug') throw error;
    const taken = { path: 'definition.slug', message: 'Another program of yours has this slug.', code: 'taken' };
    throw new CairnError('conflict', 'Another program of yours has this slug.', { fields: [taken] });
  }
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
 * @throws CairnError `notFound`; `conflict` when another program has its slug, and, with both drafts and what differs between them, when
 * somebody else was faster.
 */
export const saveDraft = async (
  em: EntityManager,
  id: ProgramId,
  definition: ProgramDefinition,
  revision: number | null,
): Promise<Draft> => {
  const program = await findWithDraft(em, id, LockMode.PESSIMISTIC_WRITE);
  refuseStale(program, revision, definition);
  await replaceDraft(em, program, definition);
  return toDraft(program);
};

/** Writes a program's draft, whose row is locked. Throws as `refusingTakenSlug`. */
export const replaceDraft = async (em: EntityManager, program: Program, definition: ProgramDefinition) => {
  program.draft = definition;
  program.title = definition.title;
  program.draftRevision += 1;
  await refusingTakenSlug(() => em.flush());
};

export interface Import {
  program: Program;
  draft: Draft;
  /** False: the program of that slug was there, and its draft was replaced. */
  created: boolean;
}

/**
 * Makes a program of a file, or replaces the draft of the one that has its slug. `revision`: as for `saveDraft`.
 * @throws CairnError `conflict` as `saveDraft`, also when a revision is named of a program that is not there.
 */
export const importProgram = async (
  em: EntityManager,
  creatorId: CreatorId,
  definition: ProgramDefinition,
  revision: number | null,
): Promise<Import> => {
  const { slug } = definition;
  const there = slug === undefined ? null : await em.findOne(Program, { slug });
  if (there) {
    const draft = await saveDraft(em, there.id, definition, revision);
    // Its language is generated from the draft.
    return { program: await em.refreshOrFail(there), draft, created: false };
  }
  if (revision !== null) throw conflict('There is no program of that slug whose draft could have that revision.');
  const program = await createProgram(em, creatorId, definition);
  return { program, draft: await getDraft(em, program.id), created: true };
};

/** `sent`: the draft that would have taken the other's place. */
export const refuseStale = (program: Program, revision: number | null, sent?: ProgramDefinition): void => {
  if (revision === null || revision === program.draftRevision) return;
  const there = programDefinition.safeParse(program.draft);
  throw conflict('Somebody else has saved this draft meanwhile.', {
    yourRevision: revision,
    currentRevision: program.draftRevision,
    currentDraft: program.draft,
    ...(sent && { yourDraft: sent }),
    // From the draft that is there to the one that was sent.
    ...(sent && there.success && { changes: diffDefinitions(there.data, sent) }),
  });
};

/** With its draft; locked, where a mode is given. Throws CairnError `notFound`. */
export const findWithDraft = async (em: EntityManager, id: ProgramId, lockMode?: LockMode.PESSIMISTIC_WRITE) => {
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

/** Throws CairnError `invalid` when the draft is of a shape no longer understood. */
export const parseDraft = ({ draft }: Program): ProgramDefinition => {
  const parsed = programDefinition.safeParse(draft);
  if (parsed.success) return parsed.data;
  throw invalid('The draft does not fit: save it anew.', fieldErrors(parsed.error));
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
