/** What coachees say of their habits: by a button, in words, over HTTP, or to a journey that asks. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { formatLocal } from '../calendar/local-time.ts';
import { type CheckInId, type CoacheeId, type EnrollmentId, newId } from '../contracts/ids.ts';
import { CheckIn, Coachee } from '../db/entities/journeys.ts';
import type { CheckInAct, CheckInSource } from '../domain/habits/check-ins.ts';
import { addDays, isOver, isWithin } from '../domain/habits/days.ts';
import type { HabitStanding } from '../domain/habits/evaluate.ts';
import { conflict, invalid, notFound } from '../errors.ts';
import { noteChange } from './changes.ts';
import { habitToday, type KeptHabit, keptHabits, projectStanding, standingNow } from './habit-standing.ts';
import { noteSchedule } from './reminder-schedules.ts';

export interface CheckInToLog {
  act: CheckInAct;
  done: boolean;
  /** In the habit's unit; null for yes and no. */
  amount: number | null;
  /** The habit's day; today, where none is named. */
  date?: string | undefined;
  note?: string | null;
  /** Names the cause: the same one logs once. */
  key: string;
  source: CheckInSource;
  atMs: number;
}

export interface LoggedCheckIn {
  checkIn: CheckIn;
  /** It had been logged before. */
  duplicate: boolean;
  standing: HabitStanding;
  /** The habit's day that it is. */
  today: string;
  /** Journeys to be told that something changed; the coachee's reminders are to be told as well. */
  concerned: EnrollmentId[];
}

/**
 * Logs a check-in once; call inside a transaction. Throws CairnError `invalid` for a day that is to come, too long ago or outside the habit's span, and
 * `conflict` where the key is taken by something else.
 */
export const logCheckIn = async (
  em: EntityManager,
  coachee: Coachee,
  habit: KeptHabit,
  toLog: CheckInToLog,
): Promise<LoggedCheckIn> => {
  await holdStanding(em, coachee, [habit]);
  const today = habitToday(coachee.timeZone, habit, toLog.atMs);
  const date = toLog.date ?? today;
  checkDate(habit, date, today);
  const { act, done, amount, note = null, key, source, atMs } = toLog;
  const id = newId<CheckInId>();
  const { affectedRows } = await em
    .createQueryBuilder(CheckIn)
    .insert({
      ...{ id, creatorId: coachee.creatorId, coacheeId: coachee.id, habit: habit.habit.name, habitId: habit.habit.id },
      ...{ date, act, key, done, amount, note, source, at: new Date(atMs) },
      localTime: formatLocal(atMs, coachee.timeZone),
    })
    .onConflict('key')
    .ignore()
    .execute('run');
  const checkIn = await em.findOneOrFail(CheckIn, { key });
  if (checkIn.coacheeId !== coachee.id || checkIn.habitId !== habit.habit.id) {
    throw conflict('That key names another check-in.');
  }
  // A button that is pressed once more after it was taken back counts again; a request that comes late does not.
  if (source === 'button') checkIn.undoneAt = null;
  await em.flush();
  const counted = await recount(em, coachee, habit, atMs);
  return { checkIn, duplicate: affectedRows === 0, ...counted };
};

/** Takes a check-in back: it counts for nothing from now on. Throws CairnError `notFound`; taking it back twice changes nothing. */
export const undoCheckIn = async (
  em: EntityManager,
  id: CheckInId,
  nowMs: number,
): Promise<Omit<LoggedCheckIn, 'duplicate'> & { title: string }> => {
  const checkIn = await em.findOne(CheckIn, { id, habitId: { $ne: null } });
  if (!checkIn) throw notFound('check-in');
  const coachee = await em.findOneOrFail(Coachee, { id: checkIn.coacheeId });
  const habit = (await keptHabits(em, coachee.id)).find((one) => one.habit.id === checkIn.habitId);
  if (!habit) throw notFound('check-in');
  await holdStanding(em, coachee, [habit]);
  checkIn.undoneAt ??= new Date(nowMs);
  await em.flush();
  return { checkIn, title: habit.habit.title, ...(await recount(em, coachee, habit, nowMs)) };
};

/** The latest check-in of theirs that counts, of the last two days; null where there is none to take back. */
export const latestCheckIn = (em: EntityManager, coacheeId: CoacheeId, nowMs: number): Promise<CheckIn | null> =>
  em.findOne(
    CheckIn,
    {
      coacheeId,
      habitId: { $ne: null },
      undoneAt: null,
      source: { $ne: 'journey' },
      at: { $gt: new Date(nowMs - 2 * DAY_MS) },
    },
    { orderBy: { id: 'desc' } },
  );

const DAY_MS = 86_400_000;

/** Whether the coachee keeps the habit on the day of that moment. */
export const isKeptOn = ({ kept, habit }: KeptHabit, { timeZone }: Coachee, atMs: number): boolean => {
  return isWithin(kept, habitToday(timeZone, { habit }, atMs));
};

const checkDate = ({ kept, habit }: KeptHabit, date: string, today: string): void => {
  const refuse = (message: string) => invalid('That day cannot be checked in.', [{ path: 'date', message }]);
  if (date > today) throw refuse('It is still to come.');
  const earliest = addDays(today, -habit.rules.backfillDays);
  if (date < earliest) throw refuse(`The earliest day that can still be filled in is ${earliest}.`);
  if (date < kept.startDate) throw refuse(`The habit began on ${kept.startDate}.`);
  if (isOver(kept, date)) throw refuse(`The habit ended on ${kept.endDate}.`);
};

/**
 * Holds the coachee's standing until the transaction ends, and notes the change for their reminders: of two at the same moment the second counts with what
 * the first has written. The look at their reminders holds the same row.
 */
export const holdStanding = async (
  em: EntityManager,
  { creatorId, id }: Pick<Coachee, 'creatorId' | 'id'>,
  habits: KeptHabit[] = [],
): Promise<void> => {
  await noteSchedule(em, creatorId, id);
  for (const { kept } of habits) await em.refresh(kept);
};

/** Counts the habit anew, and notes the change for journeys; `holdStanding` comes before. */
export const recount = async (
  em: EntityManager,
  coachee: Coachee,
  habit: KeptHabit,
  nowMs: number,
): Promise<Pick<LoggedCheckIn, 'standing' | 'today' | 'concerned'>> => {
  const { standing, today } = await standingNow(em, coachee, habit, nowMs);
  const changed = await projectStanding(em, habit, standing);
  return { standing, today, concerned: changed ? await noteChange(em, coachee.id) : [] };
};
