/** Decides what a journey does next, and writes it down in the same transaction: timeline, projection, traits, the message to be sent. */
import { Context } from '@temporalio/activity';
import { formatLocal, resolveWait } from '../../shared/calendar/local-time.ts';
import type { CreatorId, EnrollmentId } from '../../shared/contracts/ids.ts';
import { forCreator, type Orm } from '../../shared/db/orm.ts';
import { catchUp } from '../../shared/domain/journeys/catch-up.ts';
import type { DecideInput, DecideOutput } from '../../shared/domain/journeys/run.ts';
import { turn } from '../../shared/domain/journeys/turn.ts';
import { loadForDecision, writeDecision } from '../../shared/services/decisions.ts';
import { effectKey, journeyId } from '../../temporal/ids.ts';

/** Makes the activity; it is run as a local one, so it must stay within milliseconds. */
export const createDecide =
  ({ orm }: { orm: Orm }) =>
  (input: DecideInput): Promise<DecideOutput> => {
    const enrollmentId = input.enrollmentId as EnrollmentId;
    const runId = Context.current().info.workflowExecution?.runId ?? '';
    return forCreator(orm, input.creatorId as CreatorId).transactional(async (em) => {
      const { enrollment, coachee, definition } = await loadForDecision(em, enrollmentId);
      const committed = catchUp(input, runId, enrollment.lastDecision ?? null);
      if (committed) return committed;
      const { timeZone } = coachee;
      const decided = turn({
        definition,
        run: input.run,
        event: input.event,
        nowMs: input.nowMs,
        facts: { name: coachee.name, traits: coachee.traits, tags: coachee.tags },
        msPerDay: enrollment.testMsPerDay ?? null,
        keyOf: (stepKey, occurrence) => effectKey(journeyId(enrollmentId), stepKey, occurrence),
        resolve: (rule, nowMs) => resolveWait(rule, { nowMs, timeZone }),
        describe: (instantMs) => `${formatLocal(instantMs, timeZone)} (${timeZone})`,
      });
      await writeDecision(em, { enrollment, coachee, decided, runId, event: input.event, nowMs: input.nowMs });
      return { run: decided.run, verdict: decided.verdict };
    });
  };
