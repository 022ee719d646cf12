/**
 * Time-zone data differ from machine to machine and from release to release. A run's answers are recorded, so a worker that knows other zones than the one
 * before replays them as they are, and reckons anew only what is still to come.
 */
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createReminderActivities } from '../../activities/reminders/activities.ts';
import { createOrm, type Orm } from '../../shared/db/orm.ts';
import { buildWorkflowBundle } from '../../temporal/bundle.ts';
import { remindersId } from '../../temporal/ids.ts';
import { testConfig } from '../support/environment.ts';
import { givenHabit, givenKeptHabit, givenReminder } from '../support/habits.ts';
import { givenReminded } from '../support/reminded.ts';
import { openTimeSkippingWorld, type TimeSkippingWorld } from '../support/time-skipping.ts';

const HOUR_MS = 3_600_000;
type Settle = ReturnType<typeof createReminderActivities>['settle'];

let orm: Orm;
let world: TimeSkippingWorld;
let settle: Settle;

/** The same activity on other time-zone data: every clock of the world is an hour ahead of what it was. */
const settleElsewhere = async (): Promise<Settle> => {
  vi.resetModules();
  vi.doMock('../../shared/calendar/offset-spans.ts', async (original) => {
    const real = await original<typeof import('../../shared/calendar/offset-spans.ts')>();
    return {
      ...real,
      offsetSpanAt: (epochMs: number, timeZone: string) => {
        const span = real.offsetSpanAt(epochMs, timeZone);
        return { ...span, offsetMs: span.offsetMs + HOUR_MS };
      },
    };
  });
  const { createReminderActivities: create } = await import('../../activities/reminders/activities.ts');
  const { createOrm: createOther } = await import('../../shared/db/orm.ts');
  const other = createOther({ databaseUrl: testConfig().DATABASE_URL });
  closing.push(() => other.close(true));
  return create({ orm: other, nudge: async () => {} }).settle;
};
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  orm = createOrm({ databaseUrl: testConfig().DATABASE_URL });
  settle = createReminderActivities({ orm, nudge: async () => {} }).settle;
  world = await openTimeSkippingWorld({
    orm,
    // No run is kept in memory: every task goes through the whole history again.
    replaying: true,
    swap: (activities) => ({ ...activities, settle: (input: Parameters<Settle>[0]) => settle(input) }),
  });
});
afterAll(async () => {
  vi.doUnmock('../../shared/calendar/offset-spans.ts');
  await world.close();
  for (const close of closing) await close();
  await orm.close(true);
});

it('changes what is to come, and no replay', async () => {
  const mira = await givenReminded({ orm, world });
  const habitId = await givenHabit(mira);
  await givenReminder(mira, { times: ['09:00'] }, { habitId });
  await givenKeptHabit(mira, mira.coacheeId, habitId, { startDate: mira.day(), endDate: mira.day(4) });
  await mira.nudge();
  await mira.until(mira.day(1), '12:00');

  settle = await settleElsewhere();
  await mira.nudge();
  await mira.until(mira.day(3), '12:00');
  await mira.nudge();

  // Berlin's clocks, as the other data have them, show nine an hour earlier; each day is told of once.
  const fires = await mira
    .em()
    .execute<{ date: string; due: Date; status: string }[]>(
      'select date, due_at as due, status from reminder_fires where coachee_id = ? order by date',
      [mira.coacheeId],
    );
  const hours = fires.map(({ date, due }) => [
    date,
    (new Date(due).getTime() - Date.parse(`${date}T00:00:00Z`)) / HOUR_MS,
  ]);
  const hourBefore = Number(hours[0]?.[1]);
  expect(hours).toEqual([0, 1, 2, 3].map((day) => [mira.day(day), day < 2 ? hourBefore : hourBefore - 1]));
  expect(await mira.said()).toHaveLength(4);

  const handle = world.client.workflow.getHandle(remindersId(mira.coacheeId));
  const history = await handle.fetchHistory();
  const failures = history.events?.filter(({ workflowTaskFailedEventAttributes: failed }) => failed) ?? [];
  expect(failures).toEqual([]);
  await Worker.runReplayHistory({ workflowBundle: await buildWorkflowBundle() }, history, remindersId(mira.coacheeId));
});
