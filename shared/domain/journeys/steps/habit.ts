/** Gives the coachee a habit of the creator's, with its reminders, from today on; or ends it. docs/decisions/0027 says what becomes of it later. */
import { z } from 'zod';
import { habitName, stepFields } from './fields.ts';
import { type Change, goesOn, type StepFinding, type StepOutcome, stepKind } from './kind.ts';

const schema = z
  .strictObject({
    type: z.literal('habit'),
    ...stepFields,
    habit: habitName,
    /** Today is the first of so many days; without it the habit goes on until the journey ends. */
    forDays: z
      .int()
      .min(1)
      .max(1830)
      .optional()
      .meta({ description: 'Today is the first day; without it the habit ends with the journey' }),
    end: z.literal(true).optional().meta({ description: 'Ends it in place of giving it' }),
  })
  .refine(({ forDays, end }) => forDays === undefined || end === undefined, 'what ends has no `forDays`');

type HabitStep = z.output<typeof schema>;

export const habit = stepKind({
  schema,
  enter: (step, { known: { facts } }) => {
    const { habits } = facts;
    if (habits === undefined) return carriedOut(step);
    const state = Object.hasOwn(habits, step.habit) ? habits[step.habit] : undefined;
    return state === 'open' ? carriedOut(step) : notThere(step, state);
  },
  exits: () => [goesOn],
  givesHabit: ({ habit: name, end }) => (end ? null : name),
  endsHabit: ({ habit: name, end }) => (end ? name : null),
  check: ({ forDays = 0 }) => (forDays > DAYS_SENSIBLE ? [tooLong] : []),
});

function carriedOut({ habit: name, end, ...given }: HabitStep): StepOutcome {
  const forDays = given.forDays ?? null;
  const changes: Change[] = end
    ? [{ endHabit: name }, { record: 'habitEnded', detail: { habit: name } }]
    : [{ giveHabit: { habit: name, forDays } }, { record: 'habitGiven', detail: { habit: name, forDays } }];
  return { move: 'goOn', changes };
}

/** A journey does not stop for it: what it says is worth hearing all the same. */
function notThere({ habit: name, end }: HabitStep, state: 'putAway' | undefined): StepOutcome {
  const why = state === 'putAway' ? 'It was put away.' : 'There is no habit of that name.';
  return { move: 'goOn', changes: [{ record: 'habitLeftOut', detail: { habit: name, end: end ?? false, why } }] };
}

const DAYS_SENSIBLE = 366;

const tooLong: StepFinding = {
  code: 'habitForTooLong',
  severity: 'warning',
  path: ['forDays'],
  message: 'The coachee is reminded for more than a year, also after the journey has ended.',
  remedy:
    'Give it for some weeks, and again when they are over; or leave the field out, so that it ends with the journey.',
};
