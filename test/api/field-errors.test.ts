import { expect, test } from 'vitest';
import { z } from 'zod';
import { fieldErrors } from '../../shared/contracts/field-errors.ts';

const errorsOf = (schema: z.ZodType, value: unknown, prefix?: string) => {
  const parsed = schema.safeParse(value);
  if (parsed.success) throw new Error('this fits');
  return fieldErrors(parsed.error, prefix).map(({ path, message }) => [path, message]);
};

test('paths are written as in the request, with what they are part of in front', () => {
  const schema = z.strictObject({ steps: z.array(z.strictObject({ next: z.string() })) });
  expect(errorsOf(schema, { steps: [{ next: 'a' }, { next: 1 }] })).toEqual([
    ['steps.1.next', expect.stringContaining('expected string')],
  ]);
  expect(errorsOf(z.strictObject({ limit: z.int() }), { limit: 'x' }, 'query')[0]?.[0]).toBe('query.limit');
});

test('every field that is not known has a line of its own', () => {
  const schema = z.strictObject({ inner: z.strictObject({}) });
  expect(errorsOf(schema, { a: 1, inner: { b: 2 } }).map(([path]) => path)).toEqual(['inner.b', 'a']);
});

test('of a union it tells what is wrong with the branch that was meant', () => {
  const button = z.union([
    z.strictObject({ value: z.string() }),
    z.strictObject({ label: z.string(), url: z.string() }),
  ]);
  expect(errorsOf(z.array(button), [{ label: 'Read', url: 7 }])).toEqual([
    ['0.url', expect.stringContaining('string')],
  ]);
});

test('of a union of simple values it tells which are possible', () => {
  const fact = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
  expect(errorsOf(fact, { goal: [] })).toEqual([['goal', 'Invalid input: expected string or number or boolean']]);
});

test('more than a hundred are not told', () => {
  expect(
    errorsOf(
      z.array(z.string()),
      Array.from({ length: 500 }, () => 1),
    ),
  ).toHaveLength(100);
});
