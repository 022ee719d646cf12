/**
 * What differs between two definitions, in the words of their authors: `diffDefinitions(before, after) -> DefinitionChange[]`. Steps are
 * matched by key, signals by name, options and buttons by value; fields are compared down to the one that differs. Pure.
 */

import type { ProgramDefinition } from '../definition.ts';
import type { StepKey } from '../state.ts';
import { commonSubsequence } from './common-subsequence.ts';
import { summarize } from './diff-summary.ts';

export interface Difference {
  /** `moved`: its order among what is in both has changed. */
  kind: 'added' | 'removed' | 'moved' | 'changed';
  /** Null where it is not about one step. */
  stepKey: StepKey | null;
  /** From the root; steps and signals by their names, other items of lists by position: `steps.welcome.buttons.0.label`. */
  path: string;
  /** What was there; null where nothing was. For `moved`: the name of what it stood behind, null at the beginning. */
  before: unknown;
  /** What is there; null where nothing is. For `moved`: the name of what it stands behind now. */
  after: unknown;
}

export interface DefinitionChange extends Difference {
  /** The same as a plain sentence. */
  summary: string;
}

/** Every difference, in the order of `after`; empty exactly when both say the same. */
export function diffDefinitions(before: ProgramDefinition, after: ProgramDefinition): DefinitionChange[] {
  const found: Difference[] = [];
  compare(before, after, { path: [], stepKey: null, found });
  return found.map((difference) => ({ ...difference, summary: summarize(difference) }));
}

interface Place {
  path: string[];
  stepKey: StepKey | null;
  found: Difference[];
}

function report(at: Place, kind: Difference['kind'], before: unknown, after: unknown): void {
  at.found.push({ kind, stepKey: at.stepKey, path: at.path.join('.'), before: before ?? null, after: after ?? null });
}

function within(at: Place, name: string): Place {
  const stepKey = at.path.length === 1 && at.path[0] === 'steps' ? (name.split('#')[0] ?? name) : at.stepKey;
  return { ...at, stepKey, path: [...at.path, name] };
}

function compare(before: unknown, after: unknown, at: Place): void {
  if (before === undefined || after === undefined) {
    if (before !== after) report(at, before === undefined ? 'added' : 'removed', before, after);
  } else if (Array.isArray(before) && Array.isArray(after)) {
    compareLists(before, after, at);
  } else if (isRecord(before) && isRecord(after) && before.type === after.type) {
    compareRecords(before, after, at);
  } else if (fingerprint(before) !== fingerprint(after)) {
    report(at, 'changed', before, after);
  }
}

function compareRecords(before: Record<string, unknown>, after: Record<string, unknown>, at: Place): void {
  const own = (record: Record<string, unknown>, name: string) =>
    Object.hasOwn(record, name) ? record[name] : undefined;
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  for (const name of names) compare(own(before, name), own(after, name), within(at, name));
}

function compareLists(before: unknown[], after: unknown[], at: Place): void {
  const field = IDENTITIES.find((name) => identifies(before, name) && identifies(after, name));
  if (field === undefined) compareByPlace(before, after, at);
  else compareByName(namedItems(before, field), namedItems(after, field), at);
}

/** What names an item of a list, the surest first. */
const IDENTITIES = ['key', 'name', 'value', 'goal'] as const;
type Identity = (typeof IDENTITIES)[number];

/** A draft may have two steps of one key; in other lists an item's name must be its own. */
function identifies(list: unknown[], field: Identity): boolean {
  const names = list.map((item) => (isRecord(item) ? item[field] : undefined));
  return names.every((name) => typeof name === 'string') && (field === 'key' || new Set(names).size === names.length);
}

interface Named {
  id: string;
  item: unknown;
}

function namedItems(list: unknown[], field: Identity): Named[] {
  const met = new Map<string, number>();
  return list.map((item) => {
    const name = String((item as Record<string, unknown>)[field]);
    const count = (met.get(name) ?? 0) + 1;
    met.set(name, count);
    return { id: count === 1 ? name : `${name}#${count}`, item };
  });
}

function compareByName(before: Named[], after: Named[], at: Place): void {
  const old = new Map(before.map(({ id, item }, i) => [id, { item, behind: before[i - 1]?.id ?? null }]));
  const kept = new Set(after.map(({ id }) => id));
  const here = (id: string, position: number) => within(at, /^[\w-]+(#\d+)?$/.test(id) ? id : String(position));
  for (const [i, { id, item }] of before.entries()) if (!kept.has(id)) report(here(id, i), 'removed', item, null);
  const stayed = inOrder(before, after);
  for (const [i, { id, item }] of after.entries()) {
    const earlier = old.get(id);
    if (!earlier) {
      report(here(id, i), 'added', null, item);
      continue;
    }
    if (!stayed.has(id)) report(here(id, i), 'moved', earlier.behind, after[i - 1]?.id ?? null);
    compare(earlier.item, item, here(id, i));
  }
}

/** The most that can be said to have kept their order, so that one that moved does not make the others move. */
function inOrder(before: Named[], after: Named[]): Set<string> {
  const ids = before.map(({ id }) => id);
  const common = commonSubsequence(
    ids,
    after.map(({ id }) => id),
  );
  return new Set(common.map(([i]) => ids[i] ?? ''));
}

/** Items without names: equal ones are matched first, then what stands between them, pair by pair. */
function compareByPlace(before: unknown[], after: unknown[], at: Place): void {
  const equal = commonSubsequence(before.map(fingerprint), after.map(fingerprint));
  let from = { i: 0, j: 0 };
  for (const [i, j] of [...equal, [before.length, after.length] as const]) {
    const pairs = Math.max(i - from.i, j - from.j);
    for (let k = 0; k < pairs; k += 1) {
      const old = from.i + k < i ? before[from.i + k] : undefined;
      const isThere = from.j + k < j;
      compare(old, isThere ? after[from.j + k] : undefined, within(at, String(isThere ? from.j + k : from.i + k)));
    }
    from = { i: i + 1, j: j + 1 };
  }
}

/** The same text for the same value, whatever the order of its fields. */
function fingerprint(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(fingerprint).join()}]`;
  if (!isRecord(value)) return JSON.stringify(value) ?? '';
  const fields = Object.keys(value).sort();
  const given = fields.filter((name) => value[name] !== undefined);
  return `{${given.map((name) => `${JSON.stringify(name)}:${fingerprint(value[name])}`).join()}}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
