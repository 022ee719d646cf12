/** Fields that several kinds of step share. */
import { z } from 'zod';
import { MEDIA_KINDS, type WaitRule } from '../messages.ts';
import { hasBrokenVariable, variablesOf } from '../templates.ts';
import type { FieldPath, Reading, StepFinding, StepText } from './kind.ts';

/** What a message may hold on the widest channel (Telegram, WhatsApp: 4,096 characters). */
export const MESSAGE_TEXT_MAX = 4096;

export const stepKey = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,39}$/, '1 to 40 of a-z 0-9 _ -, beginning with a letter or digit');

/** What stands in addresses: slugs of programs, names of traces. */
export const hyphenatedName = z
  .string()
  .regex(/^[a-z0-9](?:-?[a-z0-9]){0,59}$/, '1 to 60 of a-z 0-9, with single hyphens between');

export const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day as HH:MM');

/** Names of traits, signals, payload fields: what may stand in `{{traits.name}}`. */
export const variableName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]{0,39}$/, '1 to 40 letters, digits or _, beginning with a letter');

export const tagName = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} _.:-]{0,39}$/u, '1 to 40 letters, digits, spaces or _ . : -');

/** `name` is what people who watch the run read, e.g. "Evening question". */
export const stepFields = { key: stepKey, name: z.string().min(1).max(100).optional(), next: stepKey.optional() };

/** Names that Meta gives approved message templates. */
export const templateName = z.string().regex(/^[a-z0-9_]{1,512}$/, '1 to 512 of a-z 0-9 _');

const sharedName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,39}$/, '1 to 40 of a-z 0-9 _ -, beginning with a letter or digit');

/** Names of habits and entitlements mean the same in every program of a creator. */
export const habitName = sharedName.describe('A habit');
export const entitlementName = sharedName.describe('An entitlement');

const medium = z.strictObject({
  kind: z.enum(MEDIA_KINDS),
  url: z.url({ protocol: /^https$/ }).max(2048),
  /** What it shows or says, for those who cannot see or hear it. */
  title: z.string().trim().min(1).max(200),
});
export const media = z.array(medium).min(1).max(10);

export function mediaTitles(given: z.output<typeof media> = []): StepText[] {
  return given.map(({ title }, i) => ({ path: ['media', i, 'title'], text: title, role: 'title' }));
}

export const messageText = z.string().min(1).max(MESSAGE_TEXT_MAX);

export const factValue = z.union([z.string().max(2000), z.number(), z.boolean()]);

export interface Duration {
  days?: number | undefined;
  hours?: number | undefined;
  minutes?: number | undefined;
  seconds?: number | undefined;
}

/** Days are calendar days in the coachee's time zone (the same wall time); the rest is exact. Five years at most. */
export const duration = z
  .strictObject({
    days: z.int().min(0).max(1830).optional(),
    hours: z.int().min(0).max(43_920).optional(),
    minutes: z.int().min(0).max(2_635_200).optional(),
    seconds: z.int().min(0).max(158_112_000).optional(),
  })
  .refine((given) => durationSeconds(given) > 0, 'a duration must be longer than nothing');

/** A duration's length in seconds, each day taken as 24 hours. */
export function durationSeconds({ days = 0, hours = 0, minutes = 0, seconds = 0 }: Duration): number {
  return ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
}

export function durationRule({ days, hours, minutes, seconds }: Duration): WaitRule {
  return {
    kind: 'duration',
    ...(days && { days }),
    ...(hours && { hours }),
    ...(minutes && { minutes }),
    ...(seconds && { seconds }),
  };
}

export function textReadings(template: string, path: FieldPath): Reading[] {
  return variablesOf(template).map(({ path: variable, fallback }) => ({ variable, path, inText: { fallback } }));
}

/** Braces that look like a variable but are none would be shown to the coachee as they stand. */
export function checkBraces(template: string, path: FieldPath): StepFinding[] {
  if (!hasBrokenVariable(template)) return [];
  return [
    {
      code: 'brokenVariable',
      severity: 'warning',
      path,
      message: 'Some {{ or }} here do not make a variable and would be shown as they are.',
      remedy: 'Write variables as {{traits.name}} or {{traits.name|fallback}}, with nothing else inside.',
    },
  ];
}
