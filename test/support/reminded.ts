/** A coachee with reminders on the time-skipping server. */
import { localAt, resolveSlot } from '../../shared/calendar/slots.ts';
import type { CoacheeId, HabitId } from '../../shared/contracts/ids.ts';
import { Delivery } from '../../shared/db/entities/channels.ts';
import { Message } from '../../shared/db/entities/conversations.ts';
import { ReminderSchedule } from '../../shared/db/entities/habits.ts';
import { Coachee } from '../../shared/db/entities/journeys.ts';
import type { ChannelKind } from '../../shared/domain/channels/deliveries.ts';
import { addDays } from '../../shared/domain/habits/days.ts';
import { pressOf } from '../../shared/domain/reminders/press.ts';
import { logCheckIn } from '../../shared/services/check-ins.ts';
import { keptHabits } from '../../shared/services/habit-standing.ts';
import { pressReminder, sayToHabits } from '../../shared/services/reminder-answers.ts';
import { noteKnownSchedule } from '../../shared/services/reminder-schedules.ts';
import { nudgeReminders } from '../../temporal/start/reminders.ts';
import { type GivenCreator, givenChannel, givenCoachee, givenCreator } from './factories.ts';
import { daysOf, firesOf, remindersSaid } from './habits.ts';
import { soon } from './soon.ts';
import type { Stage } from './stage.ts';

export const ZONE = 'Europe/Berlin';

export interface Reminded extends GivenCreator {
  coacheeId: CoacheeId;
  /** A local date: by default the first one that the coachee is reminded on. */
  day: (plus?: number) => string;
  /** Skips to a local time of a day; everything until then has happened. */
  until: (date: string, time: string) => Promise<void>;
  /** Lets the run look again, and waits until it has. */
  nudge: () => Promise<void>;
  /** `2026-03-02T09:00 Time for: Drink water`. */
  said: () => Promise<string[]>;
  /** `2026-03-02 09:00 open`. */
  fires: () => Promise<string[]>;
  days: () => Promise<string[]>;
  /** Presses the button with that label under the latest message that has it. */
  press: (label: string) => Promise<string>;
  writes: (text: string) => Promise<string | null>;
  checkIn: (habitId: HabitId) => Promise<void>;
  changeCoachee: (change: Partial<Coachee>) => Promise<void>;
}

/** A coachee whose habits are to begin tomorrow. */
export const givenReminded = async ({ orm, world }: Stage, kind: ChannelKind = 'web'): Promise<Reminded> => {
  const owner = await givenCreator(orm);
  const channelId = kind === 'web' ? owner.webChannelId : await givenChannel(owner, kind);
  const { coacheeId } = await givenCoachee(owner, channelId, { timeZone: ZONE });
  const first = addDays(localAt(await world.now(), ZONE).date, 1);
  const { em, creatorId } = owner;
  const zone = async () => (await em().findOneOrFail(Coachee, { id: coacheeId })).timeZone;
  /** The run has looked, has sent what was to be sent, and sleeps. */
  const quiet = () =>
    soon(async () => {
      const schedule = await em().findOneOrFail(ReminderSchedule, { coacheeId });
      const nowMs = await world.now();
      const unsent = await em().count(Delivery, { coacheeId, status: { $in: ['planned', 'reserved'] } });
      const isLate = schedule.nextAt != null && schedule.nextAt.getTime() <= nowMs;
      if (schedule.nudgedAt || isLate || unsent > 0) throw new Error('The reminders have not settled');
    });
  /** Noted as every change is: a run that only begins now would otherwise look quiet before its first look. */
  const nudge = async () => {
    await em().transactional((tx) => noteKnownSchedule(tx, coacheeId));
    await nudgeReminders(world.client, { creatorId, coacheeId });
    await quiet();
  };
  /** In the transaction of what a coachee does, at the server's time. */
  const acting = async <T>(act: (tx: ReturnType<typeof em>, coachee: Coachee, nowMs: number) => Promise<T>) => {
    const nowMs = await world.now();
    const result = await em().transactional(async (tx) =>
      act(tx, await tx.findOneOrFail(Coachee, { id: coacheeId }), nowMs),
    );
    await nudge();
    return result;
  };
  return {
    ...owner,
    coacheeId,
    day: (plus = 0) => addDays(first, plus),
    nudge,
    until: async (date, time) => {
      const wantedMs = resolveSlot(date, time, await zone()).atMs;
      await world.sleep(Math.max(0, wantedMs - (await world.now())));
      await quiet();
    },
    said: async () => (await remindersSaid(owner, coacheeId)).map((line) => line.slice(4)),
    fires: async () => (await firesOf(owner, coacheeId)).map(({ date, time, status }) => `${date} ${time} ${status}`),
    days: () => daysOf(owner, coacheeId),
    press: (label) =>
      acting(async (tx, coachee, nowMs) => {
        const messages = await tx.find(Message, { coacheeId, direction: 'out' }, { orderBy: { id: 'desc' } });
        const button = messages.flatMap(({ buttons }) => buttons).find((one) => one.label === label);
        const press = button && 'value' in button ? pressOf(button.value) : null;
        if (!press) throw new Error(`No button ${label}`);
        return (await pressReminder(tx, coachee, press, { nowMs })).text;
      }),
    writes: (text) =>
      acting(async (tx, coachee, nowMs) => {
        const answer = await sayToHabits(tx, coachee, text, { key: `test/${text}/${nowMs}`, nowMs });
        return answer?.text ?? null;
      }),
    checkIn: (habitId) =>
      acting(async (tx, coachee, nowMs) => {
        const habit = (await keptHabits(tx, coacheeId)).find((one) => one.habit.id === habitId);
        if (!habit) throw new Error('Not kept');
        const said = { act: 'checkIn', done: true, amount: null, source: 'api' } as const;
        await logCheckIn(tx, coachee, habit, { ...said, key: `test/${nowMs}`, atMs: nowMs });
      }),
    changeCoachee: async (change) => {
      await em().nativeUpdate(Coachee, { id: coacheeId }, change);
      await nudge();
    },
  };
};
