import { describe, expect, it } from 'vitest';
import { journeyId } from '../../temporal/ids.ts';
import { asked, sleepingAt, startedJourney } from '../support/journey-run.ts';
import { decideAndLose } from '../support/lost-decision.ts';
import { givenStage } from '../support/stage.ts';
import { asks, says } from '../support/steps.ts';
import { openTimeSkippingWorld } from '../support/time-skipping.ts';

const DAY_MS = 86_400_000;

const stage = givenStage();

const start = (definition: object, more = {}) => startedJourney(stage, definition, more);

describe('a journey', () => {
  it('walks through messages, a question and a wait to its end', async () => {
    const journey = await start({
      steps: [
        says('hello', 'Hello {{coachee.name}}'),
        asks('mood'),
        { key: 'night', type: 'wait', until: { time: '09:00' } },
        says('morning', 'You felt {{answers.mood}}'),
      ],
    });

    await journey.until(asked);
    expect(await journey.tell('reply', { id: 'r1', text: 'calm' })).toBe('accepted');

    expect(await journey.result()).toBe('completed');
    expect(await journey.texts()).toEqual(['Hello Mira', 'mood?', 'You felt calm']);
    const enrollment = await journey.enrollment();
    expect(enrollment).toMatchObject({ status: 'finished', outcome: 'completed', awaitingReplySince: null });
    const morning = (await journey.timeline()).findLast(({ kind }) => kind === 'sent');
    expect(morning?.localTime).toMatch(/T09:00:0\d/);
  });

  it('takes a reply once, however often it comes', async () => {
    const journey = await start({ steps: [asks('first'), asks('second')] });
    await journey.until(asked);

    expect(await journey.tell('reply', { id: 'same', text: 'a' })).toBe('accepted');
    await journey.until((progress) => asked(progress) && progress.stepKey === 'second');
    expect(await journey.tell('reply', { id: 'same', text: 'a' })).toBe('duplicate');

    expect((await journey.progress()).stepKey).toBe('second');
    await journey.tell('exit', { id: 'end' });
    await journey.result();
  });

  it('goes on from a decision that was lost with its worker, and looks at what came after it', async () => {
    const journey = await start({ steps: [asks('mood'), says('thanks', 'You said {{answers.mood}}'), asks('more')] });
    await journey.until(asked);
    await decideAndLose(stage, journey, { type: 'reply', id: 'first', text: 'fine' });

    expect(await journey.tell('reply', { id: 'second', text: 'a lot' })).toBe('accepted');

    expect(await journey.result()).toBe('completed');
    expect(await journey.texts()).toEqual(['mood?', 'You said fine', 'more?']);
    const answers = (await journey.timeline()).filter(({ kind }) => kind === 'answered');
    expect(answers.map(({ stepKey, detail }) => [stepKey, detail.value])).toEqual([
      ['mood', 'fine'],
      ['more', 'a lot'],
    ]);
  });

  it('asks again when a reply does not fit, and takes the timeout branch when none comes', async () => {
    const journey = await start({
      steps: [
        asks('age', { answer: { kind: 'number', min: 0 }, timeout: { after: { days: 2 }, goTo: 'missed' } }),
        says('thanks'),
        { key: 'end', type: 'finish', outcome: 'answered' },
        says('missed'),
      ],
    });
    await journey.until(asked);
    expect(await journey.tell('reply', { id: 'r1', text: 'old' })).toBe('reasked');

    expect(await journey.result()).toBe('completed');
    const texts = await journey.texts();
    expect(texts).toHaveLength(3);
    expect(texts.at(-1)).toBe('missed');
    expect((await journey.timeline()).map(({ kind }) => kind)).toContain('timedOut');
  });

  it('keeps its place while paused and goes on when resumed', async () => {
    const journey = await start({ steps: [{ key: 'rest', type: 'wait', for: { days: 3 } }, says('after')] });
    await journey.until(sleepingAt('rest'));

    expect(await journey.tell('pause', { id: 'p' })).toBe('accepted');
    await stage.world.sleep(10 * DAY_MS);
    expect(await journey.texts()).toEqual([]);
    expect((await journey.enrollment()).status).toBe('paused');
    expect(await journey.tell('resume', { id: 'r' })).toBe('accepted');

    expect(await journey.result()).toBe('completed');
    expect(await journey.texts()).toEqual(['after']);
  });

  it('skips a step, takes a declared signal with its payload and refuses one that is wrong', async () => {
    const journey = await start({
      signals: [{ name: 'scored', payload: { points: 'number' }, goTo: 'praise' }],
      steps: [
        { key: 'rest', type: 'wait', for: { days: 30 } },
        { key: 'more', type: 'wait', for: { days: 30 } },
        says('never'),
        says('praise', 'You have {{signals.scored.points}} points'),
      ],
    });
    await journey.until(sleepingAt('rest'));
    expect(await journey.tell('skip', { id: 's' })).toBe('accepted');
    await journey.until(sleepingAt('more'));

    expect(await journey.tell('scored', { id: 'x', payload: { points: 'many' } })).toBe('refused');
    expect(await journey.tell('unheardOf', { id: 'y' })).toBe('refused');
    expect(await journey.tell('scored', { id: 'z', payload: { points: 7 } })).toBe('accepted');

    expect(await journey.result()).toBe('completed');
    expect(await journey.texts()).toEqual(['You have 7 points']);
  });

  it('parks when the coachee cannot be reached, and retries under a new key', async () => {
    const journey = await start({ steps: [{ key: 'rest', type: 'wait', for: { days: 1 } }, says('news')] });
    await journey.until(sleepingAt('rest'));
    await journey.em().execute('update identities set blocked_at = now() where coachee_id = ?', [journey.coacheeId]);
    await stage.world.sleep(2 * DAY_MS);
    const parked = await journey.until(({ status }) => status === 'parked');
    expect(parked.parkedReason).toContain('no channel');

    await journey.em().execute('update identities set blocked_at = null where coachee_id = ?', [journey.coacheeId]);
    expect(await journey.tell('retry', { id: 'again' })).toBe('accepted');

    expect(await journey.result()).toBe('completed');
    const keys = await journey
      .em()
      .execute<{ key: string; status: string }[]>(
        'select key, status from deliveries where enrollment_id = ? order by id',
        [journey.enrollmentId],
      );
    const id = journeyId(journey.enrollmentId);
    expect(keys).toEqual([
      { key: `${id}/news/1`, status: 'failed' },
      { key: `${id}/news/2`, status: 'sent' },
    ]);
  });

  it('lives for twelve weeks, continuing as new each month, and loses nothing', async () => {
    const journey = await start({
      steps: [
        asks('name'),
        ...Array.from({ length: 12 }, (_, week) => [
          { key: `w${week}`, type: 'wait', for: { days: 7 } },
          says(`m${week}`, `Week ${week + 1}, {{answers.name}}`),
        ]).flat(),
      ],
    });
    await journey.until(asked);
    await journey.tell('reply', { id: 'n', text: 'Mira' });

    expect(await journey.result()).toBe('completed');
    expect(await journey.texts()).toEqual([
      'name?',
      ...Array.from({ length: 12 }, (_, week) => `Week ${week + 1}, Mira`),
    ]);
    const runs = new Set((await journey.timeline()).map(({ decisionKey }) => decisionKey.split('/')[0]));
    expect(runs.size).toBeGreaterThan(1);
  });

  it('takes replies that arrive around every continue-as-new', async () => {
    const journey = await start({
      steps: Array.from({ length: 4 }, (_, n) => [
        { key: `w${n}`, type: 'wait', for: { days: 31 } },
        { key: `note${n}`, type: 'message', text: `n${n}`, buttons: [{ label: 'Seen', value: 'seen' }] },
      ])
        .flat()
        .concat({ key: 'last', type: 'wait', for: { days: 1 } }),
    });
    for (let n = 0; n < 4; n += 1) {
      await journey.untilAsleep(`w${n}`);
      await stage.world.sleep(31 * DAY_MS);
      const chosen = { stepKey: `note${n}`, occurrence: 1, value: 'seen' };
      await journey.signal('reply', { id: `press${n}`, text: 'Seen', chosen });
    }
    await journey.result();
    const answered = (await journey.timeline()).filter(({ kind }) => kind === 'answered');
    expect(answered.map(({ stepKey }) => stepKey)).toEqual(['note0', 'note1', 'note2', 'note3']);
  });

  it('goes on from its history alone, in a worker that keeps nothing in memory', async () => {
    const replaying = await openTimeSkippingWorld({ orm: stage.orm, replaying: true });
    const journey = await startedJourney(
      { ...stage, world: replaying },
      { steps: [asks('one'), { key: 'rest', type: 'wait', for: { days: 40 } }, asks('two'), says('done')] },
    );
    await journey.until(asked);
    expect(await journey.tell('reply', { id: 'a', text: '1' })).toBe('accepted');
    await replaying.sleep(41 * DAY_MS);
    await journey.until((progress) => asked(progress) && progress.stepKey === 'two');
    expect(await journey.tell('reply', { id: 'b', text: '2' })).toBe('accepted');
    expect(await journey.result()).toBe('completed');
    expect(await journey.texts()).toEqual(['one?', 'two?', 'done']);
    await replaying.close();
  });
});
