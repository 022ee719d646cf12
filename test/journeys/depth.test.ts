/** Deeper programs as real journeys, on the real database and, where a model is asked, the real model. */
import { describe, expect, it } from 'vitest';
import { Delivery } from '../../shared/db/entities/channels.ts';
import { CheckIn, Coachee, Enrollment, Review } from '../../shared/db/entities/journeys.ts';
import { noteChange } from '../../shared/services/changes.ts';
import { grant } from '../../shared/services/entitlements.ts';
import { nudgeJourney } from '../../temporal/start/journeys.ts';
import { givenCreator, givenProgram } from '../support/factories.ts';
import { asked, type StartedJourney, startedJourney } from '../support/journey-run.ts';
import { givenStage } from '../support/stage.ts';
import { says } from '../support/steps.ts';
import { openTimeSkippingWorld } from '../support/time-skipping.ts';

const HOUR_MS = 3_600_000;

const stage = givenStage();
const start = (definition: object, more = {}) => startedJourney(stage, definition, more);

/** As the API does after a change: noted with it, and told. */
const nudge = async (journey: StartedJourney) => {
  await noteChange(journey.em(), journey.coacheeId);
  await nudgeJourney(stage.world.client, journey.enrollmentId);
};

const change = async (journey: StartedJourney, changes: Partial<Coachee>) => {
  await journey.em().nativeUpdate(Coachee, { id: journey.coacheeId }, changes);
  await nudge(journey);
};

const heldAt = (journey: StartedJourney, stepKey: string) =>
  journey.until((now) => now.stepKey === stepKey && /^(Held|Waiting)/.test(now.doing));

describe('the coach', () => {
  const cheer = { key: 'cheer', type: 'coach', prompt: 'Say hello to {{coachee.name}}.', fallback: 'Hello there.' };

  it('writes with the real model', async () => {
    const journey = await start({ steps: [cheer] });

    expect(await journey.result()).toBe('completed');
    const [text = ''] = await journey.texts();
    expect(text.length).toBeGreaterThan(0);
    expect((await journey.timeline()).map(({ kind }) => kind)).toContain('coachWrote');
  });

  it('falls back to the creator’s words when no model answers', async () => {
    const coachModel = { write: () => Promise.reject(new Error('connect ECONNREFUSED')) };
    const world = await openTimeSkippingWorld({ orm: stage.orm, coachModel });
    const journey = await startedJourney({ ...stage, world }, { steps: [cheer] });

    expect(await journey.result()).toBe('completed');
    expect(await journey.texts()).toEqual(['Hello there.']);
    const failed = (await journey.timeline()).find(({ kind }) => kind === 'coachFailed');
    expect(failed?.detail).toEqual({ why: 'connect ECONNREFUSED' });
    await world.close();
  });
});

describe('a review', () => {
  const steps = [
    { key: 'look', type: 'review', text: 'Dear {{coachee.name}}', timeout: { after: { hours: 8 } } },
    says('letter', '{{results.look.text}}'),
  ];

  it('lets the reviewed text go, as it was edited', async () => {
    const journey = await start({ steps });
    await heldAt(journey, 'look');
    const open = await journey.em().findOneOrFail(Review, { enrollmentId: journey.enrollmentId });
    expect(open).toMatchObject({ status: 'open', text: 'Dear Mira' });

    const verdict = { id: 'v1', stepKey: 'look', occurrence: 1, verdict: 'edited', text: 'Hello Mira' };
    expect(await journey.tell('review', verdict)).toBe('accepted');

    expect(await journey.result()).toBe('completed');
    expect(await journey.texts()).toEqual(['Hello Mira']);
    expect((await journey.em().findOneOrFail(Review, { id: open.id })).status).toBe('edited');
  });

  it('is taken back at its deadline', async () => {
    const journey = await start({ steps });

    expect(await journey.result()).toBe('completed');
    expect(await journey.texts()).toEqual(['Dear Mira']);
    const review = await journey.em().findOneOrFail(Review, { enrollmentId: journey.enrollmentId });
    expect(review.status).toBe('timedOut');
  });
});

