/** What a worker leaves behind that ends between the commit of a decision and the server's knowing of it. */
import { MockActivityEnvironment } from '@temporalio/testing';
import { createDecide } from '../../activities/journeys/decide.ts';
import { Enrollment } from '../../shared/db/entities/journeys.ts';
import type { JourneyEvent } from '../../shared/domain/journeys/messages.ts';
import { journeyId } from '../../temporal/ids.ts';
import type { StartedJourney } from './journey-run.ts';
import type { Stage } from './stage.ts';

/** Decides `event` for the journey as it stands; its run learns nothing of it. */
export const decideAndLose = async (
  { orm, world }: Stage,
  { creatorId, enrollmentId, em }: StartedJourney,
  event: JourneyEvent,
): Promise<void> => {
  const row = await em().findOneOrFail(Enrollment, { id: enrollmentId }, { populate: ['lastDecision'] });
  if (!row.lastDecision) throw new Error('the journey has decided nothing yet');
  const { runId, run } = row.lastDecision;
  const environment = new MockActivityEnvironment({
    workflowExecution: { workflowId: journeyId(enrollmentId), runId },
  });
  await environment.run(
    createDecide({ orm, announce: async () => {}, startRun: async () => {}, nudgeReminders: async () => {} }),
    {
      creatorId,
      enrollmentId,
      run,
      event,
      nowMs: await world.now(),
    },
  );
};
