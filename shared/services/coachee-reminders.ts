/** What became of a coachee's reminders, and what comes next. */
import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import type { Page, PageQuery } from '../contracts/http.ts';
import type { CoacheeId, ReminderFireId } from '../contracts/ids.ts';
import { Delivery } from '../db/entities/channels.ts';
import { type Habit, ReminderFire, ReminderSchedule } from '../db/entities/habits.ts';
import type { Slot } from '../domain/reminders/slots.ts';
import { getCoachee } from './coachees.ts';
import { idAfter, toPage } from './paging.ts';
import { lookAt, slotsToFire } from './reminder-look.ts';
import { noteSchedule, pauseReminders } from './reminder-schedules.ts';

export interface FireWithDelivery {
  fire: ReminderFire;
  /** Of its latest message. */
  delivery: Delivery | null;
}

/** A page of fires, the newest first. Throws CairnError `notFound`. */
export const listFires = async (
  em: EntityManager,
  coacheeId: CoacheeId,
  { limit, cursor }: PageQuery,
): Promise<Page<FireWithDelivery>> => {
  await getCoachee(em, coacheeId);
  const before = idAfter<ReminderFireId>(cursor);
  const where = { coacheeId, ...(before && { id: { $lt: before } }) };
  const fires = await em.find(ReminderFire, where, { orderBy: { id: 'desc' }, limit: limit + 1 });
  const keys = fires.flatMap(({ deliveryKey }) => deliveryKey ?? []);
  const deliveries = keys.length === 0 ? [] : await em.find(Delivery, { key: { $in: keys } });
  const byKey = new Map(deliveries.map((delivery) => [delivery.key, delivery]));
  const rows = fires.map((fire) => ({ fire, delivery: byKey.get(fire.deliveryKey ?? '') ?? null }));
  return toPage(rows, limit, ({ fire: { id } }) => [id]);
};

export interface UpcomingReminder {
  pausedAt: Date | null;
  /** The next slot that is due, with its habit if it has one; null: none is. */
  next: (Slot & { habitId: Habit['id'] | null }) | null;
}

/** As the coachee's next look would find it; writes nothing. */
export const upcomingReminder = async (
  em: EntityManager,
  coacheeId: CoacheeId,
  nowMs: number,
): Promise<UpcomingReminder> => {
  const look = await lookAt(em, coacheeId, nowMs, LockMode.NONE);
  if (!look) return { pausedAt: null, next: null };
  const { due, next } = slotsToFire(look, nowMs);
  const slot = due[0] ?? next;
  const habitId = (look.rules.find(({ id }) => id === slot?.ruleId)?.habitId ?? null) as Habit['id'] | null;
  return { pausedAt: look.schedule.pausedAt ?? null, next: slot && { ...slot, habitId } };
};

/** Silence, or its end; either twice changes nothing. Gives since when there is silence. Call inside a transaction. Throws CairnError `notFound`. */
export const setPaused = async (em: EntityManager, coacheeId: CoacheeId, paused: boolean): Promise<Date | null> => {
  const { creatorId } = await getCoachee(em, coacheeId);
  await noteSchedule(em, creatorId, coacheeId);
  await pauseReminders(em, coacheeId, paused);
  const schedule = await em.findOneOrFail(ReminderSchedule, { coacheeId });
  return schedule.pausedAt ?? null;
};
