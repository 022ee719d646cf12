/** Journeys that give habits and act on what becomes of them, through both workflows on the time-skipping server. */
import { describe, expect, it } from 'vitest';
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
      timeout: { after: { days: 12 }, goTo: 'fine' },
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
    await mira.until(mira.day(1), '12:00');
    expect(lines(await mira.said())).toEqual([water, water]);
    await mira.until(mira.day(2), '12:00');
    await journey.until(sleepingAt('slack'));
    await mira.until(mira.day(3), '12:00');
    await journey.until(sleepingAt('later'));
    console.log(await mira.said(), await mira.days(), await mira.fires());
    expect(lines(await mira.said())).toEqual([water, water, water, NUDGE, water]);
  });
});
