/** Puts the habits in that the programs of Cairn give, each with a reminder. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { createHabitRequest } from '../shared/contracts/habits.ts';
import type { CreatorId } from '../shared/contracts/ids.ts';
import { createReminderRequest } from '../shared/contracts/reminder-rules.ts';
import { Habit } from '../shared/db/entities/habits.ts';
import { createHabit } from '../shared/services/habits.ts';
import { createReminder } from '../shared/services/reminder-rules.ts';

const DAYS = ['MO', 'WE', 'FR'];

/** By the strength program, from its eighth week on. */
const session = {
  habit: {
    ...{ name: 'strength-session', title: 'Your strength session', freezesPerMonth: 1 },
    schedule: { kind: 'weekdays', days: DAYS },
  },
  reminder: {
    text: 'Three rounds today, {{coachee.name|strong one}}? One round counts as well.',
    rule: { times: ['18:30'], days: DAYS },
    snoozes: [{ minutes: 60 }, { time: '20:30' }],
  },
};

/** What is there stays as people have made it since. */
export const seedHabits = async (em: EntityManager, creatorId: CreatorId): Promise<void> => {
  const habit = createHabitRequest.parse(session.habit);
  if (await em.findOne(Habit, { name: habit.name })) return;
  const { id: habitId } = await createHabit(em, creatorId, habit);
  await createReminder(em, creatorId, createReminderRequest.parse({ ...session.reminder, habitId }));
};
