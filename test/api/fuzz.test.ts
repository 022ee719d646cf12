/** Whatever is sent, it is never our fault: no body makes a 500. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type GivenCaller, givenCaller, startApi, type TestApi } from '../support/api.ts';
import { givenCoachee, givenEnrollment, givenProgram } from '../support/factories.ts';

interface Operation {
  method: string;
  path: string;
  schema: unknown;
}

let api: TestApi;
let ada: GivenCaller;
let operations: Operation[];

beforeAll(async () => {
  api = await startApi({}, { runs: { start: async () => {}, send: async () => 'accepted', progress: unreachable } });
  ada = await givenCaller(api);
  operations = await writingOperations();
});
afterAll(() => api.close());

const unreachable = () => Promise.reject(new Error('not asked here'));

const writingOperations = async (): Promise<Operation[]> => {
  const program = await givenProgram(ada, { steps: [{ key: 'hello', type: 'message', text: 'Hello' }] });
  const { coacheeId } = await givenCoachee(ada, ada.webChannelId);
  const enrollmentId = await givenEnrollment(ada, program, coacheeId);
  const ids: Record<string, string> = { programs: program.programId, coachees: coacheeId, enrollments: enrollmentId };
  const { body } = await api.call('GET', '/openapi.json');
  return Object.entries(body.paths as Record<string, Record<string, { requestBody?: unknown }>>).flatMap(
    ([path, item]) =>
      Object.entries(item)
        .filter(([method]) => method !== 'get' && method !== 'delete')
        .map(([method, { requestBody }]) => ({
          method: method.toUpperCase(),
          path: path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
            name === 'name' ? 'pause' : (ids[path.split('/')[2] ?? ''] ?? crypto.randomUUID()),
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

/** Values near what a schema asks for: mostly the right names, sometimes the right kinds. */
const near = (schema: unknown, depth = 0): fc.Arbitrary<unknown> => {
  const { type, properties, items, anyOf, oneOf, enum: choices, const: only } = (schema ?? {}) as Record<string, never>;
  if (depth > 6) return nasty;
  if (only !== undefined) return fc.oneof({ weight: 4, arbitrary: fc.constant(only) }, nasty);
  if (choices) return fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...(choices as unknown[])) }, nasty);
  const branches = (anyOf ?? oneOf) as unknown[] | undefined;
  if (branches) return fc.oneof(...branches.map((branch) => near(branch, depth + 1)), nasty);
  if (properties) {
    const fields = Object.fromEntries(
      Object.entries(properties as Record<string, unknown>).map(([name, inner]) => [name, near(inner, depth + 1)]),
    );
    return fc.oneof({ weight: 6, arbitrary: fc.record(fields, { requiredKeys: [] }) }, nasty);
  }
  if (type === 'array')
    return fc.oneof({ weight: 4, arbitrary: fc.array(near(items, depth + 1), { maxLength: 4 }) }, nasty);
  if (type === 'string') return fc.oneof(fc.string(), fc.uuid(), fc.constant('UTC'), nasty);
  if (type === 'integer' || type === 'number') return fc.oneof(fc.integer(), fc.double(), nasty);
  return nasty;
};

const content = (schema: unknown): unknown => {
  const { content: types } = (schema ?? {}) as { content?: Record<string, { schema: unknown }> };
  return types?.['application/json']?.schema ?? {};
};

test('no body makes a 500', async () => {
  expect(operations.length).toBeGreaterThan(15);
  for (const { method, path, schema } of operations) {
    await fc.assert(
      fc.asyncProperty(fc.oneof({ weight: 3, arbitrary: near(content(schema)) }, nasty), async (body) => {
        const sent = JSON.stringify(body) ?? 'null';
        const answer = await ada.call(method, path, { body: sent });
        expect(answer.status, `${method} ${path} ${sent} ${answer.text}`).toBeLessThan(500);
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
        expect(response.status).toBeLessThan(500);
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
        expect(answer.status, `${url} ${answer.text}`).toBeLessThan(500);
      }
    }),
    { numRuns: 60 },
  );
});
