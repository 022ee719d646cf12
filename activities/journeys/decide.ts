/** Decides what a journey does next, and writes it down in the same transaction: timeline, projection, traits, messages. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { Context } from '@temporalio/activity';
import { formatLocal, resolveWait } from '../../shared/calendar/local-time.ts';
import type { CoacheeId, CreatorId, EnrollmentId } from '../../shared/contracts/ids.ts';
import { forCreator, type Orm } from '../../shared/db/orm.ts';
import { catchUp } from '../../shared/domain/journeys/catch-up.ts';
import { localized } from '../../shared/domain/journeys/localize.ts';
import type { DecideInput, DecideOutput } from '../../shared/domain/journeys/run.ts';
import { factsOf } from '../../shared/services/coachee-facts.ts';
import { decideTurns, loadForDecision, writeDecision } from '../../shared/services/decisions.ts';
import { effectKey, journeyId, refOfEffectKey } from '../../temporal/ids.ts';

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
  const { timeZone, language } = coachee;
  const keyOf = (stepKey: string, occurrence: number) => effectKey(journeyId(enrollmentId), stepKey, occurrence);
  const facts = await factsOf(em, coachee, definition);
  const decided = await decideTurns(em, coachee, {
    definition: localized(definition, language ?? null),
    ...{ run: input.run, event: input.event, nowMs: input.nowMs, facts, timeZone },
    calendar: { resolveWait, formatLocal },
    msPerDay: enrollment.testMsPerDay ?? null,
    keyOf,
  });
  const { event, nowMs } = input;
  const parent = enrollment.parentKey == null ? null : refOfEffectKey(enrollment.parentKey);
  const { handedOver, tell } = await writeDecision(em, {
    ...{ ...decided, enrollment, coachee, facts, keyOf, parent, runId, event, nowMs },
  });
  const [{ verdict }] = decided.turns;
  const { run } = decided.turns.at(-1) ?? decided.turns[0];
  const output = { run, verdict, ...(tell.length > 0 && { tell }) };
  return { output, ...(handedOver && { toAnnounce: coachee.id }) };
};
