import { describe, expect, it } from 'vitest';
import { type MessageId, newId } from '../../shared/contracts/ids.ts';
import { InboundMessage, Message } from '../../shared/db/entities/conversations.ts';
import { phrases } from '../../shared/domain/conversations/phrases.ts';
import { journeyId } from '../../temporal/ids.ts';
import { givenCoachee, givenCreator } from '../support/factories.ts';
import { asked, type JourneyOptions, type StartedJourney, sleepingAt, startedJourney } from '../support/journey-run.ts';
import { givenStage } from '../support/stage.ts';
import { asks, says } from '../support/steps.ts';
import { talkOf } from '../support/talk.ts';

const stage = givenStage();

const rests = (key = 'rest') => ({ key, type: 'wait', for: { days: 300 } });
const choice = (...values: string[]) => ({
  answer: { kind: 'choice', options: values.map((value) => ({ value, label: value.toUpperCase() })) },
});

const begin = async (definition: { steps: object[]; title?: string }, options: JourneyOptions = {}) => {
  const journey = await startedJourney(stage, definition, options);
  return { ...journey, ...talkOf(stage.world, journey) };
};

/** A journey of the same coachee in another program. */
const alsoIn = (journey: StartedJourney, definition: { steps: object[]; title?: string }) =>
  begin(definition, { creator: journey, coacheeId: journey.coacheeId });

const atStep = (stepKey: string) => (progress: Awaited<ReturnType<StartedJourney['progress']>>) =>
  asked(progress) && progress.stepKey === stepKey;

describe('words', () => {
  it('in a burst are one answer, joined by line breaks', async () => {
    const journey = await begin({ steps: [asks('mood'), says('thanks', '“{{answers.mood}}”')] });
    await journey.until(asked);

    await journey.say('calm', 'and glad', 'mostly');

    expect(await journey.result()).toBe('completed');
    expect(await journey.heard()).toEqual(['mood?', '“calm\nand glad\nmostly”']);
    expect(await journey.unread()).toEqual([]);
  });

  it('keep their order from one batch to the next', async () => {
    const keys = ['a', 'b', 'c', 'd', 'e'];
    const all = keys.map((key) => `{{answers.${key}}}`).join('');
    const journey = await begin({ steps: [...keys.map((key) => asks(key)), says('all', all)] });
    await journey.until(asked);

    // No burst is waited for: each word is a batch of its own.
    for (const word of ['1', '2', '3', '4', '5']) {
      await journey.hand([await journey.receive(word)], 1);
      if (word !== '5') await journey.until(atStep(keys[Number(word)] ?? ''));
    }

    expect(await journey.result()).toBe('completed');
    expect((await journey.heard()).at(-1)).toBe('12345');
  });

  it('go to the journey that asked last, then to the one that asked before', async () => {
    const first = await begin({ steps: [asks('first'), rests()] });
    await first.until(asked);
    const second = await alsoIn(first, { steps: [asks('second'), rests()] });
    await second.until(asked);

    await first.say('to the second');
    await second.until(sleepingAt('rest'));
    expect(asked(await first.progress())).toBe(true);

    await first.say('to the first');
    await first.until(sleepingAt('rest'));
    const answer = async (journey: StartedJourney) =>
      (await journey.timeline()).find(({ kind }) => kind === 'answered')?.detail.value;
    expect([await answer(first), await answer(second)]).toEqual(['to the first', 'to the second']);
    expect(await first.heard()).toEqual(['first?', 'second?']);
  });

  it('that do not fit are asked for again by the journey, not by us', async () => {
    const journey = await begin({ steps: [asks('age', { answer: { kind: 'number' } }), rests()] });
    await journey.until(asked);
    await journey.say('old');
    await journey.until(asked);
    expect(await journey.heard()).toEqual(['age?', expect.stringContaining('number')]);
    await journey.say('41');
    await journey.until(sleepingAt('rest'));
    expect(await journey.heard()).toHaveLength(2);
  });

  it('that nobody asked for get a friendly answer, one for the whole burst', async () => {
    const journey = await begin({ title: 'Sleep well', steps: [says('hello'), rests()] });
    await journey.until(sleepingAt('rest'));
    await journey.say('Hi', 'anybody there?');
    expect(await journey.heard()).toEqual([
      'hello',
      phrases.nothingAsked({ programs: ['Sleep well'], paused: false, habits: false, reminded: [] }),
    ]);
  });

  it('from someone who is in no program get a friendly answer too', async () => {
    const owner = await givenCreator(stage.orm);
    const talk = talkOf(stage.world, { ...owner, ...(await givenCoachee(owner, owner.webChannelId)) });
    await talk.say('Hello?');
    expect(await talk.heard()).toEqual([
      phrases.nothingAsked({ programs: [], paused: false, habits: false, reminded: [] }),
    ]);
    await talk.say('/pause');
    expect((await talk.heard()).at(-1)).toBe(phrases.notInProgram);
  });

  it('to a finished journey get a friendly answer', async () => {
    const journey = await begin({ steps: [says('bye')] });
    await journey.result();
    await journey.say('Thank you!');
    expect(await journey.heard()).toEqual([
      'bye',
      phrases.nothingAsked({ programs: [], paused: false, habits: false, reminded: [] }),
    ]);
  });

  it('to a run that is gone while its row still waits are answered, not lost', async () => {
    const journey = await begin({ title: 'Sleep well', steps: [asks('mood')] });
    await journey.until(asked);
    await stage.world.client.workflow.getHandle(journeyId(journey.enrollmentId)).terminate('an operator ended it');

    await journey.say('calm');

    expect(await journey.heard()).toEqual([
      'mood?',
      phrases.nothingAsked({ programs: ['Sleep well'], paused: false, habits: false, reminded: [] }),
    ]);
    expect(await journey.unread()).toEqual([]);
  });
});

