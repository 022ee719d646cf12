/** Simulated coachees and what they live through. */
import { z } from 'zod';
import { CHANNEL_KINDS } from '../domain/channels/deliveries.ts';
import type { Persona } from '../domain/journeys/simulate/persona.ts';
import type { Population } from '../domain/journeys/simulate/population.ts';
import type { Simulation } from '../domain/journeys/simulate/simulate.ts';
import type { SimulationReport } from '../domain/journeys/simulate/simulation-report.ts';
import {
  duration,
  entitlementName,
  factValue,
  habitName,
  messageText,
  stepKey,
  tagName,
  timeOfDay,
  variableName,
} from '../domain/journeys/steps/fields.ts';
import { isTimeZone } from '../domain/time-zone.ts';
import { boundsProblem } from './json-bounds.ts';
import { signalName } from './program-definition.ts';

/** Any JSON, as it was parsed from the body. Not z.json(): OpenAPI cannot describe its recursion. */
const smallJson = z.any().superRefine((value, context) => {
  const missing = { message: 'JSON of at most 16 KiB is needed.' };
  const problem = value === undefined ? missing : boundsProblem(value, { maxDepth: 40, maxBytes: 16_384 });
  if (problem) context.addIssue({ code: 'custom', message: problem.message });
});

const stretch = { after: duration, for: duration };
const share = z.number().min(0).max(1);
const seconds = z.number().min(0).max(31_536_000);
const timeZone = z.string().min(1).max(64).refine(isTimeZone, 'a time zone of the IANA database, e.g. Europe/Berlin');
const startAt = z.iso.datetime({ offset: true });
const channelKind = z.enum(CHANNEL_KINDS);
const LIST_MAX = 100;

const deliveryPolicy = z.strictObject({
  quietHours: z.strictObject({ from: timeOfDay, to: timeOfDay }).optional(),
  maxPerDay: z.int().min(1).max(100).optional(),
  channels: z.array(channelKind).max(CHANNEL_KINDS.length).optional(),
});

const reviewFields = { note: z.string().max(2000).optional(), afterSeconds: seconds.optional() };
const review = z.discriminatedUnion('verdict', [
  z.strictObject({ verdict: z.literal('approved'), ...reviewFields }),
  z.strictObject({ verdict: z.literal('edited'), text: messageText, ...reviewFields }),
  z.strictObject({ verdict: z.literal('rejected'), ...reviewFields }),
]);

/** Offsets (`after`) count from `startAt`, a day as 24 hours. */
const personaFields = z.strictObject({
  name: z.string().max(100),
  /** What is drawn by lot is drawn by it; by the name where not given. */
  id: z.string().max(200).optional(),
  timeZone,
  startAt,
  language: z.string().min(2).max(35).optional(),
  traits: z.record(variableName, factValue).optional(),
  tags: z.array(tagName).max(LIST_MAX).optional(),
  entitlements: z.array(entitlementName).max(LIST_MAX).optional(),
  /** By step key; a list answers successive askings. For a message with buttons: the value to press. */
  answers: z.record(stepKey, z.union([factValue, z.array(factValue).max(500)])).optional(),
  policy: z.enum(['agreeable', 'silent', 'contrary', 'random']).optional(),
  replyDelaySeconds: z
    .union([
      seconds,
      z.strictObject({ from: seconds, to: seconds }).refine(({ from, to }) => from <= to, '`from` is after `to`'),
    ])
    .optional(),
  /** How likely an asking is answered at all. */
  answerRate: share.optional(),
  /** How likely a check-in says that the habit was done: of each by name, or of all. */
  adherence: z.union([share, z.record(habitName, share)]).optional(),
  /** What is asked then, or would be answered then, is not answered. */
  silences: z.array(z.strictObject(stretch)).max(LIST_MAX).optional(),
  deliveryPolicy: deliveryPolicy.optional(),
  /** In the order in which they are tried. */
  channels: z.array(channelKind).max(CHANNEL_KINDS.length).optional(),
  channelFailures: z
    .array(z.strictObject({ channel: channelKind, ...stretch }))
    .max(LIST_MAX)
    .optional(),
  webhookResults: z
    .record(
      stepKey,
      z.union([z.strictObject({ result: smallJson }), z.strictObject({ failure: z.string().min(1).max(500) })]),
    )
    .optional(),
  signals: z
    .array(z.strictObject({ after: duration, name: signalName, payload: z.record(z.string(), factValue) }))
    .max(LIST_MAX)
    .optional(),
  pauses: z
    .array(z.strictObject({ ...stretch, mode: z.enum(['shift', 'compress']).optional() }))
    .max(LIST_MAX)
    .optional(),
  purchases: z
    .array(z.strictObject({ after: duration, entitlement: entitlementName }))
    .max(LIST_MAX)
    .optional(),
  moves: z
    .array(z.strictObject({ after: duration, timeZone }))
    .max(LIST_MAX)
    .optional(),
  /** Times in which nothing works: what falls into them happens at their end. */
  outages: z.array(z.strictObject(stretch)).max(LIST_MAX).optional(),
  /** By step key: what the team says to a text. */
  reviews: z.record(stepKey, review).optional(),
  /** The model gives no texts. */
  modelDown: z.boolean().optional(),
});

