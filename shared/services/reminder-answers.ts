/** What coachees answer to reminders, by a button or in words; the same on every channel. Call inside a transaction. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { formatLocal, resolveWait } from '../calendar/local-time.ts';
import type { CoacheeId, EnrollmentId, HabitId, ReminderFireId } from '../contracts/ids.ts';
import { ReminderFire } from '../db/entities/habits.ts';
import { CheckIn, type Coachee } from '../db/entities/journeys.ts';
import { type DayStatus, type HabitStanding, soFarOf } from '../domain/habits/evaluate.ts';
import { habitReplies } from '../domain/habits/phrases.ts';
import { checkInOf } from '../domain/habits/report.ts';
import { type HabitAct, understand } from '../domain/habits/understand.ts';
import { timeIn } from '../domain/journeys/calendar.ts';
import type { SnoozeChoice } from '../domain/reminders/fires.ts';
import { progressOf } from '../domain/reminders/message.ts';
import type { ReminderPress } from '../domain/reminders/press.ts';
import { CairnError } from '../errors.ts';
import { type CheckInToLog, holdStanding, latestCheckIn, logCheckIn, undoCheckIn } from './check-ins.ts';
import { listStandings } from './coachee-habits.ts';
import { type KeptHabit, keptHabits, standingNow } from './habit-standing.ts';
import { noteSchedule } from './reminder-schedules.ts';

export interface HabitAnswer {
  /** What we say to it. */
  text: string;
  /** Journeys to be told; the coachee's reminders are to be told as well. */
  concerned: EnrollmentId[];
}

interface Said {
  /** Names what was said: the same one counts once. */
  key: string;
  nowMs: number;
}

/** What a press brings about. A button that is pressed twice counts once. */
export const pressReminder = async (
  em: EntityManager,
  coachee: Coachee,
  press: ReminderPress,
  { nowMs }: Pick<Said, 'nowMs'>,
): Promise<HabitAnswer> => {
  const ids = press.fireIds as ReminderFireId[];
  const fires = await em.find(ReminderFire, { id: { $in: ids }, coacheeId: coachee.id }, { orderBy: { id: 'asc' } });
  if (press.act === 'snooze') return snooze(em, coachee, fires, press.choice, nowMs);
  const kept = await keptHabits(em, coachee.id);
  const answers: HabitAnswer[] = [];
  for (const fire of oneOfEachDay(fires)) {
    const habit = kept.find((one) => one.habit.id === fire.habitId);
    if (!habit) continue;
    const act: HabitAct = { kind: press.act === 'done' ? 'done' : 'skip' };
    const said = { key: `reminder/${fire.id}/${act.kind}`, nowMs, date: fire.habitDay, source: 'button' as const };
    answers.push(await log(em, coachee, habit, act, said));
  }
  const others = fires.filter(({ habitId }) => !habitId);
  for (const fire of others) Object.assign(fire, { status: press.act === 'done' ? 'done' : 'skipped', nextAt: null });
  await noteSchedule(em, coachee.creatorId, coachee.id);
  await em.flush();
  if (others.length > 0) answers.push({ text: habitReplies.noted, concerned: [] });
  return joined(answers);
};

const oneOfEachDay = (fires: ReminderFire[]): ReminderFire[] => [
  ...new Map(fires.map((fire) => [`${fire.habitId}/${fire.habitDay}`, fire])).values(),
];

const joined = (answers: HabitAnswer[]): HabitAnswer => ({
  text: answers.map(({ text }) => text).join('\n') || habitReplies.nothingOpen,
  concerned: [...new Set(answers.flatMap(({ concerned }) => concerned))],
});

