/** From an error to problem details (RFC 9457): the one place where HTTP learns what our errors mean. */
import { ConnectionException, UniqueConstraintViolationException } from '@mikro-orm/core';
import type { Problem } from '../../shared/contracts/http.ts';
import { CairnError, type ErrorType } from '../../shared/errors.ts';

/** A problem that only HTTP knows: a method that is not there, a body that is no JSON, a request too many. */
export class HttpProblem extends Error {
  readonly status: number;
  readonly kind: string;
  readonly headers: Record<string, string>;

  /** `kind` ends the problem's type URI; `message` is a plain sentence for the caller. */
  constructor(status: number, kind: string, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.name = 'HttpProblem';
    this.status = status;
    this.kind = kind;
    this.headers = headers;
  }
}

export interface ProblemReply {
  body: Problem;
  headers: Record<string, string>;
}

const STATUS: Record<ErrorType, number> = {
  invalid: 422,
  unauthenticated: 401,
  forbidden: 403,
  notFound: 404,
  conflict: 409,
  gone: 410,
  tooLarge: 413,
  tooManyRequests: 429,
  unavailable: 503,
};

const TITLES: Record<string, string> = {
  malformed: 'The request cannot be read',
  invalid: 'The request does not fit',
  unauthenticated: 'Sign in first',
  forbidden: 'Not allowed',
  notFound: 'Not found',
  methodNotAllowed: 'Not possible here',
  conflict: 'Not possible now',
  gone: 'No longer there',
  tooLarge: 'Too large',
  unsupportedType: 'Wrong content type',
  tooManyRequests: 'Too many requests',
  unavailable: 'Not available at the moment',
  internal: 'Something went wrong on our side',
};

const HEADERS: Partial<Record<ErrorType, Record<string, string>>> = {
  unauthenticated: { 'WWW-Authenticate': 'Bearer realm="cairn"' },
  unavailable: { 'Retry-After': '5' },
};

/** Describes any error to the caller; what is not made for callers becomes a 500 (or 503) without details. */
export const toProblem = (error: unknown, request: { id: string; path: string }): ProblemReply => {
  const { status, kind, detail, headers, more } = explain(error);
  const body: Problem = {
    type: `urn:cairn:problem:${kind}`,
    title: TITLES[kind] ?? 'The request failed',
    status,
    ...(detail === undefined ? {} : { detail }),
    instance: request.path,
    requestId: request.id,
    ...more,
  };
  return { body, headers };
};

interface Explanation {
  status: number;
  kind: string;
  detail?: string;
  headers: Record<string, string>;
  more?: Record<string, unknown>;
}

const explain = (error: unknown): Explanation => {
  if (error instanceof HttpProblem) {
    return { status: error.status, kind: error.kind, detail: error.message, headers: error.headers };
  }
  if (error instanceof CairnError) {
    const errors = error.fields.length > 0 ? { errors: error.fields } : {};
    return {
      status: STATUS[error.type],
      kind: error.type,
      detail: error.message,
      headers: HEADERS[error.type] ?? {},
      more: { ...error.detail, ...errors },
    };
  }
  if (error instanceof UniqueConstraintViolationException) {
    return { status: 409, kind: 'conflict', detail: 'Somebody else did the same at this very moment.', headers: {} };
  }
  if (isUnreachable(error)) {
    return {
      status: 503,
      kind: 'unavailable',
      detail: 'A server that this needs does not answer.',
      headers: HEADERS.unavailable ?? {},
    };
  }
  return { status: 500, kind: 'internal', headers: {} };
};

const UNREACHABLE = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', '57P01', '57P03', '53300']);

/** Postgres could not be reached, went away, or has no connection left. */
const isUnreachable = (error: unknown): boolean => {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (at instanceof ConnectionException) return true;
    if ('code' in at && typeof at.code === 'string' && UNREACHABLE.has(at.code)) return true;
    if (/Connection terminated|timeout exceeded when trying to connect/.test(at.message)) return true;
  }
  return false;
};
