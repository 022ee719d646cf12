/** Programs over HTTP: drafts, lint, versions, simulation. */
import { z } from 'zod';
import type { DefinitionChange } from '../domain/journeys/diff/diff.ts';
import type { Finding } from '../domain/journeys/lint/findings.ts';
import { pageQuery } from './http.ts';
import { programId, programVersionId, userId } from './ids.ts';
import { programDefinition, programSlug } from './program-definition.ts';
import { fileFormat } from './program-files.ts';
import { persona, population, simulation, simulationReport } from './simulation.ts';

export { type ProgramDefinitionInput, programDefinition } from './program-definition.ts';
export { persona } from './simulation.ts';

const instant = z.iso.datetime();
/** Counted from 1 within its program. */
const versionNumber = z.int32().min(1);

export const finding: z.ZodType<Finding> = z
  .object({
    code: z.string(),
    severity: z.enum(['error', 'warning']),
    stepKey: z.string().nullable(),
    /** From the definition's root: `steps.3.cases.0.goTo`. */
    path: z.string(),
    message: z.string(),
    remedy: z.string(),
  })
  .meta({ id: 'LintFinding' });

/** GET /v1/programs. `slug`: only the program of that slug. */
export const programQuery = pageQuery.extend({ slug: programSlug.optional() });
export type ProgramQuery = z.output<typeof programQuery>;

/** POST /v1/programs: a new program with its first draft. */
export const createProgramRequest = z.strictObject({ definition: programDefinition });

/** PUT /v1/programs/:id/draft. `revision`: the one that was edited; another in the store means somebody else was faster. */
export const putDraftRequest = z.strictObject({ definition: programDefinition, revision: z.int().min(1).optional() });

export const program = z
  .object({
    id: programId,
    title: z.string(),
    /** Of the draft: what files and other programs call it. */
    slug: z.string().nullable(),
    language: z.string(),
    /** Number of the newest published version; null before the first. */
    publishedVersion: z.int().min(1).nullable(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Program' });

export const programDraft = z
  .object({
    programId,
    revision: z.int().min(1),
    definition: programDefinition,
    updatedAt: instant,
    findings: z.array(finding),
  })
  .meta({ id: 'ProgramDraft' });

/** POST /v1/programs/:id/lint: of the draft, or of the definition that is sent along. */
export const lintRequest = z.strictObject({ definition: programDefinition.optional() });
export const lintResponse = z
  .object({ publishable: z.boolean(), findings: z.array(finding) })
  .meta({ id: 'LintReport' });

const note = z.string().trim().max(500);

/**
 * POST /v1/programs/:id/publish. `note`: what changed, for those who read the list of versions. `traces`: `accept` takes what the draft does
 * now for what it shall do; by default a difference from a golden trace refuses the publication.
 */
export const publishRequest = z.strictObject({
  note: note.optional(),
  revision: z.int().min(1).optional(),
  traces: z.enum(['check', 'accept']).optional(),
});

/** POST /v1/programs/:id/rollback: publishes what `version` says as a new version. */
export const rollbackRequest = z.strictObject({ version: versionNumber, note: note.optional() });

/** One content of a program: a version by its number, or the draft. */
export const programContent = z.union([z.literal('draft'), z.coerce.number().pipe(versionNumber)]);
export type ProgramContent = z.output<typeof programContent>;

export const diffQuery = z.strictObject({
  from: programContent.optional().meta({ description: 'A version or `draft`; by default the newest version' }),
  to: programContent.default('draft').meta({ description: 'A version or `draft`, which is the default' }),
});

const definitionChange: z.ZodType<DefinitionChange> = z
  .object({
    kind: z.enum(['added', 'removed', 'moved', 'changed']),
    stepKey: z.string().nullable(),
    /** Steps and signals by their names: `steps.welcome.buttons.0.label`. */
    path: z.string(),
    /** For `moved`: the name of what it stood behind. */
    before: z.any(),
    after: z.any(),
    summary: z.string(),
  })
  .meta({ id: 'DefinitionChange' });

export const programDiff = z
  .object({ programId, from: programContent, to: programContent, changes: z.array(definitionChange) })
  .meta({ id: 'ProgramDiff' });

export const exportQuery = z.strictObject({
  format: fileFormat.default('json'),
  version: programContent.default('draft').meta({ description: 'A version or `draft`, which is the default' }),
});

export const programImport = z
  .object({
    program,
    /** False: a program of that slug was there, and its draft was replaced. */
    created: z.boolean(),
    revision: z.int().min(1),
    findings: z.array(finding),
  })
  .meta({ id: 'ProgramImport' });

export const programVersion = z
  .object({
    id: programVersionId,
    programId,
    /** Counted from 1 within its program; a version never changes. */
    number: z.int().min(1),
    title: z.string(),
    note: z.string().nullable(),
    publishedAt: instant,
    publishedBy: userId.nullable(),
  })
  .meta({ id: 'ProgramVersion' });

export const programVersionWithDefinition = programVersion
  .extend({ definition: programDefinition })
  .meta({ id: 'ProgramVersionWithDefinition' });

/**
 * POST /v1/programs/:id/simulate: of the draft, of a published version by number, or of the definition sent along. Transcripts come of all `personas`, and
 * of the first `transcripts` of a `population`.
 */
export const simulateRequest = z
  .strictObject({
    definition: programDefinition.optional(),
    version: z.int().min(1).optional(),
    personas: z.array(persona).min(1).max(100).optional(),
    population: population.optional(),
    transcripts: z.int().min(0).max(20).default(3),
    maxDays: z.int().min(1).max(400).optional(),
  })
  .refine(({ definition, version }) => definition === undefined || version === undefined, {
    path: ['version'],
    message: 'either a definition or a version, not both',
  })
  .refine((given) => (given.personas === undefined) !== (given.population === undefined), {
    path: ['personas'],
    message: 'either personas or a population',
  });

export const simulateResponse = z
  .object({ simulations: z.array(simulation), report: simulationReport })
  .meta({ id: 'SimulateResponse' });

export type SimulateRequest = z.output<typeof simulateRequest>;
