/**
 * Bounds on JSON that people send, checked before a schema that calls itself looks at it: deep nesting would exhaust the
 * stack, and Postgres keeps neither NUL nor halves of characters.
 */
import { isStorableText } from '../domain/journeys/storable.ts';

export interface JsonBounds {
  maxDepth: number;
  maxBytes: number;
}

export interface BoundsProblem {
  path: (string | number)[];
  message: string;
}

/** The first thing that is out of bounds, or null. Bytes are counted as UTF-8 of the JSON text. */
export function boundsProblem(value: unknown, { maxDepth, maxBytes }: JsonBounds): BoundsProblem | null {
  const problem = contentProblem(value, maxDepth);
  if (problem) return problem;
  const bytes = new TextEncoder().encode(JSON.stringify(value) ?? '').length;
  return bytes <= maxBytes ? null : { path: [], message: `Larger than ${maxBytes / 1024} KiB.` };
}

/** The first place that is nested too deep or holds what Postgres cannot keep, or null. Size is not looked at. */
export function contentProblem(value: unknown, maxDepth: number): BoundsProblem | null {
  const open: { value: unknown; path: (string | number)[] }[] = [{ value, path: [] }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value: inner, path } = next;
    if (path.length > maxDepth) return { path, message: `Nested more than ${maxDepth} deep.` };
    if (typeof inner === 'string' && !isStorableText(inner)) {
      return { path, message: 'This text has characters that cannot be kept (NUL or half of a character).' };
    }
    if (typeof inner !== 'object' || inner === null) continue;
    for (const [name, field] of Object.entries(inner)) {
      if (!isStorableText(name)) return { path, message: 'A field name has characters that cannot be kept.' };
      open.push({ value: field, path: [...path, Array.isArray(inner) ? Number(name) : name] });
    }
  }
  return null;
}
