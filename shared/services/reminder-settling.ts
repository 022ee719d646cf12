/**
 * One look at a coachee's reminders: every slot that has come due gets its fire, every fire that is due its message or the reason why there is none, and every
 * day that is over is closed. What is decided is written in one transaction; a look that is repeated finds it done.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import { formatLocal, resolveWait } from '../calendar/local-time.ts';
import { resolveSlot } from '../calendar/slots.ts';
import { type CoacheeId, type EnrollmentId, newId, type ReminderFireId } from '../contracts/ids.ts';
import { Delivery } from '../db/entities/channels.ts';
import { ReminderFire } from '../db/entities/habits.ts';
import type { ChannelKind } from '../domain/channels/deliveries.ts';
import { postponement } from '../domain/channels/delivery-time.ts';
import { addDays, habitDayOf, isOver, isWithin } from '../domain/habits/days.ts';
import type { HabitStanding } from '../domain/habits/evaluate.ts';
import { dateIn } from '../domain/journeys/calendar.ts';
import { fractionOf } from '../domain/journeys/draw.ts';
import { type Dispatch, dispatch, type FireDay, nextAfter, type Settlement } from '../domain/reminders/dispatch.ts';
import type { Slot } from '../domain/reminders/slots.ts';
import { noteChange } from './changes.ts';
import { sentByDay } from './conversations.ts';
import { bestRoute } from './deliveries.ts';
import { dayRecords, projectStanding, standingOf } from './habit-standing.ts';
import { type HabitLook, type Look, lookAt, slotsToFire } from './reminder-look.ts';
import { planDigest, planReminder, raiseUnanswered, stepKeyOf, type ToldFire } from './reminder-messages.ts';

export interface SettledReminders {
  /** Messages to be sent now, or to be tried again, and the kind of channel that they are likely to go by. */
  sends: { key: string; kind: ChannelKind; summary: string }[];
  /** When there is something to do again; null: nothing is left. */
  nextAtMs: number | null;
  /** What comes next, in plain words. */
  doing: string;
  /** Journeys to be told that something has changed. */
  concerned: EnrollmentId[];
}

const NOTHING: SettledReminders = { sends: [], nextAtMs: null, doing: 'Nothing to remind of', concerned: [] };

/** A look at `nowMs`; `keyOf` names the effect of a fire's step. Call inside a transaction. */
export const settleReminders = async (
  em: EntityManager,
  coacheeId: CoacheeId,
  nowMs: number,
  keyOf: (stepKey: string, occurrence: number) => string,
): Promise<SettledReminders> => {
  const look = await lookAt(em, coacheeId, nowMs);
  if (!look) return NOTHING;
  const { schedule, coachee } = look;
  const { due, next, cursors } = slotsToFire(look, nowMs);
  const { today } = look;
  const fires = due.map((slot) => createFire(em, look, slot));
  look.fires.push(...fires);
  // Days that are over are judged by what is written of their fires; all others are written once, with what becomes of them.
  if (fires.some(({ habitDay }) => habitDay < today)) await em.flush();
  const { standings, changed } = await closeDays(em, look, due);
  const open = look.fires.filter(({ status }) => status === 'waiting' || status === 'open');
  const decided = dispatch(
    open.map((fire) => openFireOf(look, standings, fire)),
    {
      ...{ nowMs, paused: schedule.pausedAt != null, mergeMs: look.settings.mergeMinutes * 60_000 },
      heldBack: await heldBackOf(em, look, nowMs),
    },
  );
  writeSettlements(open, decided);
  await planMessages(em, look, { standings, decided, nowMs, keyOf });
  const nextAtMs = earliest([
    next?.atMs ?? null,
    ...look.fires.map(nextOf),
    ...look.habits.map((one) => closeAt(look, one)),
  ]);
  Object.assign(schedule, { cursors, nudgedAt: null, nextAt: nextAtMs === null ? null : new Date(nextAtMs) });
  await em.flush();
  return {
    sends: await wantedSends(em, coacheeId),
    nextAtMs,
    doing: nextAtMs === null ? NOTHING.doing : `Sleeping until ${formatLocal(nextAtMs, coachee.timeZone)}`,
    concerned: changed ? await noteChange(em, coacheeId) : [],
  };
};

const createFire = (em: EntityManager, { coachee, habits, rules }: Look, slot: Slot): ReminderFire => {
  const { ruleId, date, time, atMs, resolved } = slot;
  const rule = rules.find(({ id }) => id === ruleId);
  const habit = habits.find(({ habit: { id } }) => id === rule?.habitId);
  return em.create(ReminderFire, {
    ...{ id: newId<ReminderFireId>(), creatorId: coachee.creatorId, coacheeId: coachee.id, date, time },
    ...{ ruleId: ruleId as ReminderFire['ruleId'], habitId: rule?.habitId ?? null },
    habitDay: habit ? habitDayOf({ date, time }, habit.habit.rules.dayStart) : date,
    ...{ status: 'waiting', dueAt: new Date(atMs), nextAt: new Date(atMs), isAbsent: resolved === 'absent' },
  });
};

