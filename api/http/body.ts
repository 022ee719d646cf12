/** Reads a request's body: within its size, and of a type that the route takes. */
import { bodyParser } from '@koa/bodyparser';
import type { Context } from 'koa';
import { parseYaml, YamlError } from '../../shared/contracts/yaml.ts';
import { HttpProblem } from './problem.ts';

const BODY_KINDS = ['json', 'form', 'csv', 'yaml'] as const;
export type BodyKind = (typeof BODY_KINDS)[number];

/** Of JSON a program definition has the most, 512 KiB; to read it as YAML takes several times as long. */
const LIMIT_BYTES: Record<BodyKind, number> = {
  json: 1024 * 1024,
  form: 1024 * 1024,
  csv: 5 * 1024 * 1024,
  yaml: 512 * 1024,
};

export const MEDIA_TYPES: Record<BodyKind, string> = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  csv: 'text/csv',
  yaml: 'application/yaml',
};

const parse = bodyParser({
  enableTypes: ['json', 'form', 'text'],
  extendTypes: { text: [MEDIA_TYPES.csv, MEDIA_TYPES.yaml] },
  jsonLimit: LIMIT_BYTES.json,
  formLimit: LIMIT_BYTES.form,
  textLimit: LIMIT_BYTES.csv,
  jsonStrict: false,
  onError: (error, ctx) => {
    throw explain(error, ctx);
  },
});

export interface ReadBody {
  /** As it came, for fingerprints and signatures. */
  raw: string;
  /** Parsed; `{}` when nothing was sent. */
  value: unknown;
}

/**
 * Reads the body once.
 * @throws HttpProblem 400 when it is not what its type says, 413 when too large, 415 when of another type than `kinds`.
 */
export const readBody = async (ctx: Context, kinds: BodyKind[]): Promise<ReadBody> => {
  if (!hasBody(ctx)) return { raw: '', value: {} };
  if (!ctx.is(kinds.map((kind) => MEDIA_TYPES[kind]))) {
    throw new HttpProblem(415, 'unsupportedType', `Send ${kinds.map((kind) => MEDIA_TYPES[kind]).join(' or ')}.`, {
      'Accept-Post': kinds.map((kind) => MEDIA_TYPES[kind]).join(', '),
    });
  }
  await parse(ctx, async () => undefined);
  const raw = ctx.request.rawBody ?? '';
  if (raw === '') return { raw, value: {} };
  return { raw, value: ctx.is(MEDIA_TYPES.yaml) ? readYaml(raw) : ctx.request.body };
};

/** The parser of texts lets through what the largest kind of them may have. */
const readYaml = (text: string): unknown => {
  if (Buffer.byteLength(text) > LIMIT_BYTES.yaml) throw tooLarge('yaml');
  try {
    return parseYaml(text).value;
  } catch (error) {
    if (error instanceof YamlError) throw malformed(error);
    throw error;
  }
};

const hasBody = (ctx: Context): boolean =>
  ctx.req.headers['transfer-encoding'] !== undefined || Number(ctx.req.headers['content-length'] ?? 0) > 0;

const explain = (error: Error, ctx: Context): HttpProblem => {
  const status = 'status' in error ? error.status : undefined;
  if (status === 413) return tooLarge(BODY_KINDS.find((kind) => ctx.is(MEDIA_TYPES[kind])) ?? 'json');
  if (status === 415) return new HttpProblem(415, 'unsupportedType', 'This encoding of the body is not understood.');
  return malformed(error);
};

const tooLarge = (kind: BodyKind): HttpProblem =>
  new HttpProblem(413, 'tooLarge', `A body may have ${LIMIT_BYTES[kind]} bytes at most.`, { Connection: 'close' });

const malformed = (error: Error): HttpProblem =>
  new HttpProblem(400, 'malformed', `The body cannot be read: ${error.message}`);
