import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApi, type TestApi } from '../support/api.ts';

let api: TestApi;
// biome-ignore lint/suspicious/noExplicitAny: the documents are looked into everywhere
let openapi: any;
beforeAll(async () => {
  api = await startApi();
  openapi = (await api.call('GET', '/openapi.json')).body;
});
afterAll(() => api.close());

/** All values of `$ref` anywhere within. */
const refsIn = (node: unknown): string[] => {
  if (typeof node !== 'object' || node === null) return [];
  const own = '$ref' in node && typeof node.$ref === 'string' ? [node.$ref] : [];
  return [...own, ...Object.values(node).flatMap(refsIn)];
};

interface Operation {
  operationId: string;
  responses: Record<string, { content?: Record<string, unknown> }>;
  parameters?: { in: string; name: string }[];
}
const operations = (): [string, Operation][] =>
  Object.entries(openapi.paths as Record<string, Record<string, Operation>>).flatMap(([path, item]) =>
    Object.entries(item).map(
      ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as [string, Operation],
    ),
  );

describe('the OpenAPI document', () => {
  test('is of version 3.1 and follows its own references', () => {
    expect(openapi.openapi).toBe('3.1.0');
    const refs = new Set(refsIn(openapi));
    expect(refs.size).toBeGreaterThan(30);
    for (const ref of refs) {
      const target = ref
        .slice(2)
        .split('/')
        .reduce((at, name) => at?.[name], openapi);
      expect(target, ref).toBeDefined();
    }
  });

  test('holds what design section 5 promises', () => {
    const paths = operations().map(([operation]) => operation);
    for (const promised of [
      'POST /v1/auth/register',
      'POST /oauth/token',
      'GET /v1/me',
      'GET /v1/members',
      'GET /v1/api-keys',
      'GET /v1/programs',
      'PUT /v1/programs/{id}/draft',
      'POST /v1/programs/{id}/lint',
      'POST /v1/programs/{id}/publish',
      'POST /v1/programs/{id}/simulate',
      'GET /v1/programs/{id}/versions',
      'GET /v1/programs/{id}/diff',
      'GET /v1/programs/{id}/export',
      'POST /v1/programs/import',
      'POST /v1/programs/{id}/rollback',
      'PUT /v1/programs/{id}/traces/{name}',
      'POST /v1/programs/{id}/traces/run',
      'GET /v1/coachees',
      'POST /v1/enrollments',
      'POST /v1/enrollments/{id}/signals/{name}',
      'GET /v1/enrollments/{id}/timeline',
      'GET /v1/conversations',
      'GET /v1/deliveries',
      'GET /v1/habits',
      'GET /v1/reminders',
      'POST /v1/reminders/preview',
    ]) {
      expect(paths).toContain(promised);
    }
  });

  test('gives every operation a name of its own, its path parameters and its problems', () => {
    const names = operations().map(([, { operationId }]) => operationId);
    expect(new Set(names).size).toBe(names.length);
    for (const [operation, { parameters = [], responses }] of operations()) {
      const named = [...operation.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = parameters.filter((one) => one.in === 'path').map((one) => one.name);
      expect(declared.sort(), operation).toEqual(named.sort());
      expect(Object.keys(responses), operation).toContain('429');
    }
  });

  test('never says of a schema that it is an object and null at once', () => {
    const both = (node: unknown): boolean =>
      typeof node === 'object' &&
      node !== null &&
      (('allOf' in node && JSON.stringify(node.allOf).includes('"null"')) || Object.values(node).some(both));
    expect(both(openapi)).toBe(false);
  });

  test('knows a definition’s steps, conditions included', () => {
    expect(openapi.components.schemas.Condition.properties.all.items.$ref).toBe('#/components/schemas/Condition');
    expect(JSON.stringify(openapi.components.schemas.ProgramDefinition)).toContain('steps');
  });
});

test('the Postman collection has every operation, with examples', async () => {
  const { body } = await api.call('GET', '/postman.json');
  expect(body.info.schema).toContain('v2.1.0');
  const items = body.item.flatMap((folder: { item: unknown[] }) => folder.item);
  expect(items).toHaveLength(operations().length);
  const made = items.find((one: { name: string }) => one.name === 'Make a coachee');
  expect(JSON.parse(made.request.body.raw)).toMatchObject({ name: 'Mira', timeZone: 'Europe/Berlin' });
  const token = items.find((one: { name: string }) => one.name === 'Get an access token');
  expect(token.request.auth).toEqual({ type: 'noauth' });
  expect(token.request.body.mode).toBe('urlencoded');
});

describe('the pages', () => {
  test.each(['/docs', '/redoc'])('%s loads everything from here', async (path) => {
    const { status, text, headers } = await api.call('GET', path);
    expect(status).toBe(200);
    const sources = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source]) => source ?? '');
    expect(sources.length).toBeGreaterThan(2);
    for (const source of sources) expect((await api.call('GET', source)).status, source).toBe(200);
    expect(headers.get('content-security-policy')).toContain("script-src 'self'");
  });

  test('every answer carries secure headers', async () => {
    const { headers } = await api.call('GET', '/v1/nothing');
    expect(headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-powered-by')).toBeNull();
  });
});
