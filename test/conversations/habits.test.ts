/** What coachees say of their habits goes the way of every other message, on whatever channel. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localAt } from '../../shared/calendar/slots.ts';
import { SendRefused } from '../../shared/clients/channels.ts';
import type { CoacheeId } from '../../shared/contracts/ids.ts';
import { Delivery, Identity } from '../../shared/db/entities/channels.ts';
import { CoacheeHabit, ReminderFire, ReminderSchedule } from '../../shared/db/entities/habits.ts';
import { Enrollment } from '../../shared/db/entities/journeys.ts';
import { createOrm, type Orm } from '../../shared/db/orm.ts';
import { phrases } from '../../shared/domain/conversations/phrases.ts';
import type { HabitRules } from '../../shared/domain/habits/rules.ts';
import { nudgeReminders } from '../../temporal/start/reminders.ts';
import { testConfig } from '../support/environment.ts';
import { type GivenCreator, givenChannel, givenCoachee, givenCreator } from '../support/factories.ts';
import { firesOf, givenHabit, givenKeptHabit, givenReminder } from '../support/habits.ts';
import { asked, startedJourney } from '../support/journey-run.ts';
import { dayThere, MIDDAY_ZONE } from '../support/midday.ts';
import { soon } from '../support/soon.ts';
import { asks } from '../support/steps.ts';
import { talkOf } from '../support/talk.ts';
import { openTimeSkippingWorld, type TimeSkippingWorld } from '../support/time-skipping.ts';

let orm: Orm;
let world: TimeSkippingWorld;
/** Addresses that Telegram has been offered a message for; it takes none. */
const offered: string[] = [];

beforeAll(async () => {
  orm = createOrm({ databaseUrl: testConfig().DATABASE_URL });
  const send = async ({ address }: { address: string }) => {
    offered.push(address);
    throw new SendRefused('later', 'Too many requests', 20 * 60_000);
  };
  world = await openTimeSkippingWorld({ orm, ports: { telegram: { kind: 'telegram', send } } });
});
afterAll(async () => {
  await world.close();
  await orm.close(true);
});

type Kept = Partial<HabitRules> & { name: string; title: string };

/** Somebody who keeps those habits from today on and is reminded of them soon. */
const keeping = async (owner: GivenCreator, coacheeId: CoacheeId, ...habits: Kept[]) => {
  const { time } = localAt((await world.now()) + 5 * 60_000, MIDDAY_ZONE);
  for (const habit of habits) {
    const habitId = await givenHabit(owner, habit);
    await givenReminder(owner, { times: [time] }, { habitId });
    await givenKeptHabit(owner, coacheeId, habitId, { startDate: dayThere() });
  }
  const { creatorId } = owner;
  await nudgeReminders(world.client, { creatorId, coacheeId });
};

const given = async (...habits: Kept[]) => {
  const owner = await givenCreator(orm);
  const { coacheeId } = await givenCoachee(owner, owner.webChannelId, { timeZone: MIDDAY_ZONE });
  await keeping(owner, coacheeId, ...habits);
  const talk = talkOf(world, { ...owner, coacheeId });
  return { ...owner, ...talk, coacheeId, last: async () => (await talk.heard()).at(-1) };
};

/** The clock runs on until every habit has been reminded of. */
const reminded = async (owner: GivenCreator, coacheeId: CoacheeId, wanted = ['open']) => {
  await soon(async () => {
    await world.sleep(10 * 60_000);
    const fires = await firesOf(owner, coacheeId);
    if (fires.length === 0 || fires.some(({ status }) => !wanted.includes(status))) throw new Error('Not yet');
  });
};

const statuses = async (owner: GivenCreator, coacheeId: CoacheeId) =>
  (await firesOf(owner, coacheeId)).map(({ status }) => status);

const water: Kept = { name: 'water', title: 'Water', measure: { kind: 'amount', target: 3, unit: 'glasses' } };
const walk: Kept = { name: 'walk', title: 'Walk' };

