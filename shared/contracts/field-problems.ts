import type { z } from 'zod';
import { fieldPath } from '../domain/journeys/findings.ts';

/** A field, from the root of what was sent (`steps.3.text`; empty for the whole), and what is wrong with it. */
export interface FieldProblem {
  path: string;
  message: string;
}

/** A zod error as a problem document lists it; a field that does not exist is named by its own path. */
export function fieldProblems(error: z.ZodError): FieldProblem[] {
  return error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: fieldPath([...issue.path, key]), message: 'There is no such field.' }))
      : [{ path: fieldPath(issue.path), message: issue.message }],
  );
}
