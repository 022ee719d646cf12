/**
 * A Postman collection (format v2.1.0) of the OpenAPI document: one folder per tag, bodies with example values. A mapping of our own,
 * because the converter packages weigh more than all of the API.
 */
import { sample } from 'openapi-sampler';
import type { OpenApiDocument } from './openapi.ts';

type Operation = NonNullable<NonNullable<OpenApiDocument['paths']>[string]['get']>;

interface PostmanItem {
  name: string;
  request: {
    method: string;
    header: { key: string; value: string; disabled?: boolean }[];
    url: { raw: string; host: string[]; path: string[]; query: { key: string; value: string; disabled: boolean }[] };
    body?: Record<string, unknown>;
    auth?: { type: 'noauth' };
    description: string;
  };
}

const SCHEMA = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';
const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** Maps the document; requests sign in with the collection's variable `accessToken` and go to `baseUrl`. */
export const toPostman = (document: OpenApiDocument, baseUrl: string) => {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation
        ? [{ tag: operation.tags?.[0] ?? 'other', item: toItem(document, path, method, operation) }]
        : [];
    }),
  );
  return {
    info: { name: document.info.title, schema: SCHEMA, description: document.info.description ?? '' },
    auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{accessToken}}', type: 'string' }] },
    variable: [
      { key: 'baseUrl', value: baseUrl },
      { key: 'accessToken', value: '' },
    ],
    item: [...Map.groupBy(operations, ({ tag }) => tag)].map(([name, entries]) => ({
      name,
      item: entries.map((entry) => entry.item),
    })),
  };
};

const toItem = (document: OpenApiDocument, path: string, method: string, operation: Operation): PostmanItem => {
  const parameters = (operation.parameters ?? []).flatMap((one) => ('in' in one ? [one] : []));
  const segments = path
    .slice(1)
    .replaceAll(/\{(\w+)\}/g, ':$1')
    .split('/');
  const body = bodyOf(document, operation);
  return {
    name: operation.summary ?? path,
    request: {
      method: method.toUpperCase(),
      header: [
        ...(body ? [{ key: 'Content-Type', value: body.type }] : []),
        ...parameters
          .filter((one) => one.in === 'header')
          .map(({ name }) => ({ key: name, value: '', disabled: true })),
      ],
      url: {
        raw: `{{baseUrl}}/${segments.join('/')}`,
        host: ['{{baseUrl}}'],
        path: segments,
        query: parameters
          .filter((one) => one.in === 'query')
          .map(({ name }) => ({ key: name, value: '', disabled: true })),
      },
      ...(body && { body: body.body }),
      ...(operation.security ? {} : { auth: { type: 'noauth' as const } }),
      description: operation.description ?? '',
    },
  };
};

const bodyOf = (document: OpenApiDocument, operation: Operation) => {
  const request = operation.requestBody;
  if (!request || !('content' in request)) return null;
  const [first] = Object.entries(request.content);
  if (!first) return null;
  const [type, { schema }] = first;
  const example: unknown = sample(schema ?? {}, {}, document);
  if (type === 'application/json') {
    const raw = JSON.stringify(example, null, 2);
    return { type, body: { mode: 'raw', raw, options: { raw: { language: 'json' } } } };
  }
  if (typeof example === 'string') return { type, body: { mode: 'raw', raw: example } };
  const fields = Object.entries((example ?? {}) as Record<string, unknown>);
  return {
    type,
    body: { mode: 'urlencoded', urlencoded: fields.map(([key, value]) => ({ key, value: String(value) })) },
  };
};
