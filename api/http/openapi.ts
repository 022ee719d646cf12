/** The OpenAPI 3.1 document, made of the routes' own declarations: nothing in it is written a second time. */
import { OpenAPIRegistry, OpenApiGeneratorV31, type RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { problem } from '../../shared/contracts/http.ts';
import { MEDIA_TYPES } from './body.ts';
import { type Method, nothing, type Route } from './route.ts';

export type OpenApiDocument = ReturnType<OpenApiGeneratorV31['generateDocument']>;

const PROBLEMS: Record<number, string> = {
  400: 'The body cannot be read',
  401: 'Not signed in',
  403: 'The role is too small',
  404: 'Not there, or not yours',
  409: 'Not possible now',
  410: 'No longer there',
  413: 'The body is too large',
  415: 'Wrong content type',
  422: 'Some fields do not fit',
  429: 'Too many requests',
  503: 'Not available at the moment',
};

/** Describes the routes; `publicUrl` is where they are reached. */
export const describeApi = (routes: Route[], publicUrl: string): OpenApiDocument => {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'accessToken', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'From POST /oauth/token; lasts 15 minutes.',
  });
  for (const route of routes) registry.registerPath(describeRoute(route));
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: { title: 'Cairn', version: '1', description: 'Coaching programs as durable journeys.' },
    servers: [{ url: '/', description: 'Where this document comes from' }, { url: publicUrl }],
    tags: [...new Set(routes.map((route) => route.tag))].map((name) => ({ name })),
  });
};

const describeRoute = (route: Route): RouteConfig => ({
  method: route.method,
  path: route.path.replaceAll(/:(\w+)/g, '{$1}'),
  operationId: operationId(route.method, route.path),
  tags: [route.tag],
  summary: route.summary,
  description: [route.description, route.role && `Role: ${route.role}.`].filter(Boolean).join('\n\n'),
  ...(route.role !== null && { security: [{ accessToken: [] }] }),
  request: {
    ...(route.params !== nothing && { params: route.params }),
    ...(route.query !== nothing && { query: route.query }),
    ...(route.method === 'post' && { headers: idempotencyHeader }),
    ...(route.body !== nothing && {
      body: {
        required: !route.body.safeParse({}).success,
        content: Object.fromEntries(route.consumes.map((kind) => [MEDIA_TYPES[kind], { schema: route.body }])),
      },
    }),
  },
  responses: {
    [route.status]: route.reply
      ? {
          description: 'Done',
          content: Object.fromEntries(route.produces.map((type) => [type, { schema: route.reply as z.ZodType }])),
        }
      : { description: 'Done' },
    ...Object.fromEntries(
      problemsOf(route).map((status) => [
        status,
        { description: PROBLEMS[status] ?? 'Problem', content: { 'application/problem+json': { schema: problem } } },
      ]),
    ),
  },
});

const idempotencyHeader = z.object({
  'Idempotency-Key': z
    .string()
    .min(1)
    .max(255)
    .optional()
    .meta({ description: 'The same key with the same request gets the same answer again, for 24 hours.' }),
});

const problemsOf = (route: Route): number[] => {
  const usual = route.role === null ? [429] : [401, 403, 429];
  const body = route.method === 'get' || route.method === 'delete' ? [] : [400, 413, 415];
  const fields = route.query !== nothing || route.body !== nothing ? [422] : [];
  const params = route.path.includes(':') ? [404] : [];
  return [...new Set([...usual, ...body, ...fields, ...params, ...route.problems])].sort((a, b) => a - b);
};

/** `GET /v1/programs/:id/versions` -> `getProgramsByIdVersions`. */
const operationId = (method: Method, path: string): string => {
  const words = path
    .split('/')
    .filter((word) => word !== '' && word !== 'v1')
    .map((word) => (word.startsWith(':') ? `By-${word.slice(1)}` : word));
  return [method, ...words].join('-').replaceAll(/-+(\w)/g, (_, letter: string) => letter.toUpperCase());
};
