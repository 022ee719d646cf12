/** The day in the course of which somebody takes a habit up. */
import { expect, it } from 'vitest';
import type { CoacheeHabit, Habit } from '../../shared/db/entities/habits.ts';
import type { DayRecord } from '../../shared/domain/habits/evaluate.ts';
import { standingOf } from '../../shared/services/habit-standing.ts';

const habit = {
  rules: {
    ...{ measure: { kind: 'yesNo' }, schedule: { kind: 'daily' }, dayStart: '02:00' },
    ...{ backfillDays: 2, freezesPerMonth: 0, restDays: [] },
  },
} as unknown as Habit;

/** The first two days of a habit that begins on 2 March, seen on the third. */
const firstDays = (createdAt: string, records: DayRecord[] = []): string[] => {
  const row = { startDate: '2026-03-02', endDate: null, enrollmentId: null, closedTo: '2026-03-03' };
  const kept = { ...row, createdAt: new Date(createdAt) } as unknown as CoacheeHabit;
  const { days } = standingOf({ kept, habit }, [], records, { today: '2026-03-04', timeZone: 'Europe/Berlin' });
  return days.slice(0, 2).map(({ status }) => status);
};

it('is no miss, be it that a reminder went out', () => {
  expect(firstDays('2026-03-02T14:00:00Z')).toEqual(['excused', 'missed']);
  // At one in the morning of the third it is the second still.
  expect(firstDays('2026-03-03T00:30:00Z')).toEqual(['excused', 'missed']);
  const record = { date: '2026-03-02', done: 0, amount: 0, skipped: false };
  expect(firstDays('2026-03-02T14:00:00Z', [{ ...record, reminded: 'proven' }])[0]).toBe('missed');
  expect(firstDays('2026-03-02T14:00:00Z', [{ ...record, done: 1, reminded: 'none' }])[0]).toBe('done');
});

it('is a day like any where the start was planned, or set back', () => {
  expect(firstDays('2026-03-01T14:00:00Z')).toEqual(['missed', 'missed']);
  expect(firstDays('2026-03-04T08:00:00Z')).toEqual(['missed', 'missed']);
});
