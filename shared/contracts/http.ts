/** What every HTTP request and answer has in common. */
import { z } from 'zod';

/** An instant as ISO 8601 in UTC, e.g. `2026-11-23T06:00:00.000Z`. */
export const instant = z.iso.datetime().meta({ description: 'ISO 8601, UTC' });

/** Which part of a list: at most `limit` items, from where `nextCursor` of the page before ended. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20).meta({ description: 'Items at most' }),
  cursor: z.string().min(1).max(500).optional().meta({ description: '`nextCursor` of the page before' }),
});
export type PageQuery = z.output<typeof pageQuery>;

/** A page of items; `nextCursor` is null on the last one. */
export const pageOf = <Item extends z.ZodType>(name: string, item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() }).meta({ id: `${name}Page` });

export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

export const fieldError = z
  .object({
    path: z.string().meta({ description: 'The field as in the request, e.g. `steps.3.next`', example: 'steps.3.next' }),
    message: z.string(),
    code: z.string().optional(),
  })
  .meta({ id: 'FieldError' });

/** Problem details (RFC 9457), media type `application/problem+json`; some problems carry facts of their own beside these. */
export const problem = z
  .looseObject({
    type: z.string().meta({ example: 'urn:cairn:problem:invalid' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    instance: z.string().optional().meta({ description: 'The path that was asked for' }),
    requestId: z.string().meta({ description: 'Also in the header X-Request-Id; name it when asking for help' }),
    errors: z.array(fieldError).optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.output<typeof problem>;
