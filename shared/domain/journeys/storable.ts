/** What Postgres and JSON can keep: no NUL, no halves of characters (`\uD83D` alone). */
import type { JsonValue } from './state.ts';

/** The value with such characters taken out or replaced (U+FFFD); the very value when there are none. */
export function storable<Value extends JsonValue | object>(value: Value): Value {
  return isStorable(value) ? value : (clean(value) as Value);
}

export function isStorableText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return isStorableText(value);
  if (typeof value !== 'object' || value === null) return true;
  for (const name of Object.keys(value)) {
    if (!isStorableText(name) || !isStorable((value as Record<string, unknown>)[name])) return false;
  }
  return true;
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('\0', '').toWellFormed();
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(clean);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [clean(name), clean(inner)]));
}
