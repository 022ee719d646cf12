/** Sets a trait (a value, or a text with variables) or puts a tag on the coachee or takes it off. */
import { z } from 'zod';
import type { FactValue, JsonValue } from '../state.ts';
import { valueOfTemplate, variablesOf } from '../templates.ts';
import { checkBraces, factValue, stepFields, tagName, textReadings, variableName } from './fields.ts';
import { goesOn, type StepFinding, stepKind } from './kind.ts';
import { tagging } from './tag.ts';

const TRAIT_TEXT_MAX = 2000;

const schema = z
  .strictObject({
    type: z.literal('set'),
    ...stepFields,
    trait: variableName.optional(),
    /** A text that is a single variable passes its value as it is: a number stays a number. */
    value: factValue.optional(),
    tag: tagName.optional(),
    /** False takes the tag off. */
    present: z.boolean().optional(),
  })
  .refine(({ trait, tag }) => (trait === undefined) !== (tag === undefined), 'set has either a trait or a tag')
  .refine(
    ({ trait, value }) => (trait === undefined) === (value === undefined),
    'a trait, and only a trait, has a value',
  )
  .refine(({ tag, present }) => tag !== undefined || present === undefined, 'only a tag has `present`');

export const set = stepKind({
  schema,
  enter({ trait = '', value = '', tag, present = true }, { known }) {
    if (tag !== undefined) return tagging(tag, present);
    const now = typeof value === 'string' ? asTrait(valueOfTemplate(value, known, TRAIT_TEXT_MAX)) : value;
    return {
      move: 'goOn',
      changes: [
        { trait, value: now },
        { record: 'traitSet', detail: { trait, value: now } },
      ],
    };
  },
  exits: () => [goesOn],
  reads: ({ value }) => textReadings(textOf(value), ['value']),
  check({ trait, value }) {
    const reads = variablesOf(textOf(value));
    const fromItself = reads.some(({ path: [root, name] }) => root === 'traits' && name === trait);
    return [...checkBraces(textOf(value), ['value']), ...(fromItself ? [setFromItself] : [])];
  },
});

function textOf(value: FactValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** A trait is a text, a number or yes/no; what a webhook gave beyond that becomes its JSON. */
function asTrait(value: JsonValue): FactValue {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value).slice(0, TRAIT_TEXT_MAX) : value;
}

const setFromItself: StepFinding = {
  code: 'traitSetFromItself',
  severity: 'error',
  path: ['value'],
  message: 'This trait is set from its own value, so doing it twice would not be the same as doing it once.',
  remedy: 'Set it from an answer, or keep the new value in a trait of another name.',
};
