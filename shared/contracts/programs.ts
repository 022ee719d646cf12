/** Programs over HTTP: drafts, lint, versions, simulation. */
import { z } from 'zod';
import type { Finding } from '../domain/journeys/findings.ts';
import { programId, programVersionId, userId } from './ids.ts';
import { programDefinition } from './program-definition.ts';
import { persona, simulation } from './simulation.ts';

export { type ProgramDefinitionInput, programDefinition } from './program-definition.ts';
export { persona } from './simulation.ts';

const instant = z.iso.datetime();

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

/** POST /v1/programs: a new program with its first draft. */
export const createProgramRequest = z.strictObject({ definition: programDefinition });

/** PUT /v1/programs/:id/draft. `revision`: the one that was edited; another in the store means somebody else was faster. */
export const putDraftRequest = z.strictObject({ definition: programDefinition, revision: z.int().min(1).optional() });

export const program = z
  .object({
    id: programId,
    title: z.string(),
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

/** POST /v1/programs/:id/publish. `note`: what changed, for those who read the list of versions. */
export const publishRequest = z.strictObject({
  note: z.string().trim().max(500).optional(),
  revision: z.int().min(1).optional(),
});

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

/** POST /v1/programs/:id/simulate: of the draft, of a published version by number, or of the definition sent along. */
export const simulateRequest = z
  .strictObject({
    definition: programDefinition.optional(),
    version: z.int().min(1).optional(),
    personas: z.array(persona).min(1).max(100),
    maxDays: z.int().min(1).max(400).optional(),
  })
  .refine(({ definition, version }) => definition === undefined || version === undefined, {
    path: ['version'],
    message: 'either a definition or a version, not both',
  });

export const simulateResponse = z.object({ simulations: z.array(simulation) }).meta({ id: 'SimulateResponse' });

export type SimulateRequest = z.output<typeof simulateRequest>;