describe('a payment gate', () => {
  it('opens when the coachee is entitled', async () => {
    const gate = { key: 'gate', type: 'paymentGate', entitlement: 'gold', text: 'Join us' };
    const journey = await start({ steps: [gate, says('inside')] });
    await heldAt(journey, 'gate');

    await grant(journey.em(), { creatorId: journey.creatorId, coacheeId: journey.coacheeId, name: 'gold' });
    await nudge(journey);

    expect(await journey.result()).toBe('completed');
    expect(await journey.texts()).toEqual(['Join us', 'inside']);
  });
});

describe('a check-in', () => {
  it('is kept once, and an adherence waited for in another program opens it', async () => {
    const water = {
      ...{ key: 'water', type: 'checkin', habit: 'water', text: 'Glasses?' },
      ...{ target: { amount: 3, unit: 'glasses' }, timeout: { after: { hours: 12 } } },
    };
    const asks = await start({ steps: [water] });
    const { creatorId, em, coacheeId, webChannelId } = asks;
    const waits = await start(
      { steps: [{ key: 'good', type: 'waitFor', until: { adherence: 'water', last: 1, gte: 1 } }, says('praise')] },
      { creator: { creatorId, em, webChannelId }, coacheeId },
    );
    await heldAt(waits, 'good');
    await asks.until(asked);

    expect(await asks.tell('reply', { id: 'r1', text: '3' })).toBe('accepted');
    expect(await asks.result()).toBe('completed');

    expect(await waits.result()).toBe('completed');
    const kept = await em().find(CheckIn, { coacheeId });
    expect(kept.map(({ habit, done, amount }) => ({ habit, done, amount }))).toEqual([
      { habit: 'water', done: true, amount: 3 },
    ]);
  });
});

