/**
 * One vocabulary of errors. Services throw these; each border translates them once: HTTP in api/middleware/errors.ts, Temporal in
 * activities/errors.ts, a channel in friendly words.
 */

/** One thing wrong with an input: `path` names the field as in the request, e.g. `steps.3.next`. */
export interface FieldError {
  path: string;
  message: string;
  code?: string;
}

export type ErrorType =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'notFound'
  | 'conflict'
  | 'gone'
  | 'tooLarge'
  | 'tooManyRequests'
  | 'unavailable';

/** Something that a caller can understand and act on; `message` is a plain sentence without secrets. */
export class CairnError extends Error {
  readonly type: ErrorType;
  readonly fields: FieldError[];
  /** Machine-readable facts that belong to the error, e.g. both versions of a lost race. */
  readonly detail: Record<string, unknown>;

  constructor(
    type: ErrorType,
    message: string,
    more: { fields?: FieldError[]; detail?: Record<string, unknown> } = {},
  ) {
    super(message);
    this.name = 'CairnError';
    this.type = type;
    this.fields = more.fields ?? [];
    this.detail = more.detail ?? {};
  }
}

/** A body or parameter that does not fit, with the fields that are wrong. */
export const invalid = (message: string, fields: FieldError[] = []) => new CairnError('invalid', message, { fields });

/** Nothing of that id is there, or it is another creator's: the two cannot be told apart. */
export const notFound = (what: string) => new CairnError('notFound', `There is no such ${what}.`);

export const conflict = (message: string, detail: Record<string, unknown> = {}) =>
  new CairnError('conflict', message, { detail });

/** Types of ApplicationFailure that a retry cannot cure (design rule 8). */
export const FAILURE = {
  /** The enrollment, definition or coachee that the run is about is not there. */
  missing: 'Missing',
  /** What the run asks for breaks a rule that will not change by waiting. */
  refused: 'Refused',
} as const;
