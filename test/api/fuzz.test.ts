/** Whatever is sent, it is never our fault: no body makes a 500. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type GivenCaller, givenCaller, startApi, type TestApi } from '../support/api.ts';
import { givenCoachee, givenEnrollment, givenProgram } from '../support/factories.ts';
import { givenHabit, givenKeptHabit, givenReminder } from '../support/habits.ts';

interface Operation {
  method: string;
  path: string;
  schema: unknown;
}

let api: TestApi;
let ada: GivenCaller;
let operations: Operation[];
/** Fields whose value no schema tells. */
let known: Record<string, unknown> = {};

beforeAll(async () => {
  api = await startApi(
    { TELEGRAM_API_ROOT: 'http://127.0.0.1:1', SENDGRID_API_ROOT: 'http://127.0.0.1:1' },
    {
      runs: { start: async () => {}, send: async () => 'accepted', nudge: async () => {}, progress: unreachable },
      nudgeReminders: async () => {},
    },
  );
  ada = await givenCaller(api);
  operations = await writingOperations();
});
afterAll(() => api.close());

const unreachable = () => Promise.reject(new Error('not asked here'));

const writingOperations = async (): Promise<Operation[]> => {
  const program = await givenProgram(ada, { steps: [{ key: 'hello', type: 'message', text: 'Hello' }] });
  const { coacheeId } = await givenCoachee(ada, ada.webChannelId);
  const enrollmentId = await givenEnrollment(ada, program, coacheeId);
  const habitId = await givenHabit(ada);
  await givenKeptHabit(ada, coacheeId, habitId, { startDate: '2026-03-02' });
  const reminders = await givenReminder(ada, { times: ['09:00'] }, { habitId });
  const ids: Record<string, string> = { programs: program.programId, coachees: coacheeId, enrollments: enrollmentId };
  Object.assign(ids, { habits: habitId, habitId, reminders });
  known = {
    programId: program.programId,
    coacheeId,
    habitId,
    timeZone: 'Europe/Berlin',
    language: 'en',
    return: '/',
    v: 1,
  };
  const { body } = await api.call('GET', '/openapi.json');
  return Object.entries(body.paths as Record<string, Record<string, { requestBody?: unknown }>>).flatMap(
    ([path, item]) =>
      Object.entries(item)
        .filter(([method]) => method !== 'get' && method !== 'delete')
        .map(([method, { requestBody }]) => ({
          method: method.toUpperCase(),
          path: path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
            name === 'name' ? 'pause' : (ids[name] ?? ids[path.split('/')[2] ?? ''] ?? crypto.randomUUID()),
          ),
          schema: resolve(body, requestBody),
        })),
  );
};

/** The body's schema with its references followed, so deep as it helps to guess names and values. */
const resolve = (document: Record<string, unknown>, node: unknown, depth = 0): unknown => {
  if (typeof node !== 'object' || node === null || depth > 12) return node;
  if ('$ref' in node && typeof node.$ref === 'string') {
    const target = node.$ref
      .slice(2)
      .split('/')
      .reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], document);
    return resolve(document, target, depth + 1);
  }
  if (Array.isArray(node)) return node.map((inner) => resolve(document, inner, depth + 1));
  return Object.fromEntries(Object.entries(node).map(([name, inner]) => [name, resolve(document, inner, depth + 1)]));
};

const nasty = fc.oneof(
  fc.constantFrom<unknown>(
    '',
    '\0',
    '\ud800',
    '{{traits.x}}',
    "'; drop table users; --",
    '__proto__',
    -0,
    1e308,
    2 ** 53,
    -1,
    null,
    [],
    {},
  ),
  fc.string({ unit: 'binary' }),
  fc.jsonValue({ maxDepth: 3 }),
);

interface Schema {
  type?: string | string[];
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  enum?: unknown[];
  pattern?: string;
  format?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
}

/** Values near what a schema asks for: mostly right, and now and then one thing in them is nasty. */
const near = (schema: Schema, name = '', depth = 0): fc.Arbitrary<unknown> =>
  depth > 8 ? nasty : fc.oneof({ weight: 15, arbitrary: fitting(schema, name, depth) }, nasty);