describe('a message handed over again', () => {
  it('changes nothing, in the same conversation and in a later one', async () => {
    const journey = await begin({ steps: [asks('one'), asks('two'), rests()] });
    await journey.until(atStep('one'));
    const id = await journey.receive('first');
    await journey.hand([id, id, id]);
    await journey.over();
    await journey.until(atStep('two'));

    await journey.hand([id, id]);
    await journey.over();

    expect((await journey.progress()).stepKey).toBe('two');
    expect(await journey.heard()).toEqual(['one?', 'two?']);
  });

  it('although the journey had taken it before it was marked, is not taken as the next answer', async () => {
    const journey = await begin({ steps: [asks('one'), asks('two'), rests()] });
    await journey.until(atStep('one'));
    const ids = await journey.say('first');
    await journey.until(atStep('two'));
    await journey.em().nativeUpdate(InboundMessage, { id: { $in: ids } }, { handledAt: null });

    await journey.hand(ids);
    await journey.over();

    expect((await journey.progress()).stepKey).toBe('two');
    expect(await journey.heard()).toEqual(['one?', 'two?']);
    expect(await journey.unread()).toEqual([]);
  });

  it('gets our answer once', async () => {
    const journey = await begin({ steps: [rests()] });
    await journey.until(sleepingAt('rest'));
    const ids = await journey.say('/help');
    await journey.em().nativeUpdate(InboundMessage, { id: { $in: ids } }, { handledAt: null });
    await journey.hand(ids);
    await journey.over();
    expect(await journey.heard()).toHaveLength(1);
  });
});

describe('a pressed button', () => {
  it('answers the question that bears it', async () => {
    const journey = await begin({ steps: [asks('pick', choice('tea', 'coffee')), says('ok', '{{answers.pick}}')] });
    await journey.until(asked);
    await journey.say(await journey.press('coffee'));
    expect(await journey.result()).toBe('completed');
    expect(await journey.heard()).toEqual(['pick?', 'coffee']);
  });

  it('belongs to its own journey, although another asked later', async () => {
    const first = await begin({ steps: [asks('first', choice('tea', 'coffee')), rests()] });
    await first.until(asked);
    const second = await alsoIn(first, { steps: [asks('second', choice('red', 'blue')), rests()] });
    await second.until(asked);
    await first.say(await first.press('tea'));
    await first.until(sleepingAt('rest'));
    expect(asked(await second.progress())).toBe(true);
  });

  it('of a question that is closed says so and changes nothing', async () => {
    const journey = await begin({
      steps: [asks('old', choice('tea', 'coffee')), asks('new', choice('red', 'blue')), rests()],
    });
    await journey.until(atStep('old'));
    const press = await journey.press('tea');
    await journey.say(press);
    await journey.until(atStep('new'));

    await journey.say(press);

    expect(await journey.heard()).toEqual(['old?', 'new?', phrases.closedQuestion]);
    expect((await journey.progress()).stepKey).toBe('new');
  });

  it('of a message is kept at any time, silently', async () => {
    const note = { ...says('note'), buttons: [{ label: 'Seen', value: 'seen' }] };
    const journey = await begin({ steps: [note, asks('mood'), says('end', '{{answers.note}}')] });
    await journey.until(asked);
    await journey.say(await journey.press('seen'));
    expect(await journey.heard()).toEqual(['note', 'mood?']);
    await journey.say('calm');
    await journey.result();
    expect((await journey.heard()).at(-1)).toBe('seen');
  });

  it('of a finished journey is told so', async () => {
    const journey = await begin({ steps: [{ ...says('bye'), buttons: [{ label: 'Nice', value: 'nice' }] }] });
    await journey.result();
    await journey.say(await journey.press('nice'));
    expect((await journey.heard()).at(-1)).toBe(phrases.ended);
  });

  it('that is another coachee’s, or nobody’s, reaches no journey', async () => {
    const other = await begin({ steps: [asks('pick', choice('tea', 'coffee')), rests()] });
    await other.until(asked);
    const foreign = await other.press('tea');
    const sibling = await begin({ steps: [asks('mood'), rests()] }, { creator: other });
    await sibling.until(asked);

    await sibling.say(foreign);
    await sibling.say({ kind: 'button', messageId: newId<MessageId>(), value: 'tea', label: 'TEA' });

    expect(await sibling.heard()).toEqual(['mood?', phrases.closedQuestion, phrases.closedQuestion]);
    expect(asked(await other.progress())).toBe(true);
    expect(asked(await sibling.progress())).toBe(true);
  });
});

