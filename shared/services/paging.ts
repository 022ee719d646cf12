/** Cursors: an opaque mark of where a page ended, so that the next one neither skips nor repeats when rows come in between. */
import { z } from 'zod';
import type { Page } from '../contracts/http.ts';
import { invalid } from '../errors.ts';

/** Makes a cursor of the last item's sort keys. */
export const encodeCursor = (keys: (string | number)[]): string =>
  Buffer.from(JSON.stringify(keys), 'utf8').toString('base64url');

/**
 * Reads a cursor back as the sort keys that `shape` names.
 * @throws CairnError `invalid` when it is not one of ours or belongs to another list.
 */
export const decodeCursor = <Shape extends z.ZodType>(cursor: string, shape: Shape): z.output<Shape> => {
  let keys: unknown;
  try {
    keys = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    keys = undefined;
  }
  const parsed = shape.safeParse(keys);
  if (parsed.success) return parsed.data;
  throw invalid('This cursor does not belong to this list.', [
    { path: 'query.cursor', message: 'Use `nextCursor` of the page before, unchanged.' },
  ]);
};

const idCursor = z.tuple([z.uuid()]);

/** The id that an id-ordered list goes on from, or null at its start. Throws as `decodeCursor`. */
export const idAfter = <Id extends string>(cursor: string | undefined): Id | null =>
  cursor === undefined ? null : (decodeCursor(cursor, idCursor)[0] as Id);

/** Makes a page of `limit + 1` rows that were read: the one too many only says that there is more. */
export const toPage = <Row>(rows: Row[], limit: number, keys: (row: Row) => (string | number)[]): Page<Row> => {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last ? encodeCursor(keys(last)) : null };
};
