/** What a coachee keeps up, over HTTP: their habits, check-ins, vacations, and how it goes. */
import { z } from 'zod';
import { habitName } from '../domain/journeys/steps/fields.ts';
import { instant, pageOf, pageQuery } from './http.ts';
import { checkInId, coacheeId, cohortId, enrollmentId, habitId, programId, vacationId } from './ids.ts';
import { localDate } from './reminders.ts';

export const habitDay = z
  .object({
    date: z.iso.date(),
    status: z
      .enum(['done', 'partial', 'missed', 'frozen', 'skipped', 'excused', 'vacation', 'rest', 'notDue', 'open'])
      .meta({
        description:
          '`partial`: begun and not done; `frozen`: a miss that the month forgave; `excused`: a reminder was due and none provably went out',
      }),
    progress: z.number().meta({ description: '0 to 1 of what the day asks for' }),
    amount: z.number(),
  })
  .meta({ id: 'HabitDay' });

export const habitStanding = z
  .object({
    today: habitDay.nullable().meta({ description: 'Null before the first day and after the last' }),
    streak: z.object({ current: z.int(), longest: z.int(), unit: z.enum(['days', 'weeks']) }),
    strength: z.number().meta({ description: '0 to 1: an exponentially smoothed share of what was done' }),
    freezesLeft: z.int().meta({ description: 'Of this month' }),
    adherence: z.object({ done: z.int(), counted: z.int() }).meta({ description: 'Days, since the habit began' }),
  })
  .meta({ id: 'HabitStanding' });

const startDate = localDate.meta({ description: 'The first day; today on the coachee’s clock, unless named' });
const endDate = localDate.meta({ description: 'The last day', example: '2027-03-02' });

export const keepHabitRequest = z
  .strictObject({ habitId, startDate: startDate.optional(), endDate: endDate.optional() })
  .meta({ id: 'KeepHabitRequest' });

export const changeKeptHabitRequest = z
  .strictObject({
    startDate: startDate.optional().meta({ description: 'Of one that has not begun yet' }),
    endDate: endDate.nullable().optional().meta({ description: 'Null goes on' }),
  })
  .meta({ id: 'ChangeKeptHabitRequest' });

export const keptHabit = z
  .object({
    habitId,
    name: z.string(),
    title: z.string(),
    startDate: z.iso.date(),
    endDate: z.iso.date().nullable(),
    enrollmentId: enrollmentId.nullable().meta({ description: 'The journey that gave it to them, if one did' }),
    standing: habitStanding,
  })
  .meta({ id: 'KeptHabit' });
export const keptHabits = z.object({ items: z.array(keptHabit) }).meta({ id: 'KeptHabits' });

export const vacationRequest = z
  .strictObject({
    from: localDate.meta({ description: 'The first day', example: '2026-07-06' }),
    to: localDate.meta({ description: 'The last day', example: '2026-07-19' }),
  })
  .refine(({ from, to }) => from <= to, { path: ['to'], message: 'is before `from`' })
  .meta({ id: 'VacationRequest' });
export const vacation = z
  .object({ id: vacationId, from: z.iso.date(), to: z.iso.date(), createdAt: instant })
  .meta({ id: 'Vacation' });
export const vacations = z.object({ items: z.array(vacation) }).meta({ id: 'Vacations' });

export const checkInRequest = z
  .strictObject({
    habitId: habitId.optional(),
    habit: habitName.optional().meta({ description: 'Its name, in place of `habitId`', example: 'water' }),
    act: z.enum(['done', 'notDone', 'skip']).meta({
      description: '`notDone` counts for nothing but is kept; `skip`: not today, and no miss either',
      example: 'done',
    }),
    amount: z.number().positive().max(1_000_000).optional().meta({
      description: 'Of a habit that is counted, in its unit, added to the day’s; with `done` and none, what is lacking',
      example: 2,
    }),
    date: localDate.optional().meta({ description: 'The habit’s day; today, unless named', example: '2026-03-02' }),
    note: z.string().trim().min(1).max(1000).optional(),
  })
  .refine((given) => (given.habitId === undefined) !== (given.habit === undefined), {
    path: ['habitId'],
    message: 'either habitId or habit',
  })
  .refine(({ act, amount }) => act === 'done' || amount === undefined, {
    path: ['amount'],
    message: 'goes with `done` only',
  })
  .meta({ id: 'CheckInRequest', example: { habit: 'water', act: 'done', amount: 2 } });

export const checkIn = z
  .object({
    id: checkInId,
    habitId: habitId.nullable().meta({ description: 'Null: of a journey’s question, and of no habit that they keep' }),
    habit: z.string(),
    date: z.iso.date().nullable(),
    act: z.enum(['checkIn', 'skip']),
    done: z.boolean(),
    amount: z.number().nullable(),
    note: z.string().nullable(),
    source: z.enum(['journey', 'button', 'text', 'api']),
    at: instant,
    localTime: z.string(),
    undoneAt: instant.nullable(),
  })
  .meta({ id: 'CheckIn' });
export const checkInPage = pageOf('CheckIn', checkIn);
export const checkInQuery = pageQuery.extend({
  habitId: habitId.optional(),
  from: localDate.optional(),
  to: localDate.optional(),
});
export const loggedCheckIn = z
  .object({
    checkIn,
    duplicate: z.boolean().meta({ description: 'It had been logged before' }),
    standing: habitStanding,
  })
  .meta({ id: 'LoggedCheckIn' });
export const undoneCheckIn = z.object({ checkIn, standing: habitStanding }).meta({ id: 'UndoneCheckIn' });

/** Days of a calendar or a sum at most. */
const RANGE_MAX_DAYS = 400;
const inOrder = ({ from, to }: { from?: string | undefined; to?: string | undefined }): boolean =>
  from === undefined || to === undefined || (from <= to && Date.parse(to) - Date.parse(from) < RANGE_MAX_DAYS * DAY_MS);
const DAY_MS = 86_400_000;
const RANGE = { path: ['to'], message: `from \`from\` on, ${RANGE_MAX_DAYS} days at most` };

const range = { from: localDate.optional(), to: localDate.optional() };

export const calendarQuery = z.strictObject(range).refine(inOrder, RANGE);
export const habitCalendar = z
  .object({ habitId, from: z.iso.date(), to: z.iso.date(), days: z.array(habitDay) })
  .meta({ id: 'HabitCalendar' });

export const adherenceQuery = pageQuery
  .extend({
    ...range,
    habitId: habitId.optional(),
    coacheeId: coacheeId.optional(),
    programId: programId.optional(),
    cohortId: cohortId.optional(),
    groupBy: z.enum(['habit', 'coachee', 'program', 'cohort']).default('habit'),
  })
  .refine(inOrder, RANGE);
export const adherencePage = pageOf(
  'Adherence',
  z.object({
    key: z.uuid().meta({ description: 'Of the habit, coachee, program or cohort' }),
    done: z.int(),
    counted: z.int().meta({ description: 'Days that were asked for, done or not' }),
    adherence: z.number().meta({ description: '`done` of `counted`, 0 to 1; groups without such days are left out' }),
  }),
);

export type KeepHabitRequest = z.output<typeof keepHabitRequest>;
export type ChangeKeptHabitRequest = z.output<typeof changeKeptHabitRequest>;
export type CheckInRequest = z.output<typeof checkInRequest>;
export type CheckInQuery = z.output<typeof checkInQuery>;
export type AdherenceQuery = z.output<typeof adherenceQuery>;
