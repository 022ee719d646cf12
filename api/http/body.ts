/** Reads a request's body: within its size, and of a type that the route takes. */
import { bodyParser } from '@koa/bodyparser';
import type { Context } from 'koa';
import { parseYaml, YamlError } from '../../shared/contracts/yaml.ts';
import { HttpProblem } from './problem.ts';

/** A program definition has at most 512 KiB; nothing else comes near. */
const LIMIT_BYTES = 1024 * 1024;
/** Reading it takes several times as long as JSON. */
const YAML_LIMIT_BYTES = 512 * 1024;

export type BodyKind = 'json' | 'form' | 'yaml';

export const MEDIA_TYPES: Record<BodyKind, string> = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  yaml: 'application/yaml',
};

const parse = bodyParser({
  enableTypes: ['json', 'form', 'text'],
  extendTypes: { text: [MEDIA_TYPES.yaml] },
  jsonLimit: LIMIT_BYTES,
  formLimit: LIMIT_BYTES,
  textLimit: YAML_LIMIT_BYTES,
  jsonStrict: false,
  onError: (error) => {
    throw explain(error);
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

const readYaml = (text: string): unknown => {
  try {
    return parseYaml(text).value;
  } catch (error) {
    if (error instanceof YamlError) throw explain(error);
    throw error;
  }
};

const hasBody = (ctx: Context): boolean =>
  ctx.req.headers['transfer-encoding'] !== undefined || Number(ctx.req.headers['content-length'] ?? 0) > 0;

const explain = (error: Error): HttpProblem => {
  const status = 'status' in error ? error.status : undefined;
  if (status === 413) {
    const most = 'limit' in error ? error.limit : LIMIT_BYTES;
    return new HttpProblem(413, 'tooLarge', `A body may have ${most} bytes at most.`, { Connection: 'close' });
  }
  if (status === 415) return new HttpProblem(415, 'unsupportedType', 'This encoding of the body is not understood.');
  return new HttpProblem(400, 'malformed', `The body cannot be read: ${error.message}`);
};
