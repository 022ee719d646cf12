/**
 * Texts with variables: `{{coachee.name}}`, `{{traits.goal}}`, `{{answers.mood}}`, `{{results.lookup.city}}`,
 * `{{signals.paid.amount}}`, each with an optional fallback: `{{traits.nickname|friend}}`.
 * A value is data: what looks like a variable inside it is shown as it is.
 */
import { type Known, lookUp, type VariablePath } from './known.ts';
import type { JsonValue } from './state.ts';

const VARIABLE = /\{\{\s*([A-Za-z0-9_.-]+)\s*(?:\|([^{}]*))?\}\}/g;
const ONE_VARIABLE = /^\{\{\s*([A-Za-z0-9_.-]+)\s*\}\}$/;

/** The text as a person reads it, at most `maxLength` characters. Missing values without a fallback leave nothing. */
export function renderText(template: string, known: Known, maxLength: number): string {
  const text = template.includes('{{')
    ? template.replace(VARIABLE, (_, path: string, fallback?: string) => {
        const value = readable(lookUp(path.split('.'), known));
        return value.trim() === '' ? (fallback ?? '').trim() : value;
      })
    : template;
  return clip(text, maxLength);
}

/**
 * A template's value for a machine (a webhook's body, a trait): a text that is exactly one variable passes the value
 * itself, so that a number stays a number; null where there is none. Anything else is rendered as text.
 */
export function valueOfTemplate(template: string, known: Known, maxLength: number): JsonValue {
  const only = ONE_VARIABLE.exec(template.trim())?.[1];
  return only === undefined ? renderText(template, known, maxLength) : (lookUp(only.split('.'), known) ?? null);
}

/** The paths of all variables in a template, in order, and whether each says what to show instead. */
export function variablesOf(template: string): { path: VariablePath; fallback: boolean }[] {
  return [...template.matchAll(VARIABLE)].map(([, path = '', fallback = '']) => ({
    path: path.split('.'),
    fallback: fallback.trim() !== '',
  }));
}

/** The template's own words, without what variables will put in. */
export function ownWords(template: string): string {
  return template.replace(VARIABLE, '');
}

/** Whether the text is blank when no variable has a value: such a message could not be sent. */
export function couldBeBlank(template: string): boolean {
  return template.replace(VARIABLE, (_, __, fallback?: string) => fallback ?? '').trim() === '';
}

/** Whether braces remain that look like a variable but are none: `{{answers.mood}`, `{{ my name }}`. */
export function hasBrokenVariable(template: string): boolean {
  return /\{\{|\}\}/.test(ownWords(template));
}

/** Lists are read as `a, b`; objects and null as nothing; yes/no values as the words. */
function readable(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.map(readable).filter(Boolean).join(', ');
  return typeof value === 'object' ? '' : String(value);
}

/** Cuts a text to `maxLength` UTF-16 units with an ellipsis, never through the middle of a character. */
function clip(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const cut = text.slice(0, maxLength - 1);
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}
