/** A coachee's reminders as a run on the time-skipping server. */
import { describe, expect, it } from 'vitest';
import type { HabitId } from '../../shared/contracts/ids.ts';
import { newId } from '../../shared/contracts/ids.ts';
import { Creator } from '../../shared/db/entities/accounts.ts';
import { Channel, Delivery } from '../../shared/db/entities/channels.ts';
import { Alert, ReminderAnchor, ReminderFire, Vacation } from '../../shared/db/entities/habits.ts';
import type { HabitRules } from '../../shared/domain/habits/rules.ts';
import type { ReminderOptions } from '../../shared/domain/reminders/fires.ts';
import { noteSchedule, pauseReminders } from '../../shared/services/reminder-schedules.ts';
import { remindersId } from '../../temporal/ids.ts';
import { givenHabit, givenKeptHabit, givenReminder } from '../support/habits.ts';
import { givenReminded, type Reminded } from '../support/reminded.ts';
import { givenStage } from '../support/stage.ts';

const stage = givenStage();

interface Kept {
  habit?: Partial<HabitRules> & { name?: string; title?: string };
  options?: Partial<ReminderOptions>;
  times?: string[];
}

/** A habit from the first day on, reminded of at nine. */
const keep = async (mira: Reminded, { habit = {}, options = {}, times = ['09:00'] }: Kept = {}): Promise<HabitId> => {
  const habitId = await givenHabit(mira, habit);
  await givenReminder(mira, { times }, { habitId, ...options });
  await givenKeptHabit(mira, mira.coacheeId, habitId, { startDate: mira.day() });
  await mira.nudge();
  return habitId;
};

const water = 'Time for: Drink water';

// First of all: while it skips months, the runs of the others would go on as well.
describe('a run of reminders', () => {
  it('ends when nothing is left, begins again with the next change, and lives on from month to month', async () => {
    const mira = await givenReminded(stage);
    const { coacheeId, creatorId } = mira;
    const weekly = { times: ['09:00'], rrule: 'FREQ=WEEKLY', startDate: mira.day(), endDate: mira.day(50) };
    await givenReminder(mira, weekly, { coacheeId, text: 'Weigh in' });
    await mira.em().transactional((tx) => noteSchedule(tx, creatorId, coacheeId));
    await mira.nudge();
    const handle = stage.world.client.workflow.getHandle(remindersId(coacheeId));
    const first = (await handle.describe()).runId;
    // Not by its result: when nothing else is under way, the server's clock leaps ahead with the last run's end.
    await mira.until(mira.day(52), '12:00');
    expect((await handle.describe()).status.name).toBe('COMPLETED');
    expect(await mira.said()).toEqual([0, 7, 14, 21, 28, 35, 42, 49].map((day) => `${mira.day(day)}T09:00 Weigh in`));
    expect((await handle.describe()).runId).not.toBe(first);
    expect((await mira.fires()).map((fire) => fire.slice(17))).toEqual([...Array(7).fill('over'), 'open']);
    await givenReminder(
      mira,
      { times: ['07:00'], date: { on: mira.day(60) } },
      { coacheeId, text: 'Birthday, {{coachee.name}}!' },
    );
    await mira.nudge();
    await mira.until(mira.day(61), '12:00');
    expect((await mira.said()).at(-1)).toBe(`${mira.day(60)}T07:00 Birthday, Mira!`);
  });
});

