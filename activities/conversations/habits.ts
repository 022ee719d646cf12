/** What coachees say of their habits, and of their reminders. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { Coachee } from '../../shared/db/entities/journeys.ts';
import { forCreator } from '../../shared/db/orm.ts';
import type { ReminderPress } from '../../shared/domain/reminders/press.ts';
import {
  type HabitAnswer,
  habitList,
  pressReminder,
  sayToHabits,
  takeBack,
} from '../../shared/services/reminder-answers.ts';
import { endReminders, pauseReminders } from '../../shared/services/reminder-schedules.ts';
import { conversationId } from '../../temporal/ids.ts';
import type { Spoken } from './spoken.ts';

/** Does what the button of a reminder says. */
export const answerReminder = async (spoken: Spoken, press: ReminderPress): Promise<string> =>
  (await heard(spoken, (em, coachee, nowMs) => pressReminder(em, coachee, press, { nowMs })))?.text ?? '';

/** Our answer to words about habits; null where they are about something else. */
export const answerOfHabits = async (spoken: Spoken, text: string): Promise<string | null> => {
  const key = `${conversationId(spoken.coacheeId)}/${spoken.id}`;
  const answer = await heard(spoken, (em, coachee, nowMs) => sayToHabits(em, coachee, text, { key, nowMs }));
  return answer?.text ?? null;
};

export const answerUndo = async (spoken: Spoken): Promise<string> => (await heard(spoken, takeBack))?.text ?? '';

export const listHabits = async ({ orm, creatorId, coacheeId }: Spoken): Promise<string> => {
  const em = forCreator(orm, creatorId);
  return em.transactional(async (tx) => habitList(tx, await tx.findOneOrFail(Coachee, { id: coacheeId }), Date.now()));
};

/** Silence, its end, or an end of all habits and reminders. Tells whether that was a change. */
export const controlReminders = async (spoken: Spoken, control: 'pause' | 'resume' | 'stop'): Promise<boolean> => {
  const { orm, creatorId, coacheeId, nudgeReminders } = spoken;
  const changed = await forCreator(orm, creatorId).transactional(async (tx) =>
    control === 'stop'
      ? endReminders(tx, await tx.findOneOrFail(Coachee, { id: coacheeId }), Date.now())
      : pauseReminders(tx, coacheeId, control === 'pause'),
  );
  if (changed) void nudgeReminders({ creatorId, coacheeId }).catch(() => {});
  return changed;
};

/** Writes it down, and then tells whom it concerns. */
const heard = async <Answer extends HabitAnswer | null>(
  { orm, creatorId, coacheeId, nudge, nudgeReminders }: Spoken,
  hear: (em: EntityManager, coachee: Coachee, nowMs: number) => Promise<Answer>,
): Promise<Answer> => {
  const answer = await forCreator(orm, creatorId).transactional(async (tx) =>
    hear(tx, await tx.findOneOrFail(Coachee, { id: coacheeId }), Date.now()),
  );
  if (answer) {
    void nudge(answer.concerned).catch(() => {});
    void nudgeReminders({ creatorId, coacheeId }).catch(() => {});
  }
  return answer;
};
