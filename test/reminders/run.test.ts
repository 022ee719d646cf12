/** A coachee's reminders as a run on the time-skipping server. */
import { describe, expect, it } from 'vitest';
import { localAt } from '../../shared/calendar/slots.ts';
import type { CoacheeId } from '../../shared/contracts/ids.ts';
import { addDays } from '../../shared/domain/habits/days.ts';
import { nudgeReminders } from '../../temporal/start/reminders.ts';
import { type GivenCreator, givenCoachee, givenCreator } from '../support/factories.ts';
import { daysOf, firesOf, givenHabit, givenKeptHabit, givenReminder, remindersSaid } from '../support/habits.ts';
import { givenStage } from '../support/stage.ts';

const stage = givenStage();
const DAY_MS = 86_400_000;
const ZONE = 'Europe/Berlin';

const begin = async (owner: GivenCreator, coacheeId: CoacheeId) =>
  nudgeReminders(stage.world.client, { creatorId: owner.creatorId, coacheeId });

describe('a habit with a reminder at nine', () => {
  it('is reminded of once a day at the local time, and a day that went unanswered is missed', async () => {
    const owner = await givenCreator(stage.orm);
    const { coacheeId } = await givenCoachee(owner, owner.webChannelId);
    const habitId = await givenHabit(owner);
    await givenReminder(owner, { times: ['09:00'] }, { habitId });
    const tomorrow = addDays(localAt(await stage.world.now(), ZONE).date, 1);
    await givenKeptHabit(owner, coacheeId, habitId, { startDate: tomorrow });

    await begin(owner, coacheeId);
    await stage.world.sleep(4 * DAY_MS);

    const said = await remindersSaid(owner, coacheeId);
    expect(said.map((line) => line.slice(4))).toEqual(
      [0, 1, 2, 3].map((day) => `${addDays(tomorrow, day)}T09:00 Time for: Drink water`).slice(0, said.length),
    );
    expect(said.length).toBeGreaterThanOrEqual(3);
    const fires = await firesOf(owner, coacheeId);
    expect(fires.map(({ status }) => status)).toContain('over');
    expect((await daysOf(owner, coacheeId)).slice(0, 2)).toEqual([
      `${tomorrow} missed`,
      `${addDays(tomorrow, 1)} missed`,
    ]);
  });
});
