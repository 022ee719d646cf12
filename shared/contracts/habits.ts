/** Habits over HTTP: what a creator asks people to keep up. */
import { z } from 'zod';
import { habitName, timeOfDay } from '../domain/journeys/steps/fields.ts';
import { WEEKDAY_CODES } from '../domain/reminders/rule.ts';
import { instant, pageOf, pageQuery } from './http.ts';
import { habitId } from './ids.ts';
import { flag } from './journeys.ts';

const weekdays = z
  .array(z.enum(WEEKDAY_CODES))
  .max(7)
  .refine((days) => new Set(days).size === days.length, 'each weekday once');

const measure = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('yesNo'),
      timesPerDay: z.int().min(1).max(50).default(1).meta({ description: 'So many check-ins make the day done' }),
    }),
    z.strictObject({
      kind: z.literal('amount'),
      target: z.number().positive().max(1_000_000).meta({ description: 'A day’s, in `unit`', example: 3 }),
      unit: z.string().trim().min(1).max(30).meta({ example: 'glasses' }),
    }),
  ])
  .meta({ id: 'HabitMeasure', example: { kind: 'amount', target: 3, unit: 'glasses' } });

const schedule = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('daily') }),
    z.strictObject({ kind: z.literal('weekdays'), days: weekdays.min(1) }),
    z.strictObject({
      kind: z.literal('everyNDays'),
      n: z.int().min(2).max(366).meta({ description: 'Counted from each coachee’s start date' }),
    }),
    z.strictObject({
      kind: z.literal('timesPerWeek'),
      times: z.int().min(1).max(7).meta({ description: 'On days of the coachee’s choice, Monday to Sunday' }),
    }),
  ])
  .meta({ id: 'HabitSchedule', example: { kind: 'daily' } });

const title = z.string().trim().min(1).max(100).meta({ example: 'Drink water' });
const dayStart = timeOfDay
  .refine((time) => time < '12:00', 'before 12:00')
  .meta({ description: 'Local time; until then it still is yesterday', example: '02:00' });
const backfillDays = z.int().min(0).max(31).meta({ description: 'Days back that may still be filled in' });
const freezesPerMonth = z.int().min(0).max(31).meta({
  description: 'Misses that each calendar month forgives; of weeks, where the habit goes by weeks',
});
const restDays = weekdays.meta({ description: 'Nothing is asked on them, and nothing is missed', example: ['SU'] });

export const createHabitRequest = z
  .strictObject({
    name: habitName.meta({ description: 'What programs call it; no other habit has it', example: 'water' }),
    title,
    measure: measure.default({ kind: 'yesNo', timesPerDay: 1 }),
    schedule: schedule.default({ kind: 'daily' }),
    dayStart: dayStart.default('00:00'),
    backfillDays: backfillDays.default(2),
    freezesPerMonth: freezesPerMonth.default(0),
    restDays: restDays.default([]),
  })
  .meta({ id: 'CreateHabitRequest' });

export const changeHabitRequest = z
  .strictObject({
    title: title.optional(),
    measure: measure.optional(),
    schedule: schedule.optional(),
    dayStart: dayStart.optional(),
    backfillDays: backfillDays.optional(),
    freezesPerMonth: freezesPerMonth.optional(),
    restDays: restDays.optional(),
    archived: z.literal(false).optional().meta({ description: 'Brings back one that was put away' }),
  })
  .meta({ id: 'ChangeHabitRequest' });

export const habit = z
  .object({
    id: habitId,
    name: z.string(),
    title: z.string(),
    measure,
    schedule,
    dayStart: z.string(),
    backfillDays: z.int(),
    freezesPerMonth: z.int(),
    restDays: weekdays,
    archivedAt: instant.nullable(),
    createdAt: instant,
  })
  .meta({ id: 'Habit' });
export const habitPage = pageOf('Habit', habit);
export const habitQuery = pageQuery.extend({
  includeArchived: flag.meta({ description: 'Those that were put away as well' }),
});

export type CreateHabitRequest = z.output<typeof createHabitRequest>;
export type ChangeHabitRequest = z.output<typeof changeHabitRequest>;
export type HabitQuery = z.output<typeof habitQuery>;