describe('a habit that is reminded of', () => {
  it('once a day at the local time; what went unanswered is missed', async () => {
    const mira = await givenReminded(stage);
    await keep(mira);
    await mira.until(mira.day(2), '09:00');
    expect(await mira.said()).toEqual([0, 1, 2].map((day) => `${mira.day(day)}T09:00 ${water}`));
    expect(await mira.fires()).toEqual([
      `${mira.day()} 09:00 over`,
      `${mira.day(1)} 09:00 over`,
      `${mira.day(2)} 09:00 open`,
    ]);
    expect(await mira.days()).toEqual([`${mira.day()} missed`, `${mira.day(1)} missed`]);
  });

  it('not when it was done before, and not again once it is done', async () => {
    const mira = await givenReminded(stage);
    const habitId = await keep(mira, { times: ['09:00', '18:00'] });
    await mira.until(mira.day(), '08:00');
    await mira.checkIn(habitId);
    await mira.until(mira.day(1), '10:00');
    expect(await mira.press('✓ Done')).toBe('✓ Drink water. That makes 2 days in a row.');
    await mira.until(mira.day(1), '23:00');
    expect(await mira.said()).toEqual([`${mira.day(1)}T09:00 ${water}`]);
    expect(await mira.fires()).toEqual([
      `${mira.day()} 09:00 done`,
      `${mira.day()} 18:00 done`,
      `${mira.day(1)} 09:00 done`,
      `${mira.day(1)} 18:00 done`,
    ]);
    // A tap that comes twice is one.
    expect(await mira.press('✓ Done')).toBe('✓ Drink water. That makes 2 days in a row.');
    expect((await mira.days()).filter((day) => day.endsWith('done'))).toHaveLength(2);
  });

  it('is answered in words', async () => {
    const mira = await givenReminded(stage);
    await keep(mira, { habit: { title: 'Water', measure: { kind: 'amount', target: 3, unit: 'glasses' } } });
    await mira.until(mira.day(), '09:01');
    expect(await mira.writes('2')).toBe('Noted: Water, 2 of 3 glasses.');
    expect(await mira.writes('what a day')).toBeNull();
    expect(await mira.writes('done')).toBe('✓ Water: 3 of 3 glasses.');
    await mira.until(mira.day(1), '09:01');
    expect(await mira.writes('skip')).toContain('does not count as missed');
    await mira.until(mira.day(2), '08:00');
    expect(await mira.days()).toEqual([`${mira.day()} done`, `${mira.day(1)} skipped`]);
  });

  it('comes again, then the team is told, unless somebody answers', async () => {
    const mira = await givenReminded(stage);
    const escalation: ReminderOptions['escalation'] = [
      { afterMinutes: 120, via: 'again' },
      { afterMinutes: 60, via: 'coach' },
    ];
    await keep(mira, { options: { escalation } });
    await mira.until(mira.day(), '23:00');
    await mira.until(mira.day(1), '10:00');
    await mira.press('✓ Done');
    await mira.until(mira.day(1), '23:00');
    expect(await mira.said()).toEqual([
      `${mira.day()}T09:00 ${water}`,
      `${mira.day()}T11:00 ${water}`,
      `${mira.day(1)}T09:00 ${water}`,
    ]);
    const alerts = await mira.em().find(Alert, {});
    expect(alerts.map(({ text }) => text)).toEqual(['Mira has not answered: Drink water.']);
  });

  it('is put off, or left for today, as the coachee chooses', async () => {
    const mira = await givenReminded(stage);
    await keep(mira, { options: { snoozes: [{ minutes: 30 }, { time: '20:00' }] } });
    await mira.until(mira.day(), '09:10');
    expect(await mira.press('In 30 min')).toBe('I will remind you again at 09:40.');
    await mira.until(mira.day(), '09:50');
    expect(await mira.press('At 20:00')).toBe('I will remind you again at 20:00.');
    await mira.until(mira.day(1), '09:10');
    await mira.press('Not today');
    await mira.until(mira.day(2), '08:00');
    expect((await mira.said()).map((line) => line.slice(11, 16))).toEqual(['09:00', '09:40', '20:00', '09:00']);
    expect(await mira.days()).toEqual([`${mira.day()} missed`, `${mira.day(1)} skipped`]);
  });

  it('waits for the end of quiet hours, and keeps silent on vacation and while it is paused', async () => {
    const mira = await givenReminded(stage);
    await keep(mira, { times: ['06:00'], options: { dropAfterMinutes: 60 } });
    await mira.changeCoachee({ deliveryPolicy: { quietHours: { from: '22:00', to: '08:30' } } });
    await mira.until(mira.day(), '12:00');
    const away = { fromDate: mira.day(1), toDate: mira.day(1) };
    const { coacheeId, creatorId } = mira;
    await mira.em().insert(Vacation, { id: newId(), creatorId, coacheeId, ...away });
    await mira.until(mira.day(1), '12:00');
    await mira.em().transactional((tx) => pauseReminders(tx, coacheeId, true));
    await mira.until(mira.day(3), '05:00');
    await mira.em().transactional((tx) => pauseReminders(tx, coacheeId, false));
    await mira.until(mira.day(4), '05:00');
    expect((await mira.said()).map((line) => line.slice(0, 16))).toEqual([
      `${mira.day()}T08:30`,
      `${mira.day(3)}T08:30`,
    ]);
    // Only what was certainly asked can be missed.
    expect(await mira.days()).toEqual([
      `${mira.day()} missed`,
      `${mira.day(1)} vacation`,
      `${mira.day(2)} excused`,
      `${mira.day(3)} missed`,
    ]);
  });

  it('is no miss where nobody knows whether the reminder went out', async () => {
    const mira = await givenReminded(stage);
    await keep(mira);
    await mira.until(mira.day(), '12:00');
    await mira.em().nativeUpdate(Delivery, { coacheeId: mira.coacheeId }, { status: 'ambiguous' });
    await mira.until(mira.day(2), '08:00');
    expect(await mira.days()).toEqual([`${mira.day()} excused`, `${mira.day(1)} missed`]);
  });

  it('joins what is due at about the same time', async () => {
    const mira = await givenReminded(stage);
    await keep(mira);
    await keep(mira, { habit: { name: 'walk', title: 'Walk' }, times: ['09:04'] });
    await keep(mira, { habit: { name: 'read', title: 'Read' }, times: ['09:30'] });
    await mira.until(mira.day(), '10:00');
    expect(await mira.said()).toEqual([
      `${mira.day()}T09:00 • ${water}\n• Time for: Walk`,
      `${mira.day()}T09:30 Time for: Read`,
    ]);
    await mira.press('✓ Walk');
    await mira.press('All done');
    expect((await mira.fires()).map((fire) => fire.slice(11))).toEqual(['09:00 done', '09:04 done', '09:30 open']);
  });
});

