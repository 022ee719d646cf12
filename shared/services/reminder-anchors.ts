/** Events that reminders count from. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { localAt } from '../calendar/slots.ts';
import { ReminderAnchor } from '../db/entities/habits.ts';
import type { Coachee } from '../db/entities/journeys.ts';
import { noteSchedule } from './reminder-schedules.ts';

/**
 * Notes that the event happened to the coachee today, where a rule of their creator follows it; the same event twice is one. Tells whether such a rule
 * applies to them: then their reminders are to be told once it is committed. Call inside a transaction.
 */
export const noteAnchor = async (
  em: EntityManager,
  { id: coacheeId, creatorId, timeZone }: Coachee,
  { eventId, event }: { eventId: string; event: string },
  nowMs: number,
): Promise<boolean> => {
  const [found] = await em.execute<{ follows: boolean; applies: boolean }[]>(
    `select count(*) > 0 as follows, coalesce(bool_or(coachee_id = :coacheeId or (coachee_id is null and habit_id in (
         select habit_id from coachee_habits where coachee_id = :coacheeId))), false) as applies
     from reminder_rules where archived_at is null and rule->'after'->>'event' = :event`,
    { coacheeId, event },
  );
  if (!found?.follows) return false;
  await em
    .createQueryBuilder(ReminderAnchor)
    .insert({ coacheeId, creatorId, eventId, event, date: localAt(nowMs, timeZone).date, createdAt: new Date(nowMs) })
    .onConflict()
    .ignore()
    .execute();
  if (found.applies) await noteSchedule(em, creatorId, coacheeId);
  return found.applies;
};
