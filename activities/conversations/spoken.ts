/** One utterance of a coachee, as whoever answers it is told of it. */
import type { Client } from '@temporalio/client';
import type { CoacheeId, CreatorId, InboundId } from '../../shared/contracts/ids.ts';
import { forCreator, type Orm } from '../../shared/db/orm.ts';
import { isTaken } from '../../shared/services/inbox.ts';

export interface RouteDeps {
  orm: Orm;
  temporal: Client;
}

export interface Spoken extends RouteDeps {
  creatorId: CreatorId;
  coacheeId: CoacheeId;
  /** Names the utterance: the journey takes it once under this id. */
  id: InboundId;
}

/** Whether a journey took it, in this attempt or in one that ended before it could tell. */
export const wasTaken = ({ orm, creatorId, id }: Spoken): Promise<boolean> => isTaken(forCreator(orm, creatorId), id);
