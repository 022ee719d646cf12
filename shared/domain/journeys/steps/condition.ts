/**
 * Conditions of branches: `{answer: 'mood', gte: 4}`, `{trait: 'goal', exists: true}`, `{tag: 'vip'}`,
 * `{result: 'lookup.city', eq: 'Oslo'}`, `{signal: 'paid.amount', gt: 0}`, joined by `all`, `any` and `not`.
 */
import { z } from 'zod';
import { CHECK_INS_KEPT } from '../facts.ts';
import { type Known, lookUp } from '../known.ts';
import type { FactValue, JsonValue } from '../state.ts';
import { entitlementName, factValue, habitName, stepKey, tagName, variableName } from './fields.ts';
import { fold } from './fold.ts';
import type { FieldPath, Reading } from './kind.ts';

/** How deep `all`, `any` and `not` may be nested: deeper ones nobody can read. */
const CONDITION_DEPTH_MAX = 8;

export interface Condition {
  answer?: string | undefined;
  trait?: string | undefined;
  result?: string | undefined;
  signal?: string | undefined;
  tag?: string | undefined;
  /** The coachee has a right to it. */
  entitled?: string | undefined;
  /** A habit: the share of its check-ins that were done, of the `last` so many (7 by default); missing before the first. */
  adherence?: string | undefined;
  last?: number | undefined;
  all?: Condition[] | undefined;
  any?: Condition[] | undefined;
  not?: Condition | undefined;
  eq?: FactValue | undefined;
  ne?: FactValue | undefined;
  gt?: number | undefined;
  gte?: number | undefined;
  lt?: number | undefined;
  lte?: number | undefined;
  in?: FactValue[] | undefined;
  contains?: FactValue | undefined;
  exists?: boolean | undefined;
}

const VALUE_SUBJECTS = ['answer', 'trait', 'result', 'signal', 'adherence'] as const;
const SUBJECTS = [...VALUE_SUBJECTS, 'tag', 'entitled', 'all', 'any', 'not'] as const;
const COMPARISONS = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in', 'contains', 'exists'] as const;

const path = z
  .string()
  .regex(/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+$/, 'a name, a dot and a field: lookup.city')
  .max(200);

export const conditionSchema: z.ZodType<Condition> = z
  .strictObject({
    answer: stepKey.optional(),
    trait: variableName.optional(),
    result: path.optional(),
    signal: path.optional(),
    tag: tagName.optional(),
    entitled: entitlementName.optional(),
    adherence: habitName.optional(),
    last: z.int().min(1).max(CHECK_INS_KEPT).optional(),
    all: z
      .array(z.lazy(() => conditionSchema))
      .min(1)
      .max(20)
      .optional(),
    any: z
      .array(z.lazy(() => conditionSchema))
      .min(1)
      .max(20)
      .optional(),
    not: z.lazy(() => conditionSchema).optional(),
    eq: factValue.optional(),
    ne: factValue.optional(),
    gt: z.number().optional(),
    gte: z.number().optional(),
    lt: z.number().optional(),
    lte: z.number().optional(),
    in: z.array(factValue).min(1).max(100).optional(),
    contains: factValue.optional(),
    exists: z.boolean().optional(),
  })
  .superRefine((condition, context) => {
    const problem = shapeProblem(condition);
    if (problem) context.addIssue({ code: 'custom', message: problem });
  })
  .meta({ id: 'Condition' });

function shapeProblem(condition: Condition): string | null {
  const subjects = SUBJECTS.filter((name) => condition[name] !== undefined);
  if (subjects.length !== 1) return `a condition has exactly one of ${SUBJECTS.join(', ')}`;
  if (condition.last !== undefined && condition.adherence === undefined) return 'only an adherence has `last`';
  const comparisons = COMPARISONS.filter((name) => condition[name] !== undefined).length;
  const wanted = VALUE_SUBJECTS.some((name) => name === subjects[0]) ? 1 : 0;
  if (comparisons === wanted) return null;
  return wanted ? `exactly one of ${COMPARISONS.join(', ')} is needed here` : `${subjects[0]} takes no comparison`;
}

/** A condition that people can still read. */
export const shallowCondition = conditionSchema.refine(
  (condition) => conditionDepth(condition) <= CONDITION_DEPTH_MAX,
  `all, any and not may be nested ${CONDITION_DEPTH_MAX} deep at most`,
);

