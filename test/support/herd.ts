/** Many coachees on Telegram who are reminded of their habits at one local time. Rows are written in batches: nobody's way in is what is looked at. */
import { localAt } from '../../shared/calendar/slots.ts';
import {
  type CoacheeHabitId,
  type CoacheeId,
  type CreatorId,
  type HabitId,
  type IdentityId,
  newId,
} from '../../shared/contracts/ids.ts';
import { Creator } from '../../shared/db/entities/accounts.ts';
import { Identity } from '../../shared/db/entities/channels.ts';
import { CoacheeHabit, ReminderSchedule } from '../../shared/db/entities/habits.ts';
import { Coachee } from '../../shared/db/entities/journeys.ts';
import type { ReminderOptions, ReminderSettings } from '../../shared/domain/reminders/fires.ts';
import { givenHabit, givenReminder } from './habits.ts';
import type { GivenTelegram } from './telegram.ts';

export interface Slot {
  atMs: number;
  timeZone: string;
  /** Local ones. */
  date: string;
  time: string;
}

export interface HerdMember {
  creatorId: CreatorId;
  coacheeId: CoacheeId;
  owner: GivenTelegram;
  /** Their chat with the bot of their creator. */
  chat: number;
}

export interface HerdWishes {
  count: number;
  /** Habits of each, every one with a reminder; by default one. */
  habits?: number;
  slot: Slot;
  settings: ReminderSettings;
  options?: Partial<ReminderOptions>;
  /** Ids of coachees, for who is to have a certain place in the spread. */
  nextId?: () => CoacheeId;
}

const BATCH = 1_000;
const MINUTE_MS = 60_000;
const MORNING_HOUR = 9;

/** The next full minute from `fromMs` on, in a zone where it is nine to ten in the morning then: no day of theirs is over soon. */
export const morningSlot = (fromMs: number): Slot => {
  const atMs = Math.ceil(fromMs / MINUTE_MS) * MINUTE_MS;
  const ahead = MORNING_HOUR - new Date(atMs).getUTCHours();
  const offset = ahead < -12 ? ahead + 24 : ahead;
  // The names of these zones count west of Greenwich.
  const timeZone = offset === 0 ? 'Etc/GMT' : `Etc/GMT${offset > 0 ? '-' : '+'}${Math.abs(offset)}`;
  return { atMs, timeZone, ...localAt(atMs, timeZone) };
};

/** As many coachees, spread evenly over the creators, who keep their habits since this morning; their runs are not started. */
export const givenHerd = async (owners: GivenTelegram[], wishes: HerdWishes): Promise<HerdMember[]> => {
  const herds = await Promise.all(
    owners.map((owner, index) => {
      const before = Math.floor((wishes.count * index) / owners.length);
      const after = Math.floor((wishes.count * (index + 1)) / owners.length);
      return givenHerdOf(owner, { ...wishes, count: after - before });
    }),
  );
  return herds.flat();
};

const givenHerdOf = async (owner: GivenTelegram, wishes: HerdWishes): Promise<HerdMember[]> => {
  const { creatorId, em, bot } = owner;
  const { habits = 1, slot, settings, options = {}, nextId = () => newId<CoacheeId>() } = wishes;
  await em().nativeUpdate(Creator, { id: creatorId }, { reminderSettings: settings });
  const habitIds: HabitId[] = [];
  const cursors: ReminderSchedule['cursors'] = {};
  for (let made = 0; made < habits; made += 1) {
    const habitId = await givenHabit(owner, { name: `habit${newId<string>()}`, title: `Habit ${made + 1}` });
    const ruleId = await givenReminder(owner, { times: [slot.time] }, { habitId, ...options });
    habitIds.push(habitId);
    cursors[ruleId] = { revision: 1, owedFrom: `${slot.date}T00:00`, settledBefore: slot.date };
  }
  const members = Array.from({ length: wishes.count }, (_, index) => {
    return { creatorId, coacheeId: nextId(), owner, chat: index + 1 };
  });
  for (let at = 0; at < members.length; at += BATCH) {
    await insert(members.slice(at, at + BATCH), habitIds, cursors, slot);
  }
  await bot.meets(members.map(({ chat }) => chat));
  return members;
};

const insert = async (
  members: HerdMember[],
  habitIds: HabitId[],
  cursors: ReminderSchedule['cursors'],
  { date, timeZone }: Slot,
): Promise<void> => {
  const [first] = members;
  if (!first) return;
  const { em, channelId } = first.owner;
  const { creatorId } = first;
  const nobody = { creatorId, name: 'Mira', timeZone, traits: {}, tags: [] };
  await em().insertMany(
    Coachee,
    members.map(({ coacheeId: id }) => ({ id, ...nobody })),
  );
  await em().insertMany(
    Identity,
    members.map(({ coacheeId, chat }) => {
      return { id: newId<IdentityId>(), creatorId, channelId, coacheeId, address: String(chat) };
    }),
  );
  await em().insertMany(
    CoacheeHabit,
    members.flatMap(({ coacheeId }) =>
      habitIds.map((habitId) => {
        return { id: newId<CoacheeHabitId>(), creatorId, coacheeId, habitId, startDate: date, endDate: null };
      }),
    ),
  );
  await em().insertMany(
    ReminderSchedule,
    members.map(({ coacheeId }) => ({ creatorId, coacheeId, cursors })),
  );
};
