/** One utterance of a coachee, as whoever answers it is told of it. */
import type { Client } from '@temporalio/client';
import type { CoacheeId, CreatorId, EnrollmentId, InboundId } from '../../shared/contracts/ids.ts';
import { forCreator, type Orm } from '../../shared/db/orm.ts';
import { takerOf } from '../../shared/services/inbox.ts';
import type { ScheduleRef } from '../../shared/services/reminder-schedules.ts';

export interface RouteDeps {
  orm: Orm;
  temporal: Client;
  /** Lets journeys look again, and the coachee's reminders; best effort, the reconcile tells those that were not reached. */
  nudge: (enrollmentIds: string[]) => Promise<void>;
  nudgeReminders: (ref: ScheduleRef) => Promise<void>;
}

export interface Spoken extends RouteDeps {
  creatorId: CreatorId;
  coacheeId: CoacheeId;
  /** Names the utterance: the journey takes it once under this id. */
  id: InboundId;
}

/** The journey that took it, in this attempt or in one that ended before it could tell; null when none did. */
export const takerOfSpoken = ({ orm, creatorId, id }: Spoken): Promise<EnrollmentId | null> =>
  takerOf(forCreator(orm, creatorId), id);