describe('a command', () => {
  it('pauses and resumes, and says what is already so', async () => {
    const journey = await begin({ steps: [rests()] });
    await journey.until(sleepingAt('rest'));
    await journey.say('/pause');
    expect((await journey.progress()).status).toBe('paused');
    await journey.say('/PAUSE@our_bot');
    await journey.say('/resume');
    expect((await journey.progress()).status).toBe('active');
    await journey.say('/resume please');
    expect(await journey.heard()).toEqual([phrases.paused, phrases.alreadyPaused, phrases.resumed, phrases.notPaused]);
  });

  it('pauses every program of the coachee, and words then tell how to go on', async () => {
    const first = await begin({ title: 'Sleep', steps: [asks('mood'), rests()] });
    await first.until(asked);
    const second = await alsoIn(first, { title: 'Run', steps: [rests()] });
    await second.until(sleepingAt('rest'));

    await first.say('/pause');
    await first.say('hello');

    for (const journey of [first, second]) expect((await journey.progress()).status).toBe('paused');
    expect(await first.heard()).toEqual(['mood?', phrases.paused, expect.stringMatching(/“Sleep”.*paused.*\/resume/)]);
  });

  it('ends what the coachee is in, and nothing is sent after it', async () => {
    const journey = await begin({ steps: [asks('mood', { timeout: { after: { days: 1 } } }), says('never')] });
    await journey.until(asked);
    await journey.say('/stop');
    expect((await journey.enrollment()).status).toBe('exited');
    expect(await journey.heard()).toEqual(['mood?', phrases.stopped]);
    await journey.say('/stop');
    expect((await journey.heard()).at(-1)).toBe(phrases.notInProgram);
  });

  it.each(['/help', '/start', '/whatever', '/ oops'])(
    'that asks for help, or is none of ours, gets help: %s',
    async (text) => {
      const journey = await begin({ title: 'Sleep', steps: [asks('mood')] });
      await journey.until(asked);
      await journey.say(text);
      expect((await journey.heard()).at(-1)).toBe(
        phrases.help({ programs: ['Sleep'], paused: false, habits: false, reminded: [] }),
      );
      expect(asked(await journey.progress())).toBe(true);
    },
  );

  it('within a burst stands alone: what comes before and after it are two answers', async () => {
    const journey = await begin({ steps: [asks('one'), asks('two'), says('end', '{{answers.one}} {{answers.two}}')] });
    await journey.until(asked);
    await journey.say('a', 'b', '/help', 'c', 'd');
    await journey.result();
    const heard = await journey.heard();
    expect(heard).toContain('a\nb c\nd');
    expect(heard.filter((text) => text.includes('/help'))).toHaveLength(1);
  });
});

describe('something that is no words', () => {
  it.each(['photo', 'sticker', 'voice'])('is answered politely and is no answer: %s', async (what) => {
    const journey = await begin({ steps: [asks('mood')] });
    await journey.until(asked);
    await journey.say({ kind: 'other', what });
    expect(await journey.heard()).toEqual(['mood?', phrases.unreadable]);
    expect(asked(await journey.progress())).toBe(true);
    const [shown] = await journey.em().find(Message, { coacheeId: journey.coacheeId, direction: 'in' });
    expect(shown?.text).toBe(`[${what}]`);
  });
});
