/** Reads a request's body: within its size, and of a type that the route takes. */
import { bodyParser } from '@koa/bodyparser';
import type { Context } from 'koa';
import { HttpProblem } from './problem.ts';

export type BodyKind = 'json' | 'form' | 'csv';

/** Of JSON a program definition has the most, 512 KiB. */
const LIMIT_BYTES: Record<BodyKind, number> = { json: 1024 * 1024, form: 1024 * 1024, csv: 5 * 1024 * 1024 };

const MEDIA_TYPES: Record<BodyKind, string> = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  csv: 'text/csv',
};

const parse = bodyParser({
  enableTypes: ['json', 'form', 'text'],
  extendTypes: { text: [MEDIA_TYPES.csv] },
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
  return { raw, value: raw === '' ? {} : ctx.request.body };
};

const hasBody = (ctx: Context): boolean =>
  ctx.req.headers['transfer-encoding'] !== undefined || Number(ctx.req.headers['content-length'] ?? 0) > 0;

const explain = (error: Error, ctx: Context): HttpProblem => {
  const status = 'status' in error ? error.status : undefined;
  if (status === 413) {
    const most = LIMIT_BYTES[ctx.is(MEDIA_TYPES.csv) ? 'csv' : 'json'];
    return new HttpProblem(413, 'tooLarge', `A body may have ${most} bytes at most.`, { Connection: 'close' });
  }
  if (status === 415) return new HttpProblem(415, 'unsupportedType', 'This encoding of the body is not understood.');
  return new HttpProblem(400, 'malformed', `The body cannot be read: ${error.message}`);
};