/** Puts fires off that are still open, as long as their day lasts. */
const snooze = async (
  em: EntityManager,
  coachee: Coachee,
  fires: ReminderFire[],
  choice: SnoozeChoice,
  nowMs: number,
): Promise<HabitAnswer> => {
  const open = fires.filter(({ status }) => status === 'open' || status === 'waiting');
  if (open.length === 0) return { text: habitReplies.nothingOpen, concerned: [] };
  const { timeZone, creatorId, id } = coachee;
  const atMs =
    'time' in choice
      ? resolveWait({ kind: 'localTime', time: choice.time }, { nowMs, timeZone })
      : nowMs + choice.minutes * 60_000;
  for (const fire of open) Object.assign(fire, { snoozed: true, nextAt: new Date(atMs) });
  await noteSchedule(em, creatorId, id);
  await em.flush();
  return { text: habitReplies.snoozed(timeIn(formatLocal(atMs, timeZone))), concerned: [] };
};

/** What words mean for the coachee's habits; null where they are not about habits. */
export const sayToHabits = async (
  em: EntityManager,
  coachee: Coachee,
  text: string,
  { key, nowMs }: Said,
): Promise<HabitAnswer | null> => {
  const kept = await keptHabits(em, coachee.id);
  if (kept.length === 0) return null;
  const before = await saidBefore(em, coachee, kept, { key, nowMs });
  if (before) return before;
  const open = await em.find(ReminderFire, { coacheeId: coachee.id, status: 'open', habitId: { $ne: null } });
  const asked = new Set(open.map(({ habitId }) => habitId));
  const tracked = kept.map(({ habit: { id, name, title, rules } }) => ({
    ...{ id, name, title, asked: asked.has(id) },
    unit: rules.measure.kind === 'amount' ? rules.measure.unit : null,
    timesPerDay: rules.measure.kind === 'yesNo' ? (rules.measure.timesPerDay ?? 1) : 1,
  }));
  const words = understand(text, tracked, coachee.language ?? 'en');
  if (words === null) return null;
  if (!Array.isArray(words)) {
    const titles = kept.filter(({ habit }) => words.ambiguous.includes(habit.id)).map(({ habit }) => habit.title);
    return { text: habitReplies.ambiguous(titles), concerned: [] };
  }
  const answers: HabitAnswer[] = [];
  for (const { habitId, act, note } of words) {
    const habit = kept.find((one) => one.habit.id === habitId);
    if (!habit) continue;
    const day = open.find((fire) => fire.habitId === habitId)?.habitDay;
    const said = { key: `${key}/${habitId}`, nowMs, date: day, note: note ?? null, source: 'text' as const };
    answers.push(await log(em, coachee, habit, act, said));
    if (act.kind === 'notDone') await leaveAlone(em, coachee, habitId as HabitId);
  }
  return joined(answers);
};

/** What an attempt that could not report has logged already; by now it may read as the answer to nothing. */
const saidBefore = async (
  em: EntityManager,
  coachee: Coachee,
  kept: KeptHabit[],
  { key, nowMs }: Said,
): Promise<HabitAnswer | null> => {
  const logged = await em.find(CheckIn, { key: { $like: `${key}/%` } }, { orderBy: { id: 'asc' } });
  if (logged.length === 0) return null;
  const answers: HabitAnswer[] = [];
  for (const { habitId, act, done, date } of logged) {
    const habit = kept.find((one) => one.habit.id === habitId);
    if (!habit) continue;
    const { standing } = await standingNow(em, coachee, habit, nowMs);
    const kind = act === 'skip' ? 'skip' : done ? 'done' : 'notDone';
    answers.push({ text: replyTo(habit, { kind }, standing, date ?? ''), concerned: [] });
  }
  return joined(answers);
};

/** Who said no is not asked again today. */
const leaveAlone = async (
  em: EntityManager,
  { id: coacheeId, creatorId }: Coachee,
  habitId: HabitId,
): Promise<void> => {
  await em.nativeUpdate(ReminderFire, { coacheeId, habitId, status: 'open' }, { status: 'over', nextAt: null });
  await noteSchedule(em, creatorId, coacheeId);
};

type ToSay = Pick<CheckInToLog, 'key' | 'date' | 'note' | 'source'> & { nowMs: number };

