/** Reads a request's body: within its size, of a type that the route takes, and of text that Postgres can keep. */
import { bodyParser } from '@koa/bodyparser';
import type { Context } from 'koa';
import type { FieldError } from '../../shared/errors.ts';
import { HttpProblem } from './problem.ts';

/** A program definition has at most 512 KiB; nothing else comes near. */
const LIMIT_BYTES = 1024 * 1024;
/** Deeper than any schema of ours; recursion over a deeper body could exhaust the stack. */
const DEEPEST = 64;

export type BodyKind = 'json' | 'form';

const MEDIA_TYPES: Record<BodyKind, string> = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
};

const parse = bodyParser({
  enableTypes: ['json', 'form'],
  jsonLimit: LIMIT_BYTES,
  formLimit: LIMIT_BYTES,
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
  return { raw, value: raw === '' ? {} : ctx.request.body };
};

const hasBody = (ctx: Context): boolean =>
  ctx.req.headers['transfer-encoding'] !== undefined || Number(ctx.req.headers['content-length'] ?? 0) > 0;

const explain = (error: Error): HttpProblem => {
  const status = 'status' in error ? error.status : undefined;
  if (status === 413) {
    return new HttpProblem(413, 'tooLarge', `A body may have ${LIMIT_BYTES} bytes at most.`, { Connection: 'close' });
  }
  if (status === 415) return new HttpProblem(415, 'unsupportedType', 'This encoding of the body is not understood.');
  return new HttpProblem(400, 'malformed', `The body cannot be read: ${error.message}`);
};

/** NUL bytes and half surrogate pairs, which Postgres refuses, and nesting too deep, each named by its path. */
export const findUnstorable = (root: unknown): FieldError[] => {
  const faults: FieldError[] = [];
  const open: { value: unknown; path: string; depth: number }[] = [{ value: root, path: '', depth: 0 }];
  for (let at = open.pop(); at !== undefined && faults.length < 10; at = open.pop()) {
    const { value, path, depth } = at;
    if (typeof value === 'string') {
      if (!isStorable(value)) faults.push({ path, message: 'Holds characters that are not text.', code: 'not_text' });
    } else if (typeof value === 'object' && value !== null) {
      if (depth >= DEEPEST) return [{ path, message: `Nested deeper than ${DEEPEST}.`, code: 'too_deep' }];
      for (const [name, inner] of Object.entries(value)) {
        if (!isStorable(name)) faults.push({ path, message: 'Holds a name that is not text.', code: 'not_text' });
        open.push({ value: inner, path: path === '' ? name : `${path}.${name}`, depth: depth + 1 });
      }
    }
  }
  return faults;
};

const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\0');
