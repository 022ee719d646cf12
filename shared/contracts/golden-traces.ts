/** Golden traces over HTTP and in files: personas, and the transcripts that a program must go on giving them. */
import { z } from 'zod';
import { hyphenatedName } from '../domain/journeys/steps/fields.ts';
import { persona } from './simulation.ts';

/** Of one program; their simulations together stay within what the simulator gives one request. */
export const TRACES_MOST = 20;
/** Characters of a transcript. */
export const EXPECTED_MAX = 200_000;

export const traceName = hyphenatedName;

/** Lines such as `Mon 2026-03-02T09:00 program/welcome: Hello`; spaces at their ends do not count. */
export const expectedTranscript = z.string().max(EXPECTED_MAX);

export const traceParams = z.object({ name: traceName });

/** PUT /v1/programs/:id/traces/:name. Without `expected` the draft is simulated, and what comes of it is kept. */
export const putTraceRequest = z.strictObject({ persona, expected: expectedTranscript.optional() });

export const goldenTrace = z
  .object({ name: traceName, persona, expected: expectedTranscript, updatedAt: z.iso.datetime() })
  .meta({ id: 'GoldenTrace' });

export const goldenTraces = z.object({ items: z.array(goldenTrace) }).meta({ id: 'GoldenTraces' });

/** Of one trace: passed, or the first line that differs with what was expected and what came, and a readable difference of all. */
export const traceResult = z
  .object({
    name: z.string(),
    passed: z.boolean(),
    difference: z
      .object({
        /** Counted from 1. */
        line: z.int().min(1),
        expected: z.string().nullable(),
        actual: z.string().nullable(),
        /** Lines that begin with `-` were expected, those with `+` came instead. */
        diff: z.string(),
      })
      .nullable(),
  })
  .meta({ id: 'GoldenTraceResult' });
export type TraceResult = z.output<typeof traceResult>;

export const traceRun = z
  .object({
    passed: z.boolean(),
    /** Of the draft that was simulated. */
    revision: z.int().min(1),
    results: z.array(traceResult),
  })
  .meta({ id: 'GoldenTraceRun' });

/** `<program>.traces.yaml`, beside a program's file. */
export const tracesFile = z.strictObject({
  traces: z
    .record(traceName, z.strictObject({ persona, expected: expectedTranscript.optional() }))
    .refine((traces) => Object.keys(traces).length <= TRACES_MOST, `at most ${TRACES_MOST} traces`),
});