const fitting = (schema: Schema, name: string, depth: number): fc.Arbitrary<unknown> => {
  const { type, properties, additionalProperties, required = [], items = {}, anyOf, oneOf } = schema;
  if (known[name] !== undefined) return fc.constant(known[name]);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const branches = anyOf ?? oneOf;
  if (branches) return fc.oneof(...branches.map((branch) => near(branch, name, depth + 1)));
  if (properties) {
    const fields = Object.entries(properties).map(([field, inner]) => [field, near(inner, field, depth + 1)] as const);
    return fc.record(Object.fromEntries(fields), { requiredKeys: required });
  }
  if (typeof additionalProperties === 'object') {
    return fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), near(additionalProperties, '', depth + 1), { maxKeys: 3 });
  }
  const kinds = [type].flat();
  if (kinds.includes('array')) return fc.array(near(items, '', depth + 1), { minLength: 1, maxLength: 3 });
  if (kinds.includes('string')) return text(schema);
  if (kinds.includes('boolean')) return fc.boolean();
  const { minimum: min = -1000, maximum: max = Math.max(min, 1000) } = schema;
  if (kinds.includes('integer')) return fc.integer({ min, max });
  return kinds.includes('number') ? fc.double({ min, max, noNaN: true }) : nasty;
};

const text = ({ pattern, format, minLength = 0, maxLength = 60 }: Schema): fc.Arbitrary<string> => {
  if (format === 'email') return fc.emailAddress();
  if (format === 'uuid') return fc.uuid();
  if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern, 'u'));
  return fc.string({ minLength, maxLength: Math.min(maxLength, minLength + 40), unit: 'grapheme' });
};

const content = (schema: unknown): Schema => {
  const { content: types } = (schema ?? {}) as { content?: Record<string, { schema: Schema }> };
  return types?.['application/json']?.schema ?? {};
};

/** Forty requests for each of some fifty operations: longer than other tests on a busy machine. */
const MANY_REQUESTS_MS = 120_000;

test('no body makes a 500', { timeout: MANY_REQUESTS_MS }, async () => {
  expect(operations.length).toBeGreaterThan(15);
  for (const { method, path, schema } of operations) {
    await fc.assert(
      fc.asyncProperty(near(content(schema)), async (body) => {
        const sent = JSON.stringify(body) ?? 'null';
        const answer = await ada.call(method, path, { body: sent });
        expect(answer.status, `${method} ${path} ${sent} ${answer.text}`).not.toBe(500);
      }),
      { numRuns: 40 },
    );
  }
});

test('no bytes make a 500', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 200 }),
      fc.constantFrom(...operations),
      async (bytes, { method, path }) => {
        const response = await fetch(`${api.url}${path}`, {
          method,
          headers: { 'content-type': 'application/json', authorization: `Bearer ${ada.token}` },
          body: Buffer.from(bytes),
        });
        await response.arrayBuffer();
        expect(response.status).not.toBe(500);
      },
    ),
    { numRuns: 150 },
  );
});

test('no query or path makes a 500', async () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('%00', '%', '..', '\ud800', '1e400', '9'.repeat(30)),
  );
  const reading = [
    '/v1/coachees',
    '/v1/enrollments',
    '/v1/deliveries',
    '/v1/conversations',
    '/v1/programs',
    '/v1/members',
    '/v1/habits',
    '/v1/reminders',
    '/v1/alerts',
    '/v1/adherence',
  ];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...reading), piece, piece, async (path, first, second) => {
      const encode = (text: string) => encodeURIComponent(text.toWellFormed());
      const cursor = Buffer.from(JSON.stringify([first, second])).toString('base64url');
      for (const url of [
        `${path}/${encode(first)}`,
        `${path}?cursor=${encode(first)}&limit=${encode(second)}`,
        `${path}?cursor=${cursor}`,
        `${path}?${encode(first)}=${encode(second)}`,
      ]) {
        const answer = await ada.call('GET', url);
        expect(answer.status, `${url} ${answer.text}`).not.toBe(500);
      }
    }),
    { numRuns: 60 },
  );
});
