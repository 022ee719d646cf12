/**
 * One order for the fields of a value: that of its schema; free-form records are sorted. So the same content gives the same bytes, also
 * after Postgres's jsonb has put the keys in an order of its own.
 */
import { z } from 'zod';

/** `value`, parsed by `schema`, with its fields in order; fields that are undefined are left out. */
export const canonical = (schema: z.core.$ZodType, value: unknown): unknown => {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'object':
      return isRecord(value) ? inOrderOf(def.shape, value) : plain(value);
    case 'array':
      return Array.isArray(value) ? value.map((item) => canonical(def.element, item)) : plain(value);
    case 'record':
      return isRecord(value) ? sorted(value, (field) => canonical(def.valueType, field)) : plain(value);
    case 'union': {
      const branch = branchOf(def, value);
      return branch ? canonical(branch, value) : plain(value);
    }
    case 'pipe':
      return canonical(def.out, value);
    case 'lazy':
      return canonical(def.getter(), value);
    default:
      return 'innerType' in def && value !== null ? canonical(def.innerType, value) : plain(value);
  }
};

const inOrderOf = (shape: Readonly<Record<string, z.core.$ZodType>>, value: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(shape).flatMap(([name, schema]) =>
      Object.hasOwn(value, name) && value[name] !== undefined ? [[name, canonical(schema, value[name])]] : [],
    ),
  );

type Union = z.core.$ZodUnionDef & { discriminator?: string };

/** The branch that the value is of: by the field that tells them apart, else the first one that takes it. */
const branchOf = ({ options, discriminator }: Union, value: unknown): z.core.$ZodType | undefined => {
  if (discriminator === undefined || !isRecord(value)) return options.find((one) => z.safeParse(one, value).success);
  const tag = value[discriminator] as z.core.util.Primitive;
  return options.find((one) => one._zod.propValues?.[discriminator]?.has(tag));
};

/** What no schema orders: any JSON. A negative zero is none in JSON. */
const plain = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(plain);
  if (isRecord(value)) return sorted(value, plain);
  return typeof value === 'number' ? value + 0 : value;
};

const sorted = (value: Record<string, unknown>, each: (field: unknown) => unknown) =>
  Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, field]) => [name, each(field)]),
  );

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