describe('a subprogram', () => {
  it('is a journey of its own, whose end lets the first one go on', async () => {
    const creator = await givenCreator(stage.orm);
    const basics = [says('one'), { key: 'night', type: 'wait', for: { days: 1 } }, says('two')];
    await givenProgram(creator, { slug: 'basics', steps: basics });
    const journey = await start(
      { steps: [{ key: 'sub', type: 'subprogram', program: 'basics' }, says('on')] },
      { creator },
    );

    expect(await journey.result()).toBe('completed');
    expect(await journey.texts()).toEqual(['one', 'two', 'on']);
    const [child] = await creator.em().find(Enrollment, { coacheeId: journey.coacheeId, parentKey: { $ne: null } });
    expect(child).toMatchObject({ status: 'finished', parentKey: `journey/${journey.enrollmentId}/sub/1` });
  });

  it('ends with the step when the first journey leaves it', async () => {
    const creator = await givenCreator(stage.orm);
    await givenProgram(creator, { slug: 'long', steps: [{ key: 'year', type: 'wait', for: { days: 365 } }] });
    const journey = await start(
      { steps: [{ key: 'sub', type: 'subprogram', program: 'long' }, says('on')] },
      { creator },
    );
    await heldAt(journey, 'sub');

    expect(await journey.tell('skip', { id: 's1' })).toBe('accepted');
    expect(await journey.result()).toBe('completed');
    const child = () => creator.em().findOneOrFail(Enrollment, { parentKey: { $ne: null } });
    for (let tries = 0; (await child()).endedAt == null && tries < 100; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(await child()).toMatchObject({ status: 'exited' });
  });

  it('that does not exist is passed over, and the timeline says why', async () => {
    const journey = await start({ steps: [{ key: 'sub', type: 'subprogram', program: 'nowhere' }, says('on')] });

    expect(await journey.result()).toBe('completed');
    const refused = (await journey.timeline()).find(({ kind }) => kind === 'subprogramRefused');
    expect(refused?.detail.why).toMatch(/nowhere/);
  });
});

describe('wishes of a coachee', () => {
  it('keep a message through quiet hours, and send it once at their end', async () => {
    const morning = { key: 'w', type: 'wait', until: { time: '23:00' } };
    const journey = await start({ steps: [says('hello'), morning, says('late')] });
    await heldAt(journey, 'w');
    await change(journey, { deliveryPolicy: { quietHours: { from: '22:00', to: '07:00' } } });

    expect(await journey.result()).toBe('completed');
    expect(await journey.texts()).toEqual(['hello', 'late']);
    const sent = (await journey.timeline()).findLast(({ kind }) => kind === 'sent');
    expect(sent?.localTime).toMatch(/T07:00:0\d/);
    const deliveries = await journey.em().find(Delivery, { enrollmentId: journey.enrollmentId });
    expect(deliveries.map(({ status }) => status)).toEqual(['sent', 'sent']);
  });

  it('drop a message that waits for the morning when the step is skipped', async () => {
    const steps = [{ key: 'w', type: 'wait', until: { time: '23:00' } }, says('late'), says('later')];
    const journey = await start({ steps });
    await heldAt(journey, 'w');
    await change(journey, { deliveryPolicy: { quietHours: { from: '22:00', to: '07:00' } } });
    const dueMs = Date.parse((await journey.progress()).dueAt ?? '');
    await stage.world.sleep(dueMs - (await stage.world.now()) + 1000);
    await heldAt(journey, 'late');

    expect(await journey.tell('skip', { id: 's1' })).toBe('accepted');

    expect(await journey.result()).toBe('completed');
    expect(await journey.texts()).toEqual(['later']);
    const [dropped] = await journey
      .em()
      .find(Delivery, { enrollmentId: journey.enrollmentId }, { orderBy: { id: 'asc' } });
    expect(dropped).toMatchObject({ status: 'dropped', reason: 'The journey went on before it could be sent.' });
  });

  it('count a wait anew in the zone that they move to', async () => {
    const steps = [says('hello'), { key: 'w', type: 'wait', until: { time: '20:00' } }, says('evening')];
    const journey = await start({ steps }, { timeZone: 'Europe/Berlin' });
    await heldAt(journey, 'w');

    await change(journey, { timeZone: 'America/New_York' });
    await journey.until(({ doing }) => doing.includes('America/New_York'));

    expect(await journey.result()).toBe('completed');
    expect(await journey.texts()).toEqual(['hello', 'evening']);
    const sent = (await journey.timeline()).findLast(({ kind }) => kind === 'sent');
    expect(sent?.localTime).toMatch(/T20:00:0\d.*-0[45]:00/);
  });

  it('are answered in their language', async () => {
    const steps = [{ key: 'w', type: 'wait', for: { hours: 1 } }, says('hello', 'Hello')];
    const journey = await start({ steps, translations: { de: { 'hello.text': 'Hallo' } } });
    await heldAt(journey, 'w');
    await change(journey, { language: 'de-CH' });

    expect(await journey.result()).toBe('completed');
    expect(await journey.texts()).toEqual(['Hallo']);
  });
});

describe('dates', () => {
  it('are put off by a shift, and by a pause that is asked to', async () => {
    const steps = [{ key: 'w', type: 'wait', for: { hours: 10 } }, says('there')];
    const journey = await start({ steps });
    const due = async () => Date.parse((await heldAt(journey, 'w')).dueAt ?? '');
    const firstMs = await due();

    await journey.tell('shift', { id: 's1', days: 2 });
    const shiftedMs = await due();
    expect(shiftedMs - firstMs).toBe(48 * HOUR_MS);

    await journey.tell('pause', { id: 'p1' });
    await stage.world.sleep(5 * HOUR_MS);
    await journey.tell('resume', { id: 'r1', mode: 'shift' });
    const resumedMs = await due();
    expect(Math.abs(resumedMs - shiftedMs - 5 * HOUR_MS)).toBeLessThan(60_000);

    expect(await journey.result()).toBe('completed');
  });
});

describe('an exit that is watched', () => {
  it('opens while the journey waits', async () => {
    const steps = [{ key: 'w', type: 'wait', for: { days: 300 } }, says('there')];
    const journey = await start({ steps, exits: [{ when: { tag: 'well' }, outcome: 'recovered' }] });
    await heldAt(journey, 'w');

    await change(journey, { tags: ['well'] });
    await journey.until(({ status }) => status === 'exited');

    expect(await journey.result()).toBe('recovered');
    expect(await journey.enrollment()).toMatchObject({ status: 'exited', nudgedAt: null });
  });
});