/** Standings by habit; days that are over now are judged and written down. */
const closeDays = async (em: EntityManager, { habits, vacations, coachee }: Look, due: Slot[]) => {
  const { timeZone } = coachee;
  const standings = new Map<string, HabitStanding>();
  let changed = false;
  if (habits.length === 0) return { standings, changed };
  const records = await dayRecords(em, coachee.id);
  for (const one of habits) {
    const { kept, habit, today } = one;
    const yesterday = addDays(today, -1);
    const closes = (kept.closedTo ?? '') < yesterday || due.some(({ date }) => date <= yesterday);
    if ((kept.closedTo ?? '') < yesterday) kept.closedTo = yesterday;
    const standing = standingOf(one, vacations, records.get(habit.id) ?? [], { today, timeZone });
    standings.set(habit.id, standing);
    if (closes && (await projectStanding(em, one, standing))) changed = true;
  }
  return { standings, changed };
};

const openFireOf = (look: Look, standings: Map<string, HabitStanding>, fire: ReminderFire) => {
  const rule = ruleOf(look, fire);
  return {
    ...{ id: fire.id, stage: fire.stage, snoozed: fire.snoozed, absent: fire.isAbsent },
    nextAtMs: fire.nextAt?.getTime() ?? null,
    ...{ kind: rule?.kind ?? 'reminder', options: rule?.options ?? NO_OPTIONS },
    day: rule ? dayOf(look, standings, fire) : ('rest' as const),
  };
};

/** Of a rule that was put away meanwhile. */
const NO_OPTIONS = { escalation: [], snoozes: [], dropAfterMinutes: 0, stopWhenDone: true };

const ruleOf = ({ rules }: Look, fire: ReminderFire) => rules.find(({ id }) => id === fire.ruleId);
const habitOf = ({ habits }: Look, fire: ReminderFire) => habits.find(({ habit }) => habit.id === fire.habitId);

/** A reminder of no habit waits for its answer until its date is over; one that was held back still goes then. */
const dayWithoutHabit = ({ today }: Look, { stage, nextAt, date }: ReminderFire): FireDay =>
  stage > 0 && !nextAt && date < today ? 'over' : 'open';

/** How the fire's day stands; a habit that is not kept any more has no days. */
const dayOf = (look: Look, standings: Map<string, HabitStanding>, fire: ReminderFire): FireDay => {
  const of = habitOf(look, fire);
  if (!of) return fire.habitId ? 'rest' : dayWithoutHabit(look, fire);
  // Given up since the fire was made.
  if (!isWithin(of.kept, fire.habitDay)) return 'rest';
  const status = standings.get(of.habit.id)?.days.find(({ date }) => date === fire.habitDay)?.status;
  if (status === 'done' || status === 'skipped') return status;
  if (status === 'vacation' || status === 'rest') return status;
  if (of.kept.enrollmentId && look.paused.has(of.kept.enrollmentId)) return 'paused';
  // A habit of x times a week asks for nothing more once its week is full.
  if (status === 'notDue') return of.habit.rules.schedule.kind === 'timesPerWeek' ? 'done' : 'rest';
  return fire.habitDay < of.today ? 'over' : 'open';
};

const heldBackOf = async (em: EntityManager, { coachee }: Look, nowMs: number) => {
  const { deliveryPolicy, timeZone, id } = coachee;
  if (!deliveryPolicy) return null;
  const local = formatLocal(nowMs, timeZone);
  const sentOn = deliveryPolicy.maxPerDay === undefined ? new Map<string, number>() : await sentByDay(em, id);
  const held = postponement(deliveryPolicy, { local, sentToday: sentOn.get(dateIn(local)) ?? 0 });
  return held && { untilMs: resolveWait(held.rule, { nowMs, timeZone }), why: held.why };
};

const writeSettlements = (fires: ReminderFire[], { settled }: Dispatch): void => {
  for (const fire of fires) {
    const settlement = settled.get(fire.id);
    if (settlement) Object.assign(fire, changeOf(settlement));
  }
};

const changeOf = (settlement: Settlement) => {
  switch (settlement.status) {
    case 'held':
      return { nextAt: new Date(settlement.untilMs), reason: settlement.reason };
    case 'dropped':
      return { status: 'dropped', nextAt: null, reason: settlement.reason };
    default:
      return { status: settlement.status, nextAt: null };
  }
};

interface Planning {
  standings: Map<string, HabitStanding>;
  decided: Dispatch;
  nowMs: number;
  keyOf: (stepKey: string, occurrence: number) => string;
}

