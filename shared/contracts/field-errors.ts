/** From zod's issues to the field errors of a problem: one line per field, named as in the request. */
import type { z } from 'zod';
import type { FieldError } from '../errors.ts';

/** More than these help nobody; a hostile body could otherwise ask for megabytes. */
const MOST = 100;

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** Lists what is wrong, at most 100 fields; `prefix` goes in front of each path, e.g. `query`. */
export const fieldErrors = (error: z.ZodError, prefix?: string): FieldError[] =>
  error.issues.flatMap((issue) => describe(issue, prefix === undefined ? [] : [prefix])).slice(0, MOST);

const describe = (issue: Issue, before: Path): FieldError[] => {
  const path = [...before, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => line([...path, key], 'This field is not known here.', issue.code));
  }
  if (issue.code === 'invalid_union') {
    const closest = closestBranch(issue.errors);
    return closest
      ? closest.flatMap((inner) => describe(inner, path))
      : [line(path, kindsOf(issue.errors) ?? issue.message, issue.code)];
  }
  return [line(path, issue.message, issue.code)];
};

/**
 * The branch of a union that the value came closest to: where only the last bits are wrong. Null when no branch was
 * entered at all, so that the union's own message says it best.
 */
const closestBranch = (branches: Issue[][]): Issue[] | null => {
  const entered = branches.filter((branch) => branch.length > 0 && branch.every((issue) => !isWrongKind(issue)));
  const [best] = entered.sort((a, b) => a.length - b.length);
  return best ?? null;
};

/** The value as a whole is of another type than the branch takes. */
const isWrongKind = (issue: Issue): boolean => issue.path.length === 0 && issue.code === 'invalid_type';

/** Which types the branches would have taken; null when they differ in more than their type. */
const kindsOf = (branches: Issue[][]): string | null => {
  const kinds = branches.flatMap(([first]) => (first?.code === 'invalid_type' ? [first.expected] : []));
  return kinds.length > 0 && kinds.length === branches.length
    ? `Invalid input: expected ${[...new Set(kinds)].join(' or ')}`
    : null;
};

const line = (path: Path, message: string, code: string | undefined): FieldError => ({
  path: path.map(String).join('.'),
  message,
  ...(code === undefined ? {} : { code }),
});
