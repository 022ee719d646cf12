/** Decides what a journey does next, and writes it down in the same transaction: timeline, projection, traits, messages. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { Context } from '@temporalio/activity';
import { formatLocal, resolveWait } from '../../shared/calendar/local-time.ts';
import type { CoacheeId, CreatorId, EnrollmentId } from '../../shared/contracts/ids.ts';
import { forCreator, type Orm } from '../../shared/db/orm.ts';
import { catchUp } from '../../shared/domain/journeys/catch-up.ts';
import type { DecideInput, DecideOutput } from '../../shared/domain/journeys/run.ts';
import { decideTurns, loadForDecision, writeDecision } from '../../shared/services/decisions.ts';
import { effectKey, journeyId } from '../../temporal/ids.ts';

export interface DecideDeps {
  orm: Orm;
  /** Tells open web chats that there is something new; best effort. */
  announce: (coacheeId: string) => Promise<void>;
}

/** Makes the activity; it is run as a local one, so it must stay within milliseconds. */
export const createDecide =
  ({ orm, announce }: DecideDeps) =>
  async (input: DecideInput): Promise<DecideOutput> => {
    const runId = Context.current().info.workflowExecution?.runId ?? '';
    const em = forCreator(orm, input.creatorId as CreatorId);
    const { output, toAnnounce } = await em.transactional((tx) => decide(tx, input, runId));
    // Not waited for: a Redis that is away must not hold journeys up, and the next hint heals a lost one.
    if (toAnnounce) void announce(toAnnounce).catch(() => {});
    return output;
  };

const decide = async (
  em: EntityManager,
  input: DecideInput,
  runId: string,
): Promise<{ output: DecideOutput; toAnnounce?: CoacheeId }> => {
  const enrollmentId = input.enrollmentId as EnrollmentId;
  const { enrollment, coachee, definition } = await loadForDecision(em, enrollmentId);
  const committed = catchUp(input, runId, enrollment.lastDecision ?? null);
  if (committed) return { output: committed };
  const { timeZone } = coachee;
  const decided = await decideTurns(em, coachee, {
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
  const { event, nowMs } = input;
  const handedOver = await writeDecision(em, { ...decided, enrollment, coachee, runId, event, nowMs });
  const [{ verdict }] = decided.turns;
  const { run } = decided.turns.at(-1) ?? decided.turns[0];
  return { output: { run, verdict }, ...(handedOver && { toAnnounce: coachee.id }) };
};
