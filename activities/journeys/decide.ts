/** Decides what a journey does next, and writes it down in the same transaction: timeline, projection, traits, messages. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { Context } from '@temporalio/activity';
import { formatLocal, resolveWait } from '../../shared/calendar/local-time.ts';
import type { CoacheeId, CreatorId, EnrollmentId } from '../../shared/contracts/ids.ts';
import { forCreator, type Orm } from '../../shared/db/orm.ts';
import { catchUp } from '../../shared/domain/journeys/catch-up.ts';
import type { JourneyRef } from '../../shared/domain/journeys/enrollments.ts';
import { localized } from '../../shared/domain/journeys/localize.ts';
import type { DecideInput, DecideOutput } from '../../shared/domain/journeys/run.ts';
import { factsOf } from '../../shared/services/coachee-facts.ts';
import { decideTurns, loadForDecision, writeDecision } from '../../shared/services/decisions.ts';
import { enrollAfterDecision, startOfCohort } from '../../shared/services/journey-ways-in.ts';
import { openMove, settleMove } from '../../shared/services/moves.ts';
import type { ScheduleRef } from '../../shared/services/reminder-schedules.ts';
import { effectKey, journeyId, refOfEffectKey } from '../../temporal/ids.ts';

export interface DecideDeps {
  orm: Orm;
  /** Tells open web chats that there is something new; best effort. */
  announce: (coacheeId: string) => Promise<void>;
  /** Starts the run of an enrollment that a decision has made. */
  startRun: (ref: JourneyRef) => Promise<void>;
  /** Lets the coachee's reminders look again. */
  nudgeReminders: (ref: ScheduleRef) => Promise<void>;
}

/** Makes the activity; it is run as a local one, so it must stay within milliseconds. */
export const createDecide =
  ({ orm, announce, startRun, nudgeReminders }: DecideDeps) =>
  async (input: DecideInput): Promise<DecideOutput> => {
    const runId = Context.current().info.workflowExecution?.runId ?? '';
    const em = forCreator(orm, input.creatorId as CreatorId);
    const { output, toAnnounce, toStart = [], toRemind } = await em.transactional((tx) => decide(tx, input, runId));
    // Not waited for: a Redis that is away must not hold journeys up, and the next hint heals a lost one.
    if (toAnnounce) void announce(toAnnounce).catch(() => {});
    // Nor is this: the reconcile starts what was not started, and tells who was not told.
    for (const ref of toStart) void startRun(ref).catch(() => {});
    if (toRemind) void nudgeReminders({ creatorId: input.creatorId, coacheeId: toRemind }).catch(() => {});
    return output;
  };

const decide = async (
  em: EntityManager,
  input: DecideInput,
  runId: string,
): Promise<{ output: DecideOutput; toAnnounce?: CoacheeId; toStart?: JourneyRef[]; toRemind?: CoacheeId }> => {
  const enrollmentId = input.enrollmentId as EnrollmentId;
  const { enrollment, coachee, definition } = await loadForDecision(em, enrollmentId);
  const committed = catchUp(input, runId, enrollment.lastDecision ?? null);
  if (committed) return { output: committed };
  const { timeZone, language } = coachee;
  const before = { tags: coachee.tags, endedAt: enrollment.endedAt };
  const keyOf = (stepKey: string, occurrence: number) => effectKey(journeyId(enrollmentId), stepKey, occurrence);
  const move = await openMove(em, enrollment, definition, input);
  const livesBy = move?.definition ?? definition;
  const facts = await factsOf(em, coachee, livesBy);
  const begun = await startOfCohort(em, input, { enrollment, coachee });
  const decided = await decideTurns(em, coachee, {
    definition: localized(livesBy, language ?? null),
    ...{ run: move?.run ?? input.run, event: move?.event ?? begun, nowMs: input.nowMs, facts, timeZone },
    calendar: { resolveWait, formatLocal },
    msPerDay: enrollment.testMsPerDay ?? null,
    keyOf,
  });
  if (move) settleMove(move, enrollment, decided.turns);
  const { event, nowMs } = input;
  const parent = enrollment.parentKey == null ? null : refOfEffectKey(enrollment.parentKey);
  const { handedOver, tell, reminds } = await writeDecision(em, {
    ...{ ...decided, enrollment, coachee, facts, keyOf, parent, runId, event, nowMs },
  });
  const toStart = await enrollAfterDecision(em, { enrollment, coachee, definition: livesBy, before });
  const [{ verdict }] = decided.turns;
  const { run } = decided.turns.at(-1) ?? decided.turns[0];
  const output = { run, verdict, ...(tell.length > 0 && { tell }) };
  const told = { ...(handedOver && { toAnnounce: coachee.id }), ...(reminds && { toRemind: coachee.id }) };
  return { output, toStart, ...told };
};
