/** What a decision writes beside its timeline, and whom else it concerns. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { formatLocal } from '../calendar/local-time.ts';
import { type CheckInId, type EnrollmentId, newId, type ReviewId } from '../contracts/ids.ts';
import { Delivery } from '../db/entities/channels.ts';
import { CheckIn, type Coachee, Enrollment, Review } from '../db/entities/journeys.ts';
import type { BookkeepingCommand } from '../domain/journeys/messages.ts';
import type { JourneyEffect, Told } from '../domain/journeys/run.ts';
import { noteChange } from './changes.ts';
import { isKeptOn, logCheckIn } from './check-ins.ts';
import type { DecisionToWrite } from './decisions.ts';
import { endHabit, giveHabit } from './habit-giving.ts';
import { keptHabits } from './habit-standing.ts';

/**
 * Writes down check-ins, habits, reviews and messages that are not wanted any more; each once, however often it is asked for. Tells whether that concerns a
 * habit that the coachee keeps: then their reminders are to be told.
 */
export const keepBooks = async (
  em: EntityManager,
  { enrollment, coachee, turns, keyOf, nowMs }: DecisionToWrite,
  bookkeeping: BookkeepingCommand[],
): Promise<boolean> => {
  let reminds = false;
  const { id: enrollmentId, creatorId } = enrollment;
  const journeyNowMs = turns[0].journeyNowMs;
  for (const command of bookkeeping) {
    if (command.type === 'Record' || command.type === 'SetTrait' || command.type === 'SetTag') continue;
    const { stepKey, occurrence } = command;
    const key = keyOf(stepKey, occurrence);
    const ref = { enrollmentId, stepKey, occurrence };
    switch (command.type) {
      case 'LogCheckIn': {
        const { habit, done, amount } = command;
        if (await logForJourney(em, coachee, { habit, done, amount, key, atMs: journeyNowMs })) reminds = true;
        break;
      }
      // Reminders come by the real clock, also in a test enrollment that lives faster.
      case 'GiveHabit':
        await giveHabit(em, { enrollment, coachee, nowMs }, command);
        reminds = true;
        break;
      case 'EndHabit':
        if (await endHabit(em, { enrollment, coachee, nowMs }, command.habit)) reminds = true;
        break;
      case 'OpenReview': {
        const { text, instructions } = command;
        const row = { id: newId<ReviewId>(), creatorId, ...ref, text, instructions, status: 'open' as const };
        await em
          .createQueryBuilder(Review)
          .insert(row)
          .onConflict(['enrollmentId', 'stepKey', 'occurrence'])
          .ignore()
          .execute();
        break;
      }
      case 'CloseReview':
        await em.nativeUpdate(Review, { ...ref, status: 'open' }, { status: command.status, decidedAt: new Date() });
        break;
      case 'Withdraw': {
        const reason = 'The journey went on before it could be sent.';
        await em.nativeUpdate(
          Delivery,
          { key, status: 'planned' },
          { status: 'dropped', reason, settledAt: new Date() },
        );
        break;
      }
      case 'LeaveSubprogram':
        break;
    }
  }
  return reminds;
};

/** A habit that the coachee keeps takes it in; any other is the journey's own. Tells which it was. */
const logForJourney = async (
  em: EntityManager,
  coachee: Coachee,
  { habit, ...said }: { habit: string; done: boolean; amount: number | null; key: string; atMs: number },
): Promise<boolean> => {
  const kept = (await keptHabits(em, coachee.id)).find((one) => one.habit.name === habit);
  if (kept && isKeptOn(kept, coachee, said.atMs)) {
    await logCheckIn(em, coachee, kept, { ...said, act: 'checkIn', source: 'journey' });
    return true;
  }
  const { id: coacheeId, creatorId, timeZone } = coachee;
  const { atMs, ...row } = said;
  const at = { at: new Date(atMs), localTime: formatLocal(atMs, timeZone) };
  await em
    .createQueryBuilder(CheckIn)
    .insert({ id: newId<CheckInId>(), creatorId, coacheeId, habit, ...row, ...at })
    .onConflict('key')
    .ignore()
    .execute();
  return false;
};

interface Concerned extends Pick<DecisionToWrite, 'enrollment' | 'parent' | 'keyOf'> {
  bookkeeping: BookkeepingCommand[];
  effect: JourneyEffect;
  /** Whether something that conditions may read has changed. */
  changed: boolean;
}

/**
 * Which other journeys are to be told, and what: a subprogram that its journey has left, the journey that waits for this one's end, and every other one of the
 * coachee when something changed that it may wait for.
 */
export const tellOthers = async (
  em: EntityManager,
  { enrollment, parent, keyOf, bookkeeping, effect, changed }: Concerned,
): Promise<Told[]> => {
  const told: Told[] = [];
  for (const command of bookkeeping) {
    if (command.type !== 'LeaveSubprogram') continue;
    const parentKey = keyOf(command.stepKey, command.occurrence);
    const child = await em.findOne(Enrollment, { parentKey, endedAt: null });
    const payload = { id: parentKey, reason: 'The program that it is a part of went on without it.' };
    if (child) told.push({ enrollmentId: child.id, signal: 'exit', payload });
  }
  if (parent && effect.kind === 'end') {
    const { enrollmentId, ...ref } = parent;
    const { status, outcome } = effect;
    told.push({ enrollmentId, signal: 'ended', payload: { id: enrollment.id, status, outcome, ...ref } });
  }
  if (!changed) return told;
  const others = await noteChange(em, enrollment.coacheeId, enrollment.id);
  return [...told, ...others.map(changedFor)];
};

const changedFor = (enrollmentId: EnrollmentId): Told => ({
  enrollmentId,
  signal: 'changed',
  payload: { id: newId<string>() },
});
