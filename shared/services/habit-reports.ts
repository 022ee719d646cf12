/** What is reported over HTTP of a coachee's habits. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { CheckInQuery, CheckInRequest } from '../contracts/coachee-habits.ts';
import type { Page } from '../contracts/http.ts';
import type { CheckInId, CoacheeId } from '../contracts/ids.ts';
import { CheckIn } from '../db/entities/journeys.ts';
import { checkInOf } from '../domain/habits/report.ts';
import { invalid, notFound } from '../errors.ts';
import { holdStanding, type LoggedCheckIn, logCheckIn } from './check-ins.ts';
import { getCoachee } from './coachees.ts';
import { dayRecords, habitToday, keptHabits } from './habit-standing.ts';
import { idAfter, toPage } from './paging.ts';

/**
 * Logs what is said of a habit's day; call inside a transaction. Throws CairnError `notFound`, also where the coachee does not keep the habit; `invalid` as
 * `logCheckIn`, and for an amount of a habit that is not counted.
 */
export const reportHabit = async (
  em: EntityManager,
  coacheeId: CoacheeId,
  request: CheckInRequest,
  { key, atMs }: { key: string; atMs: number },
): Promise<LoggedCheckIn> => {
  const { habitId, habit: name, act, amount = null, date, note = null } = request;
  const coachee = await getCoachee(em, coacheeId);
  const kept = await keptHabits(em, coacheeId);
  const habit = kept.find(({ habit: one }) => (habitId === undefined ? one.name === name : one.id === habitId));
  if (!habit) throw notFound('habit');
  const { measure } = habit.habit.rules;
  if (amount !== null && measure.kind !== 'amount') throw notCounted();
  await holdStanding(em, coachee, [habit]);
  const today = habitToday(coachee.timeZone, habit, atMs);
  const records = (await dayRecords(em, coacheeId)).get(habit.habit.id) ?? [];
  const soFar = records.find((record) => record.date === (date ?? today))?.amount ?? 0;
  const checkIn = checkInOf(measure, amount === null ? { kind: act } : { kind: 'amount', amount }, soFar);
  return logCheckIn(em, coachee, habit, { ...checkIn, date, note, key, source: 'api', atMs });
};

const notCounted = () =>
  invalid('Some fields do not fit.', [{ path: 'amount', message: 'This habit is done or not; it counts no amount.' }]);

/** A page of check-ins, the newest first. Throws CairnError `notFound`. */
export const listCheckIns = async (
  em: EntityManager,
  coacheeId: CoacheeId,
  { limit, cursor, habitId, from, to }: CheckInQuery,
): Promise<Page<CheckIn>> => {
  await getCoachee(em, coacheeId);
  const before = idAfter<CheckInId>(cursor);
  const date = { ...(from !== undefined && { $gte: from }), ...(to !== undefined && { $lte: to }) };
  const where = {
    coacheeId,
    ...(before && { id: { $lt: before } }),
    ...(habitId && { habitId }),
    ...(Object.keys(date).length > 0 && { date }),
  };
  const checkIns = await em.find(CheckIn, where, { orderBy: { id: 'desc' }, limit: limit + 1 });
  return toPage(checkIns, limit, ({ id }) => [id]);
};