export const persona: z.ZodType<Persona> = personaFields.meta({ id: 'Persona' });

const weight = z.number().positive().max(1_000_000).default(1);

/** Personas by the dozen: the same seed makes the same ones. */
export const population: z.ZodType<Population> = z
  .strictObject({
    count: z.int().min(1).max(5000),
    seed: z.union([z.string().max(100), z.int()]),
    startAt,
    /** The starts are spread over so many days. */
    startSpreadDays: z.number().min(0).max(366).optional(),
    zones: z.array(z.strictObject({ timeZone, weight })).min(1).max(LIST_MAX),
    mix: z
      .array(z.strictObject({ weight, persona: personaFields.partial() }))
      .min(1)
      .max(LIST_MAX),
  })
  .meta({ id: 'Population' });

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

const simulationStatus = z.enum(['finished', 'exited', 'parked', 'waiting', 'truncated']);

export const simulation: z.ZodType<Simulation> = z
  .object({
    persona: z.string(),
    transcript: z.array(transcriptEntry),
    /** Keys of the steps entered, in the order of their first time. */
    reached: z.array(z.string()),
    goals: z.array(z.string()),
    /** `waiting`: nothing would ever move the journey on. */
    status: simulationStatus,
    outcome: z.string().nullable(),
    endedAtMs: z.number(),
    /** Which limit cut the simulation short. */
    truncated: z.enum(['days', 'entries']).nullable(),
  })
  .meta({ id: 'Simulation' });

const count = z.int().min(0);
const days = z.number().nullable();

const stepFigures = z
  .object({
    stepKey: z.string(),
    type: z.string(),
    /** How many personas came here, and how often all of them together. */
    persons: count,
    entered: count,
    answered: count,
    timedOut: count,
    /** Journeys that ended, were parked or stayed here. */
    leftHere: count,
    /** From the start until a persona first came here, over those who did. */
    medianDays: days,
    p90Days: days,
  })
  .meta({ id: 'StepFigures' });

const calendarDay = z
  .object({
    /** Local to each persona. */
    date: z.iso.date(),
    sends: count,
    questions: count,
    /** That began on that day. */
    waits: count,
    goals: count,
    starts: count,
    ends: count,
  })
  .meta({ id: 'CalendarDay' });

export const simulationReport: z.ZodType<SimulationReport> = z
  .object({
    personas: count,
    steps: z.array(stepFigures),
    reached: z.array(z.string()),
    unreached: z.array(z.string()),
    outcomes: z.array(z.object({ status: simulationStatus, outcome: z.string().nullable(), count })),
    /** Times reached, over all personas. */
    goals: z.array(z.object({ goal: z.string(), count })),
    sends: count,
    /** `mostPerDay`: that one persona got on one local day. */
    channels: z.array(z.object({ channel: channelKind, sends: count, meanPerPersona: z.number(), mostPerDay: count })),
    /** The minute, UTC, with the most sends. */
    busiestMinute: z.object({ at: z.iso.datetime(), sends: count }).nullable(),
    /** The same by each persona's own clock: `2026-03-02T09:00`. */
    busiestLocalMinute: z.object({ local: z.string(), sends: count }).nullable(),
    parked: z.array(z.object({ stepKey: z.string(), reason: z.string(), count })),
    /** Every local day from the first to the last on which anything happened, at most 366. */
    calendar: z.array(calendarDay),
  })
  .meta({ id: 'SimulationReport' });