const planMessages = async (em: EntityManager, look: Look, planning: Planning): Promise<void> => {
  for (const message of planning.decided.messages) {
    const told = message.fireIds.flatMap((id) => toldFire(look, planning.standings, id));
    const [first] = told;
    if (!first) continue;
    const key = planning.keyOf(stepKeyOf(first.fire), first.fire.stage + 1);
    const before = message.way === 'otherChannel' ? (first.fire.deliveryKey ?? null) : null;
    for (const one of told) await advanceFire(em, one, { message, key, nowMs: planning.nowMs });
    await planMessage(em, look, planning, { message, told, key, before });
  }
};

type Message = Dispatch['messages'][number];

/** It has had one message more, and waits for the next of its escalation, if there is one. */
const advanceFire = async (
  em: EntityManager,
  { fire, rule }: ToldFire,
  { message, key, nowMs }: { message: Message; key: string; nowMs: number },
): Promise<void> => {
  await noteProof(em, fire);
  fire.stage += 1;
  const minutes = nextAfter(fire.stage, rule.options);
  const nextAt = minutes === null ? null : new Date(nowMs + minutes * 60_000);
  Object.assign(fire, { status: 'open', snoozed: false, reason: null, nextAt });
  if (message.way !== 'coach') fire.deliveryKey = key;
};

/** `before`: the key of the message before, whose channel this one does not take. */
const planMessage = async (
  em: EntityManager,
  { coachee, habits }: Look,
  { standings, nowMs }: Planning,
  { message, told, key, before }: { message: Message; told: ToldFire[]; key: string; before: string | null },
): Promise<void> => {
  if (message.way === 'coach') return raiseUnanswered(em, coachee, told, key);
  if (message.kind === 'digest') return planDigest(em, coachee, weekOf(habits, standings), { key, nowMs });
  const earlier = before === null ? null : await em.findOne(Delivery, { key: before });
  return planReminder(em, coachee, told, { key, nowMs, notBy: earlier?.channelId ?? null });
};

/** Keeps what the ledger knows of the message before, whose key the next one takes the place of. */
const noteProof = async (em: EntityManager, fire: ReminderFire): Promise<void> => {
  if (fire.proven || !fire.deliveryKey) return;
  fire.proven = (await em.count(Delivery, { key: fire.deliveryKey, status: 'sent' })) > 0;
};

const toldFire = (look: Look, standings: Map<string, HabitStanding>, id: string): ToldFire[] => {
  const fire = look.fires.find((one) => one.id === id);
  const rule = fire && ruleOf(look, fire);
  if (!fire || !rule) return [];
  const of = habitOf(look, fire);
  const standing = of && standings.get(of.habit.id);
  return [{ fire, rule, habit: of && standing ? { keptHabit: of, standing } : null }];
};

const weekOf = (habits: HabitLook[], standings: Map<string, HabitStanding>) =>
  habits.flatMap((keptHabit) => {
    const standing = standings.get(keptHabit.habit.id);
    return standing ? [{ keptHabit, standing, today: keptHabit.today }] : [];
  });

const nextOf = ({ status, nextAt }: ReminderFire): number | null =>
  (status === 'waiting' || status === 'open') && nextAt ? nextAt.getTime() : null;

const earliest = (instants: (number | null)[]): number | null => {
  const known = instants.filter((at) => at !== null);
  return known.length === 0 ? null : Math.min(...known);
};

/** Days of many people are over at the same time: they are closed within so many minutes after. */
const CLOSE_WITHIN_MS = 10 * 60_000;

/** When the habit's day is closed; null once the habit is over. */
const closeAt = ({ coachee }: Look, { kept, habit, today }: HabitLook): number | null => {
  if (isOver(kept, today)) return null;
  const { atMs } = resolveSlot(addDays(today, 1), habit.rules.dayStart, coachee.timeZone);
  return atMs + Math.floor(fractionOf(coachee.id) * CLOSE_WITHIN_MS);
};

/** Messages that are to be sent, now or after a pause; those that nobody waits for any more are dropped. */
const wantedSends = async (em: EntityManager, coacheeId: CoacheeId): Promise<SettledReminders['sends']> => {
  const rows = await em.execute<{ key: string; not_by: Delivery['notBy']; text: string }[]>(
    `with unwanted as (
       update deliveries d set status = 'dropped', settled_at = now(), reason = 'It was not needed any more.'
       where d.status in ('planned', 'deferred')
         and d.key in (select delivery_key from reminder_fires where coachee_id = :coacheeId and created_at > now() - interval '8 days')
         and not exists (select 1 from reminder_fires f where f.delivery_key = d.key and f.status = 'open')
     )
     select d.key, d.not_by, m.text from deliveries d join messages m on m.id = d.message_id
     where d.status in ('planned', 'deferred', 'reserved')
       and d.key in (select delivery_key from reminder_fires where coachee_id = :coacheeId and status = 'open')
     order by d.id`,
    { coacheeId },
  );
  const sends: SettledReminders['sends'] = [];
  for (const { key, not_by, text } of rows) {
    const route = await bestRoute(em, coacheeId, null, not_by ?? null);
    sends.push({ key, kind: route?.kind ?? 'web', summary: `Remind: ${text.slice(0, 80)}` });
  }
  return sends;
};
