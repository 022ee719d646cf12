/** Starts the run of a committed enrollment (design rule 5). */
import type { CreatorId, EnrollmentId } from '../../shared/contracts/ids.ts';
import { forCreator } from '../../shared/db/orm.ts';
import { markRunStarted, startOf } from '../../shared/services/journeys.ts';
import type { AppParts } from '../app-parts.ts';

/** Starts and confirms; safe to repeat. Throws where Temporal cannot be reached: the reconcile starts the run then. */
export const startRun = async (
  { orm, runs }: Pick<AppParts, 'orm' | 'runs'>,
  creatorId: CreatorId,
  id: EnrollmentId,
) => {
  await runs.start(await startOf(forCreator(orm, creatorId), id));
  await markRunStarted(forCreator(orm, creatorId), id);
};
