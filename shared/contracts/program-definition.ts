/** The schema of a program definition, composed of the steps' own (docs/decisions/0002). */
import { z } from 'zod';
import { CHANNEL_KINDS } from '../domain/channels/deliveries.ts';
import type { ProgramDefinition } from '../domain/journeys/definition.ts';
import { shallowCondition } from '../domain/journeys/steps/condition.ts';
import { hyphenatedName, stepKey, tagName, variableName } from '../domain/journeys/steps/fields.ts';
import { stepSchema } from '../domain/journeys/steps/index.ts';
import { boundsProblem } from './json-bounds.ts';

const DEFINITION_MAX_BYTES = 512 * 1024;
/** A condition nested as deep as it may be (8) lies 22 levels down. */
const DEFINITION_MAX_DEPTH = 40;

/** What every journey understands, so no program may declare it. */
const RESERVED_SIGNALS = new Set([
  ...['start', 'reply', 'pause', 'resume', 'skip', 'exit', 'retry'],
  ...['shift', 'unlock', 'changed', 'migrate', 'review', 'ended'],
]);

export const signalName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,39}$/, '1 to 40 letters, digits, _ or -, beginning with a letter')
  .refine((name) => !RESERVED_SIGNALS.has(name), 'this name is taken by a signal that every journey understands');

const signalDeclaration = z.strictObject({
  name: signalName,
  payload: z
    .record(variableName, z.enum(['text', 'number', 'boolean']))
    .refine((fields) => Object.keys(fields).length <= 20, 'at most 20 fields'),
  goTo: stepKey.optional(),
});

export const languageTag = z.string().max(35).refine(isLanguageTag, 'a language tag (BCP 47), e.g. en or pt-BR');

/** What files, addresses and other programs call a program. */
export const programSlug = hyphenatedName;

const textPath = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,39}(\.[A-Za-z0-9]+){1,6}$/, 'a step key and a path: welcome.text');
const translation = z.record(textPath, z.string().min(1).max(4096));

const enrollmentTrigger = z.union([
  z.strictObject({ event: signalName }),
  z.strictObject({ tag: tagName }),
  z.strictObject({ finished: programSlug }),
]);

const enrollment = z.strictObject({
  reentry: z.union([z.enum(['afterEnd', 'never']), z.strictObject({ afterDays: z.int().min(1).max(3660) })]).optional(),
  on: z.array(enrollmentTrigger).min(1).max(20).optional(),
});

const shape = z
  .strictObject({
    v: z.literal(1),
    slug: programSlug.optional(),
    title: z.string().trim().min(1).max(120),
    language: languageTag.default('en'),
    channels: z.array(z.enum(CHANNEL_KINDS)).min(1).max(CHANNEL_KINDS.length).optional(),
    translations: z
      .record(languageTag, translation)
      .refine((given) => Object.keys(given).length <= 20, 'at most 20 languages')
      .optional(),
    enrollment: enrollment.optional(),
    signals: z.array(signalDeclaration).max(50).default([]),
    goals: z
      .array(z.strictObject({ goal: z.string().min(1).max(100), when: shallowCondition }))
      .max(20)
      .optional(),
    exits: z
      .array(z.strictObject({ when: shallowCondition, outcome: z.string().min(1).max(100), goTo: stepKey.optional() }))
      .max(20)
      .optional(),
    steps: z.array(stepSchema).min(1).max(500),
  })
  .meta({ id: 'ProgramDefinition' });

/** What an author writes: fields with a default may be left out. */
export type ProgramDefinitionInput = z.input<typeof shape>;

/** Parses a definition of at most 512 KiB; unknown fields are refused, defaults filled in. Lint comes after it. */
export const programDefinition: z.ZodType<ProgramDefinition> = z.preprocess((sent, context) => {
  const problem = boundsProblem(sent, { maxDepth: DEFINITION_MAX_DEPTH, maxBytes: DEFINITION_MAX_BYTES });
  if (problem) context.addIssue({ code: 'custom', ...problem });
  return sent;
}, shape);

function isLanguageTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
