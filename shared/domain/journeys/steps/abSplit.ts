/**
 * Draws one of several ways by lot, by weight. Whoever was drawn once stays there, in every version and every program that draws for the same
 * trait: the variant is kept as a trait of the coachee, where texts and conditions can read it.
 */
import { z } from 'zod';
import { drawByWeight } from '../draw.ts';
import { stepFields, stepKey, variableName } from './fields.ts';
import { goesOn, type StepFinding, stepKind } from './kind.ts';

const variant = z.strictObject({
  value: z.string().min(1).max(64),
  weight: z.int().min(0).max(1_000_000).default(1),
  goTo: stepKey.optional(),
});

const schema = z.strictObject({
  type: z.literal('abSplit'),
  ...stepFields,
  /** Names the experiment. */
  trait: variableName,
  variants: z.array(variant).min(2).max(20),
});

export const abSplit = stepKind({
  schema,
  enter({ trait, variants }, { known: { facts } }) {
    const kept = Object.hasOwn(facts.traits, trait) ? facts.traits[trait] : undefined;
    const known = variants.find(({ value }) => value === kept);
    const { value, goTo } = known ?? drawByWeight(variants, `${facts.id}/${trait}`);
    const changes = [
      ...(known ? [] : [{ trait, value }]),
      { record: 'drawn' as const, detail: { trait, value, again: known !== undefined } },
    ];
    return goTo === undefined ? { move: 'goOn', changes } : { move: 'goTo', stepKey: goTo, changes };
  },
  exits: ({ variants }) => [
    ...variants.flatMap(({ goTo }, i) =>
      goTo === undefined ? [] : [{ to: goTo, path: ['variants', i, 'goTo'], pause: 'none' as const }],
    ),
    ...(variants.some(({ goTo }) => goTo === undefined) ? [goesOn] : []),
  ],
  check({ variants }) {
    const values = variants.map(({ value }) => value);
    return [
      ...(variants.every(({ weight }) => weight === 0) ? [withoutWeight] : []),
      ...values.flatMap((value, i) => (values.indexOf(value) < i ? [twice(value, i)] : [])),
    ];
  },
});

const withoutWeight: StepFinding = {
  code: 'splitWithoutWeight',
  severity: 'error',
  path: ['variants'],
  message: 'No variant has any weight, so there is nothing to draw.',
  remedy: 'Give at least one variant a weight above 0.',
};

function twice(value: string, position: number): StepFinding {
  return {
    code: 'duplicateVariant',
    severity: 'error',
    path: ['variants', position, 'value'],
    message: `Two variants are called "${value}", so that nobody could tell who was drawn for which.`,
    remedy: 'Give each variant a value of its own.',
  };
}