describe('a coachee who moves', () => {
  it('is reminded once of each day, and of what the move has jumped over at once', async () => {
    const mira = await givenReminded(stage);
    await keep(mira);
    await mira.until(mira.day(), '09:30');
    // It is 03:30 of the same day there: nine comes once more, and is settled.
    await mira.changeCoachee({ timeZone: 'America/New_York' });
    await mira.until(mira.day(1), '08:30');
    // 14:30 there: nine is five and a half hours ago.
    await mira.changeCoachee({ timeZone: 'Europe/Berlin' });
    await mira.until(mira.day(2), '12:00');
    expect(await mira.said()).toEqual([`${mira.day()}T09:00 ${water}`, `${mira.day(2)}T09:00 ${water}`]);
    const jumped = await mira.em().findOneOrFail(ReminderFire, { coacheeId: mira.coacheeId, date: mira.day(1) });
    expect(jumped).toMatchObject({ status: 'dropped', reason: 'It would have been 330 minutes late.' });
    expect((await mira.days())[1]).toBe(`${mira.day(1)} excused`);
  });
});

describe('a rule', () => {
  it('follows an event, sums a week up, and is spread within the creator’s window', async () => {
    const mira = await givenReminded(stage);
    const { coacheeId, creatorId } = mira;
    await mira
      .em()
      .nativeUpdate(Creator, { id: creatorId }, { reminderSettings: { jitterMinutes: 15, mergeMinutes: 0 } });
    const habitId = await keep(mira, { times: ['08:00'] });
    const after = { times: ['12:00'], after: { event: 'booked', days: 2 } };
    await givenReminder(mira, after, { coacheeId, text: 'Your session is today' });
    await givenReminder(
      mira,
      { times: ['20:00'], startDate: mira.day(1), endDate: mira.day(1) },
      { coacheeId, kind: 'digest' },
    );
    const anchor = { coacheeId, creatorId, eventId: 'an event', event: 'booked', date: mira.day() };
    await mira.em().insert(ReminderAnchor, anchor);
    await mira.until(mira.day(), '07:00');
    await mira.checkIn(habitId);
    await mira.until(mira.day(2), '13:00');
    const said = await mira.said();
    const at = (text: string) => said.filter((line) => line.includes(text)).map((line) => line.slice(0, 16));
    const between = (date: string, from: string, to: string) => (moment: string | undefined) =>
      moment !== undefined && moment >= `${date}T${from}` && moment <= `${date}T${to}`;
    expect(at('Your session is today')).toSatisfy(
      ([one, ...others]: string[]) => others.length === 0 && between(mira.day(2), '12:00', '12:15')(one),
    );
    expect(at(water)).toHaveLength(2);
    expect(at(water)[0]).toSatisfy(between(mira.day(1), '08:00', '08:15'));
    const [digest = ''] = said.filter((line) => line.includes('This was your week'));
    expect(digest.slice(0, 16)).toSatisfy(between(mira.day(1), '20:00', '20:15'));
    expect(digest).toContain('Drink water: ');
    expect(digest).toContain('1 of 1');
    // What is due for one coachee on one date is spread alike.
    const fires = await mira.em().find(ReminderFire, { coacheeId, date: mira.day(1) });
    const minutes = fires.map(({ dueAt }) => dueAt.getTime() % 3_600_000);
    expect(new Set(minutes).size).toBe(1);
  });
});

describe('another channel', () => {
  it('is tried when the first stays unanswered, if there is one', async () => {
    const mira = await givenReminded(stage);
    const escalation: ReminderOptions['escalation'] = [{ afterMinutes: 60, via: 'otherChannel' }];
    await keep(mira, { options: { escalation } });
    const { creatorId, coacheeId } = mira;
    const other = newId<Channel['id']>();
    await mira.em().insert(Channel, { id: other, creatorId, kind: 'web', name: 'second', settings: {} });
    await mira
      .em()
      .execute('insert into identities (id, creator_id, channel_id, coachee_id, address) values (?, ?, ?, ?, ?)', [
        ...[newId(), creatorId, other, coacheeId, newId()],
      ]);
    await mira.until(mira.day(), '12:00');
    const sent = await mira.em().find(Delivery, { coacheeId, status: 'sent' }, { orderBy: { id: 'asc' } });
    expect(sent).toHaveLength(2);
    expect(new Set(sent.map(({ channelId }) => channelId)).size).toBe(2);
  });
});
