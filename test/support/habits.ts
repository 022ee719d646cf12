/** Habits, who keeps them, and reminders of them. */
import {
  type CoacheeHabitId,
  type CoacheeId,
  type HabitId,
  newId,
  type ReminderRuleId,
} from '../../shared/contracts/ids.ts';
import { Message } from '../../shared/db/entities/conversations.ts';
import { CoacheeHabit, Habit, HabitDay, ReminderFire, ReminderRule } from '../../shared/db/entities/habits.ts';
import type { HabitRules } from '../../shared/domain/habits/rules.ts';
import type { ReminderOptions } from '../../shared/domain/reminders/fires.ts';
import type { ReminderRule as Rule } from '../../shared/domain/reminders/rule.ts';
import { noteSchedule } from '../../shared/services/reminder-schedules.ts';
import type { GivenCreator } from './factories.ts';

type Owner = Pick<GivenCreator, 'creatorId' | 'em'>;

const EVERY_DAY: HabitRules = {
  measure: { kind: 'yesNo' },
  schedule: { kind: 'daily' },
  dayStart: '00:00',
  backfillDays: 2,
  freezesPerMonth: 0,
  restDays: [],
};

/** A habit, every day by yes or no unless said otherwise. */
export const givenHabit = async (
  { creatorId, em }: Owner,
  { name = 'water', title = 'Drink water', ...rules }: Partial<HabitRules> & { name?: string; title?: string } = {},
): Promise<HabitId> => {
  const id = newId<HabitId>();
  await em().insert(Habit, { id, creatorId, name, title, rules: { ...EVERY_DAY, ...rules } });
  return id;
};

export const givenKeptHabit = async (
  { creatorId, em }: Owner,
  coacheeId: CoacheeId,
  habitId: HabitId,
  more: { startDate: string; endDate?: string },
): Promise<void> => {
  const { startDate, endDate = null } = more;
  await em().insert(CoacheeHabit, { id: newId<CoacheeHabitId>(), creatorId, coacheeId, habitId, startDate, endDate });
  await em().transactional((tx) => noteSchedule(tx, creatorId, coacheeId));
};

const OPTIONS: ReminderOptions = {
  escalation: [],
  snoozes: [{ minutes: 30 }],
  dropAfterMinutes: 180,
  stopWhenDone: true,
};

export const givenReminder = async (
  { creatorId, em }: Owner,
  rule: Rule,
  {
    habitId = null,
    coacheeId = null,
    text,
    kind = 'reminder',
    ...options
  }: Partial<ReminderOptions> & {
    habitId?: HabitId | null;
    coacheeId?: CoacheeId | null;
    text?: string | null;
    kind?: 'reminder' | 'digest';
  },
): Promise<ReminderRuleId> => {
  const id = newId<ReminderRuleId>();
  await em().insert(ReminderRule, {
    ...{
      id,
      creatorId,
      habitId,
      coacheeId,
      kind,
      text: text ?? null,
      rule,
      options: { ...OPTIONS, ...options },
      revision: 1,
    },
  });
  return id;
};

/** What was said, with the local time at which it was. */
export const remindersSaid = async ({ em }: Owner, coacheeId: CoacheeId): Promise<string[]> => {
  const rows = await em().find(
    Message,
    { coacheeId, direction: 'out', seq: { $ne: null } },
    { orderBy: { seq: 'asc' } },
  );
  return rows.map(({ text, localTime }) => `${localTime?.slice(0, 20)} ${text}`);
};

export const firesOf = ({ em }: Owner, coacheeId: CoacheeId): Promise<ReminderFire[]> =>
  em().find(ReminderFire, { coacheeId }, { orderBy: { date: 'asc', time: 'asc' } });

/** `2026-03-02 done`, of closed days. */
export const daysOf = async ({ em }: Owner, coacheeId: CoacheeId): Promise<string[]> => {
  const days = await em().find(HabitDay, { coacheeId }, { orderBy: { date: 'asc' } });
  return days.map(({ date, status }) => `${date} ${status}`);
};