/** How many levels of all, any and not there are. */
function conditionDepth({ all, any, not }: Condition): number {
  const inner = [...(all ?? []), ...(any ?? []), ...(not ? [not] : [])];
  return inner.length === 0 ? 0 : 1 + Math.max(...inner.map(conditionDepth));
}

export function holds(condition: Condition, known: Known): boolean {
  const { tag, entitled, adherence, all, any, not } = condition;
  if (tag !== undefined) return known.facts.tags.includes(tag);
  if (entitled !== undefined) return known.facts.entitlements.includes(entitled);
  if (adherence !== undefined) return compare(condition, adherenceOf(adherence, condition.last, known));
  if (all) return all.every((inner) => holds(inner, known));
  if (any) return any.some((inner) => holds(inner, known));
  if (not) return !holds(not, known);
  return compare(condition, lookUp(variableOf(condition), known));
}

/**
 * Whether it holds when a journey begins, for whomever: null where that depends on the person. Nobody has given an answer yet, and no
 * result or signal has come.
 */
export function holdsAtStart(condition: Condition): boolean | null {
  const { answer, result, signal, all, any, not } = condition;
  if (all) return joined(all.map(holdsAtStart), false);
  if (any) return joined(any.map(holdsAtStart), true);
  if (not) return negated(holdsAtStart(not));
  return answer === undefined && result === undefined && signal === undefined ? null : compare(condition, undefined);
}

/** `decisive` decides alone; the contrary only where all agree. */
function joined(parts: (boolean | null)[], decisive: boolean): boolean | null {
  if (parts.includes(decisive)) return decisive;
  return parts.includes(null) ? null : !decisive;
}

function negated(part: boolean | null): boolean | null {
  return part === null ? null : !part;
}

const LAST_CHECK_INS = 7;

function adherenceOf(habit: string, last = LAST_CHECK_INS, { facts: { checkIns } }: Known): number | undefined {
  const latest = (Object.hasOwn(checkIns, habit) ? (checkIns[habit] ?? []) : []).slice(-last);
  return latest.length === 0 ? undefined : latest.filter(Boolean).length / latest.length;
}

/** Nothing is equal to, more than or part of a value that is missing; it is only `ne` to all. Kinds are not mixed: "7" is not 7. */
function compare(condition: Condition, value: JsonValue | undefined): boolean {
  if (condition.exists !== undefined) return (value !== undefined && value !== null) === condition.exists;
  if (condition.eq !== undefined) return value === condition.eq;
  if (condition.ne !== undefined) return value !== condition.ne;
  if (condition.in) return condition.in.some((one) => one === value);
  if (condition.contains !== undefined) return contains(value, condition.contains);
  return typeof value === 'number' && inRange(condition, value);
}

function inRange({ gt, gte, lt, lte }: Condition, value: number): boolean {
  if (gt !== undefined) return value > gt;
  if (gte !== undefined) return value >= gte;
  if (lt !== undefined) return value < lt;
  return lte !== undefined && value <= lte;
}

/** A list has the very value; a text has the words, case and accents aside. */
function contains(value: JsonValue | undefined, part: FactValue): boolean {
  if (Array.isArray(value)) return value.includes(part);
  return typeof value === 'string' && typeof part === 'string' && fold(value).includes(fold(part));
}

function variableOf({ answer, trait, result, signal, adherence }: Condition): string[] {
  if (adherence !== undefined) return ['adherence', adherence];
  if (answer !== undefined) return ['answers', answer];
  if (trait !== undefined) return ['traits', trait];
  if (result !== undefined) return ['results', ...result.split('.')];
  return ['signals', ...(signal ?? '').split('.')];
}

export function conditionReadings(condition: Condition, at: FieldPath): Reading[] {
  const { tag, entitled, all, any, not } = condition;
  if (tag !== undefined || entitled !== undefined) return [];
  if (not) return conditionReadings(not, [...at, 'not']);
  const list = all ?? any;
  if (list) return list.flatMap((inner, i) => conditionReadings(inner, [...at, all ? 'all' : 'any', i]));
  const subject = VALUE_SUBJECTS.find((name) => condition[name] !== undefined) ?? 'answer';
  return [{ variable: variableOf(condition), path: [...at, subject] }];
}
