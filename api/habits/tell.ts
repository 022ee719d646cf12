/** What follows the commit of a change: runs that go by it look again, and the reconcile tells those that could not be reached. */
import type { AppParts } from '../app-parts.ts';

type Tellers = Pick<AppParts, 'runs' | 'nudgeReminders'>;

/** One coachee's reminders, and the journeys that the change concerns. Throws where one cannot be reached, after the others were told. */
export const tellOfCoachee = async (
  { runs, nudgeReminders }: Tellers,
  ref: { creatorId: string; coacheeId: string },
  enrollmentIds: string[] = [],
): Promise<void> => {
  await all([nudgeReminders(ref), runs.nudge(enrollmentIds)]);
};

/** The reminders of several coachees. Throws where one cannot be reached, after the others were told. */
export const tellReminders = async (
  { nudgeReminders }: Tellers,
  creatorId: string,
  coacheeIds: string[],
): Promise<void> => {
  await all(coacheeIds.map((coacheeId) => nudgeReminders({ creatorId, coacheeId })));
};

const all = async (tellings: Promise<void>[]): Promise<void> => {
  const failed = (await Promise.allSettled(tellings)).find((told) => told.status === 'rejected');
  if (failed) throw failed.reason;
};
