/** Journeys that give habits and act on what becomes of them, through both workflows on the time-skipping server. */
import { describe, expect, it } from 'vitest';
import { Delivery } from '../../shared/db/entities/channels.ts';
import { CoacheeHabit, ReminderSchedule } from '../../shared/db/entities/habits.ts';
import { givenHabit, givenReminder } from '../support/habits.ts';
import { sleepingAt, startedJourney } from '../support/journey-run.ts';
import { givenReminded } from '../support/reminded.ts';
import { givenStage } from '../support/stage.ts';

const stage = givenStage();

const NUDGE = 'Shall we try with a smaller glass?';
const water = 'Time for: Drink water';

const nudging = {
  steps: [
    { type: 'habit', key: 'give', habit: 'water', forDays: 30 },
    {
      ...{ type: 'waitFor', key: 'slack', until: { adherence: 'water', last: 3, lt: 0.5 } },
      timeout: { after: { days: 6 }, goTo: 'fine' },
    },
    { type: 'message', key: 'nudge', text: NUDGE, next: 'later' },
    { type: 'message', key: 'fine', text: 'Well drunk.' },
    { type: 'wait', key: 'later', for: { days: 12 } },
  ],
};

/** A coachee whose journey has given them water, which is reminded of at nine. */
const given = async (program: { steps: object[] }) => {
  const mira = await givenReminded(stage);
  const habitId = await givenHabit(mira);
  await givenReminder(mira, { times: ['09:00'] }, { habitId });
  const journey = await startedJourney(stage, program, { creator: mira, coacheeId: mira.coacheeId });
  await journey.until(({ doing }) => doing.startsWith('Waiting'));
  const { coacheeId } = mira;
  const schedule = () => mira.em().findOne(ReminderSchedule, { coacheeId });
  const kept = () => mira.em().findOneOrFail(CoacheeHabit, { coacheeId, habitId });
  return { mira, journey, habitId, schedule, kept };
};

const lines = (all: string[]) => all.map((line) => line.slice(17));

describe('a journey that gives a habit', () => {
  it('is told when reminders go unanswered, and sends its nudge', async () => {
    const { mira, journey } = await given(nudging);
    await mira.until(mira.day(), '12:00');
    await mira.press('✓ Done');
    await mira.until(mira.day(2), '12:00');
    await journey.until(sleepingAt('slack'));
    await mira.until(mira.day(3), '12:00');
    await journey.until(sleepingAt('later'));
    expect(lines(await mira.said())).toEqual([water, water, water, NUDGE, water]);
    expect((await mira.days()).map((day) => day.slice(11))).toEqual(['excused', 'done', 'missed', 'missed']);
  });

  it('hears of no drop while nobody knows whether the reminders went out', async () => {
    const { mira, journey } = await given(nudging);
    await mira.until(mira.day(), '12:00');
    await mira.press('✓ Done');
    for (const day of [1, 2, 3, 4, 5]) {
      await mira.until(mira.day(day), '12:00');
      await mira.em().nativeUpdate(Delivery, { key: { $like: 'reminders/%' } }, { status: 'ambiguous' });
    }
    await mira.until(mira.day(6), '12:00');
    expect(lines(await mira.said())).not.toContain(NUDGE);
    expect(lines(await mira.said())).toContain('Well drunk.');
    await journey.until(sleepingAt('later'));
  });
});

describe('a habit that a journey gave', () => {
  const holds = (give: object) => ({
    steps: [
      { type: 'habit', key: 'give', habit: 'water', ...give },
      { type: 'wait', key: 'rest', for: { days: 3 } },
    ],
  });

  it('is silent while the journey is paused, and no day of that is missed', async () => {
    const { mira, journey } = await given(holds({}));
    await mira.until(mira.day(), '12:00');
    await journey.tell('pause', { id: 'p' });
    await mira.until(mira.day(1), '12:00');
    await journey.tell('resume', { id: 'r' });
    await mira.until(mira.day(2), '12:00');
    expect(await mira.said()).toEqual([`${mira.day()}T09:00 ${water}`, `${mira.day(2)}T09:00 ${water}`]);
    expect((await mira.days()).map((day) => day.slice(11))).toEqual(['excused', 'missed', 'excused']);
  });

  it('ends with the journey', async () => {
    const { mira, schedule, kept } = await given(holds({}));
    await mira.until(mira.day(4), '12:00');
    expect(await mira.said()).toHaveLength(3);
    expect(await kept()).toMatchObject({ endDate: mira.day(1) });
    expect(await schedule()).toMatchObject({ nextAt: null });
  });

  it('goes on for the days that it has left when the journey is finished', async () => {
    const { mira } = await given(holds({ forDays: 6 }));
    await mira.until(mira.day(7), '12:00');
    expect(await mira.said()).toHaveLength(5);
  });

  it('ends where the journey is left, whatever it has left', async () => {
    const { mira, journey } = await given(holds({ forDays: 6 }));
    await mira.until(mira.day(), '12:00');
    await journey.tell('exit', { id: 'x' });
    await mira.until(mira.day(3), '12:00');
    expect(await mira.said()).toHaveLength(1);
  });

  it('is told of where it is not there, and the journey goes on', async () => {
    const { journey } = await given(holds({ habit: 'wine' }));
    const left = (await journey.timeline()).find(({ kind }) => kind === 'habitLeftOut');
    expect(left?.detail).toEqual({ habit: 'wine', end: false, why: 'There is no habit of that name.' });
    expect(await journey.progress()).toMatchObject({ stepKey: 'rest', status: 'active' });
  });
});
