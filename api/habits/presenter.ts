/** From rows to what the API shows of habits and of who keeps them. */
import type { z } from 'zod';
import type { checkIn, habitStanding, keptHabit, vacation } from '../../shared/contracts/coachee-habits.ts';
import type { habit } from '../../shared/contracts/habits.ts';
import type { Habit, Vacation } from '../../shared/db/entities/habits.ts';
import type { CheckIn } from '../../shared/db/entities/journeys.ts';
import type { HabitStanding } from '../../shared/domain/habits/evaluate.ts';
import type { StandingHabit } from '../../shared/services/coachee-habits.ts';

export const presentHabit = (row: Habit): z.input<typeof habit> => ({
  id: row.id,
  name: row.name,
  title: row.title,
  measure: row.rules.measure,
  schedule: row.rules.schedule,
  dayStart: row.rules.dayStart,
  backfillDays: row.rules.backfillDays,
  freezesPerMonth: row.rules.freezesPerMonth,
  restDays: row.rules.restDays,
  archivedAt: row.archivedAt?.toISOString() ?? null,
  createdAt: row.createdAt.toISOString(),
});

export const presentStanding = (
  { days, streak, strength, freezesLeft, adherence }: HabitStanding,
  today: string,
): z.input<typeof habitStanding> => ({
  today: days.find(({ date }) => date === today) ?? null,
  ...{ streak, strength, freezesLeft, adherence },
});

export const presentKeptHabit = ({ kept, habit: of, standing, today }: StandingHabit): z.input<typeof keptHabit> => ({
  habitId: of.id,
  name: of.name,
  title: of.title,
  startDate: kept.startDate,
  endDate: kept.endDate ?? null,
  enrollmentId: kept.enrollmentId ?? null,
  standing: presentStanding(standing, today),
});

export const presentCheckIn = (row: CheckIn): z.input<typeof checkIn> => ({
  id: row.id,
  habitId: row.habitId ?? null,
  habit: row.habit,
  date: row.date ?? null,
  act: row.act,
  done: row.done,
  amount: row.amount == null ? null : Number(row.amount),
  note: row.note ?? null,
  source: row.source,
  at: row.at.toISOString(),
  localTime: row.localTime,
  undoneAt: row.undoneAt?.toISOString() ?? null,
});

export const presentVacation = (row: Vacation): z.input<typeof vacation> => ({
  id: row.id,
  from: row.fromDate,
  to: row.toDate,
  createdAt: row.createdAt.toISOString(),
});
