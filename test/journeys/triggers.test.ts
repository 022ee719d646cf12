/** Programs that people come into by an event, a tag, or the end of another program. */
import { describe, expect, test } from 'vitest';
import { Coachee, Enrollment } from '../../shared/db/entities/journeys.ts';
import { journeyId } from '../../temporal/ids.ts';
import { givenCreator, givenProgram } from '../support/factories.ts';
import { type JourneyOptions, startedJourney } from '../support/journey-run.ts';
import { givenStage } from '../support/stage.ts';
import { says } from '../support/steps.ts';

const stage = givenStage();

/** A journey of `definition` with a program beside it that is entered `on` something. */
const given = async (definition: object, on: object[], options: JourneyOptions = {}) => {
  const creator = await givenCreator(stage.orm);
  const { programId } = await givenProgram(creator, { steps: [says('next')], enrollment: { on } });
  const journey = await startedJourney(stage, definition, { ...options, creator });
  const { coacheeId, em } = journey;
  const followers = () => em().find(Enrollment, { programId, coacheeId });
  return { ...journey, programId, followers };
};

const tags = { key: 'mark', type: 'set', tag: 'ready' };

describe('the end of a journey', () => {
  test('enrolls in the programs that follow upon it, and their journeys begin', async () => {
    const { result, followers, texts } = await given({ slug: 'basics', steps: [says('one')] }, [
      { finished: 'basics' },
    ]);
    await result();
    const [next, ...more] = await followers();
    expect(more).toEqual([]);
    expect(next).toMatchObject({ isTest: false });
    await stage.world.client.workflow.getHandle(journeyId(next?.id ?? '')).result();
    expect(await texts()).toEqual(['one', 'next']);
  });

  test('by leaving it, or of another program, leads nowhere', async () => {
    const waits = { key: 'rest', type: 'wait', for: { days: 9 } };
    const left = await given({ slug: 'basics', steps: [waits] }, [{ finished: 'basics' }]);
    await left.tell('exit', { id: 'x' });
    await left.result();
    expect(await left.followers()).toEqual([]);
    const other = await given({ slug: 'basics', steps: [says('one')] }, [{ finished: 'advanced' }]);
    await other.result();
    expect(await other.followers()).toEqual([]);
  });

  test('does not begin the same program again', async () => {
    const definition = { slug: 'round', steps: [says('one')], enrollment: { on: [{ finished: 'round' }] } };
    const { result, em, coacheeId } = await given(definition, [{ event: 'other' }]);
    await result();
    expect(await em().count(Enrollment, { coacheeId })).toBe(1);
  });

  test('in programs that lead to each other in a circle comes to rest', async () => {
    const creator = await givenCreator(stage.orm);
    await givenProgram(creator, { slug: 'tock', steps: [says('tock')], enrollment: { on: [{ finished: 'tick' }] } });
    const definition = { slug: 'tick', steps: [says('tick')], enrollment: { on: [{ finished: 'tock' }] } };
    const { em, coacheeId } = await startedJourney(stage, definition, { creator });
    const ended = () => em().count(Enrollment, { coacheeId, endedAt: { $ne: null } });
    for (let tries = 0; (await ended()) < 20 && tries < 200; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(await ended()).toBe(20);
    expect(await em().count(Enrollment, { coacheeId })).toBe(20);
  });

  test('of a test leads to a test at the same pace', async () => {
    const definition = { slug: 'basics', steps: [says('one')] };
    const { result, followers } = await given(definition, [{ finished: 'basics' }], { testMsPerDay: 500 });
    await result();
    expect(await followers()).toMatchObject([{ isTest: true, testMsPerDay: 500 }]);
  });
});

describe('a tag that a journey puts on', () => {
  test('enrolls in the programs that are entered on it, once', async () => {
    const again = { ...tags, key: 'again' };
    const { result, followers } = await given({ steps: [tags, again, says('one')] }, [
      { tag: 'ready' },
      { tag: 'vip' },
    ]);
    await result();
    expect(await followers()).toHaveLength(1);
  });

  test('that was on the coachee before enrolls nobody', async () => {
    const waits = { key: 'rest', type: 'wait', for: { days: 1 } };
    const { result, followers, em, coacheeId } = await given({ steps: [waits, tags, says('one')] }, [{ tag: 'ready' }]);
    await em().nativeUpdate(Coachee, { id: coacheeId }, { tags: ['ready'] });
    await result();
    expect(await followers()).toEqual([]);
  });
});
