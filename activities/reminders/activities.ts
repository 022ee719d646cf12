/** The look that a coachee's reminders take; their messages are sent like any other. */
import type { CoacheeId, CreatorId } from '../../shared/contracts/ids.ts';
import { forCreator, type Orm } from '../../shared/db/orm.ts';
import { type SettledReminders, settleReminders } from '../../shared/services/reminder-settling.ts';
import { effectKey, remindersId } from '../../temporal/ids.ts';
import { translated } from '../errors.ts';

export interface ReminderDeps {
  orm: Orm;
  /** Lets journeys look again; best effort, the reconcile tells those that were not reached. */
  nudge: (enrollmentIds: string[]) => Promise<void>;
}

export interface LookInput {
  creatorId: string;
  coacheeId: string;
  nowMs: number;
}

export const createReminderActivities = ({ orm, nudge }: ReminderDeps) =>
  translated({
    /** Decides what is due; run as a local activity, so it stays within milliseconds. Time zones are resolved here and nowhere else (design rule 2). */
    settle: async ({ creatorId, coacheeId, nowMs }: LookInput): Promise<Omit<SettledReminders, 'concerned'>> => {
      const em = forCreator(orm, creatorId as CreatorId);
      const keyOf = (stepKey: string, occurrence: number) => effectKey(remindersId(coacheeId), stepKey, occurrence);
      const { concerned, ...settled } = await em.transactional((tx) =>
        settleReminders(tx, coacheeId as CoacheeId, nowMs, keyOf),
      );
      // Not waited for: the note of the change outlives it.
      void nudge(concerned).catch(() => {});
      return settled;
    },
  });

export type ReminderActivities = ReturnType<typeof createReminderActivities>;