const log = async (
  em: EntityManager,
  coachee: Coachee,
  habit: KeptHabit,
  act: HabitAct,
  { nowMs, ...said }: ToSay,
): Promise<HabitAnswer> => {
  const { title } = habit.habit;
  try {
    const logged = await logCheckIn(em, coachee, habit, {
      ...said,
      atMs: nowMs,
      ...(await sayOf(em, coachee, habit, act, said.date, nowMs)),
    });
    const { standing, concerned, checkIn } = logged;
    return { text: replyTo(habit, act, standing, checkIn.date ?? ''), concerned };
  } catch (error) {
    if (!(error instanceof CairnError) || error.type !== 'invalid') throw error;
    return { text: habitReplies.refused(title, error.fields[0]?.message ?? error.message), concerned: [] };
  }
};

/** What was counted before is read while it is held: of two at the same moment the second finds less lacking. */
const sayOf = async (
  em: EntityManager,
  coachee: Coachee,
  habit: KeptHabit,
  act: HabitAct,
  date: string | undefined,
  nowMs: number,
): Promise<Pick<CheckInToLog, 'act' | 'done' | 'amount'>> => {
  await holdStanding(em, coachee, [habit]);
  const { standing, today } = await standingNow(em, coachee, habit, nowMs);
  const soFar = standing.days.find((day) => day.date === (date ?? today))?.amount ?? 0;
  return checkInOf(habit.habit.rules.measure, act, soFar);
};

const replyTo = ({ habit }: KeptHabit, act: HabitAct, standing: HabitStanding, date: string): string => {
  if (act.kind === 'skip') return habitReplies.skipped(habit.title);
  if (act.kind === 'notDone') return habitReplies.notDone(habit.title);
  const day = standing.days.find((one) => one.date === date);
  const progress = day ? progressOf(habit.rules.measure, soFarOf(habit.rules, day)) : null;
  return day?.status === 'done'
    ? habitReplies.done(habit.title, progress, standing.streak)
    : habitReplies.begun(habit.title, progress);
};

/** Whether the last thing that the coachee was asked was a reminder, not a journey's question. */
export const askedByReminder = async (em: EntityManager, coacheeId: CoacheeId): Promise<boolean> => {
  const [row] = await em.execute<{ reminded: boolean | null }[]>(
    `select (
       select max(m.at) from reminder_fires f join deliveries d on d.key = f.delivery_key join messages m on m.id = d.message_id
       where f.coachee_id = :coacheeId and f.status = 'open'
     ) > coalesce((
       select max(awaiting_reply_since) from enrollments where coachee_id = :coacheeId and ended_at is null
     ), '-infinity') as reminded`,
    { coacheeId },
  );
  return row?.reminded ?? false;
};

/** How the coachee stands with each habit, a line each. */
export const habitList = async (em: EntityManager, coachee: Coachee, nowMs: number): Promise<string> => {
  const standings = await listStandings(em, coachee.id, nowMs);
  const lines = standings.flatMap(({ habit: { title, rules }, today, standing }) => {
    const day = standing.days.find(({ date }) => date === today);
    if (!day) return [];
    const progress = progressOf(rules.measure, soFarOf(rules, day));
    return [habitReplies.standing(title, dayInWords(day.status, progress), standing.streak, standing.strength)];
  });
  return lines.join('\n') || habitReplies.noHabits;
};

const dayInWords = (status: DayStatus, progress: string | null): string => {
  if (status === 'done') return progress ?? 'done today';
  if (status === 'open') return progress ?? 'open today';
  return status === 'skipped' ? 'skipped today' : 'nothing to do today';
};

/** Takes the coachee's latest check-in back. */
export const takeBack = async (em: EntityManager, coachee: Coachee, nowMs: number): Promise<HabitAnswer> => {
  const latest = await latestCheckIn(em, coachee.id, nowMs);
  if (!latest) return { text: habitReplies.nothingToUndo, concerned: [] };
  const { checkIn, concerned, title } = await undoCheckIn(em, latest.id, nowMs);
  return { text: habitReplies.undone(title, checkIn.date ?? ''), concerned };
};