describe('a coachee who keeps habits', () => {
  it('answers with a button once, however often it is pressed, and may take it back', async () => {
    const mira = await given(walk);
    await reminded(mira, mira.coacheeId);
    const fire = await mira.em().findOneOrFail(ReminderFire, { coacheeId: mira.coacheeId });
    const press = await mira.press(`done:${fire.id}`);
    await mira.say(press);
    await mira.say(press);
    expect((await mira.heard()).slice(1)).toEqual(['✓ Walk.', '✓ Walk.']);
    await soon(async () => expect(await statuses(mira, mira.coacheeId)).toEqual(['done']));
    const kept = () => mira.em().findOneOrFail(CoacheeHabit, { coacheeId: mira.coacheeId });
    expect((await kept()).streak).toBe(1);
    await mira.say('/undo');
    expect(await mira.last()).toBe(`Taken back: Walk on ${dayThere()}.`);
    expect((await kept()).streak).toBe(0);
    await mira.say('/undo');
    expect(await mira.last()).toBe('There is nothing to take back.');
  });

  it('logs in words, asked or not, and sees how it stands', async () => {
    const mira = await given(water, walk);
    await mira.say('water 2, walk done');
    expect(await mira.last()).toBe('Noted: Water, 2 of 3 glasses.\n✓ Walk.');
    await mira.say('/habits');
    expect(await mira.last()).toMatch(/^Water: 2 of 3 glasses\nWalk: done today, 1 day in a row$/);
    await reminded(mira, mira.coacheeId, ['open', 'done']);
    await mira.say('How are you?');
    expect(await mira.last()).toContain('If that was about “Water”');
    await mira.say('skip');
    await mira.say('How are you?');
    expect(await mira.last()).toContain('You are not in a program right now');
  });

  it('answers a journey that asked last, and then the reminder', async () => {
    const owner = await givenCreator(orm);
    const { coacheeId } = await givenCoachee(owner, owner.webChannelId, { timeZone: MIDDAY_ZONE });
    const talk = talkOf(world, { ...owner, coacheeId });
    await keeping(owner, coacheeId, walk);
    await reminded(owner, coacheeId);
    const journey = await startedJourney(
      { orm, world },
      { steps: [asks('mood'), asks('again')] },
      { creator: owner, coacheeId },
    );
    await journey.until(asked);
    await talk.say('done');
    await journey.until(({ stepKey, ...rest }) => stepKey === 'again' && asked({ stepKey, ...rest }));
    expect(await statuses(owner, coacheeId)).toEqual(['open']);
    const { awaitingReplySince } = await owner.em().findOneOrFail(Enrollment, { id: journey.enrollmentId });
    const before = new Date((awaitingReplySince?.getTime() ?? 0) - 3_600_000);
    await owner.em().nativeUpdate(Enrollment, { id: journey.enrollmentId }, { awaitingReplySince: before });
    await talk.say('done');
    expect((await talk.heard()).at(-1)).toBe('✓ Walk.');
  });

  it('ends on one channel what is pending on another', async () => {
    const owner = await givenCreator(orm);
    const { coacheeId } = await givenCoachee(owner, owner.webChannelId, { timeZone: MIDDAY_ZONE });
    const [identity] = await owner.em().find(Identity, { coacheeId });
    const telegram = await givenChannel(owner, 'telegram');
    await owner.em().insert(Identity, {
      ...{ id: crypto.randomUUID() as Identity['id'], creatorId: owner.creatorId, channelId: telegram, coacheeId },
      ...{ address: '4711', lastInboundAt: new Date() },
    });
    await keeping(owner, coacheeId, walk);
    await reminded(owner, coacheeId);
    await soon(async () => expect(offered).toContain('4711'));
    const tries = offered.length;

    const { creatorId, webChannelId, em } = owner;
    const talk = talkOf(world, { creatorId, webChannelId, coacheeId, em: () => em() });
    expect(identity?.channelId).toBe(webChannelId);
    await talk.say('walk done');
    await soon(async () => expect(await statuses(owner, coacheeId)).toEqual(['done']));
    await world.sleep(60 * 60_000);
    expect(offered).toHaveLength(tries);
    const reminder = await owner.em().findOneOrFail(Delivery, { coacheeId, key: { $like: 'reminders/%' } });
    expect(reminder).toMatchObject({ status: 'dropped', reason: 'It was not needed any more.' });
  });

  it('is left in peace when they say so', async () => {
    const mira = await given(walk);
    await mira.say('/pause');
    expect(await mira.last()).toBe(phrases.paused);
    const schedule = () => mira.em().findOneOrFail(ReminderSchedule, { coacheeId: mira.coacheeId });
    expect((await schedule()).pausedAt).toBeInstanceOf(Date);
    await mira.say('/resume');
    expect((await schedule()).pausedAt).toBeNull();
    await mira.say('/stop');
    expect(await mira.last()).toBe(phrases.stopped);
    await soon(async () => expect((await schedule()).nextAt).toBeNull());
  });
});
