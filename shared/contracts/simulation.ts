/** Simulated coachees and what they live through. */
import { z } from 'zod';
import type { Persona } from '../domain/journeys/persona.ts';
import type { Simulation } from '../domain/journeys/simulate.ts';
import { duration, factValue, stepKey, tagName, variableName } from '../domain/journeys/steps/fields.ts';
import { isTimeZone } from '../domain/time-zone.ts';
import { boundsProblem } from './json-bounds.ts';
import { signalName } from './program-definition.ts';

/** Any JSON, as it was parsed from the body. Not z.json(): OpenAPI cannot describe its recursion. */
const smallJson = z.any().superRefine((value, context) => {
  const missing = { message: 'JSON of at most 16 KiB is needed.' };
  const problem = value === undefined ? missing : boundsProblem(value, { maxDepth: 40, maxBytes: 16_384 });
  if (problem) context.addIssue({ code: 'custom', message: problem.message });
});

/** Offsets (`after`) count from `startAt`, a day as 24 hours. */
export const persona: z.ZodType<Persona> = z
  .strictObject({
    name: z.string().max(100),
    timeZone: z.string().min(1).max(64).refine(isTimeZone, 'a time zone of the IANA database, e.g. Europe/Berlin'),
    startAt: z.iso.datetime({ offset: true }),
    traits: z.record(variableName, factValue).optional(),
    tags: z.array(tagName).max(100).optional(),
    /** By step key; a list answers successive askings. For a message with buttons: the value to press. */
    answers: z.record(stepKey, z.union([factValue, z.array(factValue).max(500)])).optional(),
    policy: z.enum(['agreeable', 'silent', 'contrary']).optional(),
    replyDelaySeconds: z.number().min(0).max(31_536_000).optional(),
    webhookResults: z
      .record(
        stepKey,
        z.union([z.strictObject({ result: smallJson }), z.strictObject({ failure: z.string().min(1).max(500) })]),
      )
      .optional(),
    signals: z
      .array(z.strictObject({ after: duration, name: signalName, payload: z.record(z.string(), factValue) }))
      .max(100)
      .optional(),
    pauses: z
      .array(z.strictObject({ after: duration, for: duration }))
      .max(100)
      .optional(),
  })
  .meta({ id: 'Persona' });

const button = z.union([
  z.object({ label: z.string(), value: z.string() }),
  z.object({ label: z.string(), url: z.string() }),
]);

const transcriptEntry = z
  .object({
    /** Epoch milliseconds. */
    atMs: z.number(),
    /** What the coachee's clock shows: `Mon 2026-03-02T09:00:00+01:00`. */
    local: z.string(),
    from: z.enum(['program', 'coachee', 'event']),
    stepKey: z.string().nullable(),
    text: z.string(),
    buttons: z.array(button),
  })
  .meta({ id: 'TranscriptEntry' });

export const simulation: z.ZodType<Simulation> = z
  .object({
    persona: z.string(),
    transcript: z.array(transcriptEntry),
    /** Keys of the steps entered, in the order of their first time. */
    reached: z.array(z.string()),
    goals: z.array(z.string()),
    /** `waiting`: nothing would ever move the journey on. */
    status: z.enum(['finished', 'exited', 'parked', 'waiting', 'truncated']),
    outcome: z.string().nullable(),
    endedAtMs: z.number(),
    /** Which limit cut the simulation short. */
    truncated: z.enum(['days', 'entries']).nullable(),
  })
  .meta({ id: 'Simulation' });
