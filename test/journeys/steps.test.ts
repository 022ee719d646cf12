import { describe, expect, it } from 'vitest';
import { placeOf } from '../../shared/domain/journeys/definition.ts';
import type { EffectCommand } from '../../shared/domain/journeys/messages.ts';
import { ana, journeyOf } from '../support/journeys.ts';
import { askStep, programOf, type StepInput } from '../support/programs.ts';

function textOf(effect: EffectCommand): string {
  if (effect.type !== 'Deliver' && effect.type !== 'Ask') throw new Error(`${effect.type} has no text`);
  return effect.message.text;
}

const last: StepInput = { type: 'message', key: 'last', text: 'Bye' };

describe('message', () => {
  const hello = programOf([
    { type: 'message', key: 'hello', text: 'Hi {{coachee.name}}', buttons: [{ label: 'Good', value: 'good' }] },
    { type: 'wait', key: 'pause', for: { hours: 1 } },
    { type: 'message', key: 'echo', text: 'You pressed {{answers.hello|nothing}}' },
  ]);

  it('is delivered with its variables and buttons, and goes on when it was sent', () => {
    const started = journeyOf(hello);
    expect(started.effect).toEqual({
      type: 'Deliver',
      stepKey: 'hello',
      occurrence: 1,
      message: { text: 'Hi Ana', buttons: [{ label: 'Good', value: 'good' }] },
    });
    const sent = started.delivered();
    expect(sent.recorded).toEqual(['sent', 'entered', 'waiting']);
    expect(sent.state.at).toBe('pause');
  });

  it('goes on when it is not certain that it was sent, and says so', () => {
    const unsure = journeyOf(hello).delivered('ambiguous');
    expect(unsure.recorded[0]).toBe('ambiguous');
    expect(unsure.state.at).toBe('pause');
  });

  it('goes on when it was dropped, and says why', () => {
    const dropped = journeyOf(hello).delivered('dropped', 'opted out');
    expect(dropped.commands[0]).toMatchObject({ record: { kind: 'notSent', detail: { why: 'opted out' } } });
    expect(dropped.state.at).toBe('pause');
  });

  it('parks the journey when it failed', () => {
    const failed = journeyOf(hello).delivered('failed', 'no such chat');
    expect(failed.state).toMatchObject({ status: 'parked', at: 'hello', pending: null });
    expect(failed.state.parkedReason).toContain('no such chat');
  });

  it('keeps a button pressed later as its answer, and moves nothing', () => {
    const waiting = journeyOf(hello).delivered();
    const chosen = { stepKey: 'hello', occurrence: 1, value: 'good' };
    const pressed = waiting.feed({ type: 'reply', id: 'p', text: 'Good', chosen });
    expect(pressed.verdict).toBe('accepted');
    expect(pressed.recorded).toEqual(['answered']);
    expect(pressed.state.pending).toEqual(waiting.state.pending);
    expect(textOf(pressed.due().effect)).toBe('You pressed good');
  });

  it.each([
    ['of another value', { stepKey: 'hello', occurrence: 1, value: 'bad' }],
    ['of a message never sent', { stepKey: 'hello', occurrence: 2, value: 'good' }],
    ['of no such step', { stepKey: 'nowhere', occurrence: 1, value: 'good' }],
  ])('does not take a button %s', (_, chosen) => {
    const pressed = journeyOf(hello).delivered().feed({ type: 'reply', id: 'p', text: 'Good', chosen });
    expect(pressed.verdict).toBe('notAwaited');
    expect(pressed.state.answers).toEqual({});
  });
});

describe('ask', () => {
  const colour = askStep('colour', {
    kind: 'choice',
    options: [
      { value: 'red', label: 'Deep Red' },
      { value: 'green', label: 'Émeraude' },
    ],
  });
  const asked = () => journeyOf(programOf([colour, last])).delivered();

  it('sends the question with buttons and then awaits the reply with its timeout', () => {
    const question = journeyOf(programOf([colour, last]));
    expect(question.effect).toMatchObject({
      type: 'Ask',
      message: {
        buttons: [
          { label: 'Deep Red', value: 'red' },
          { label: 'Émeraude', value: 'green' },
        ],
      },
    });
    const waiting = question.delivered();
    expect(waiting.recorded).toEqual(['asked']);
    expect(waiting.effect).toEqual({
      type: 'WaitUntil',
      rule: { kind: 'duration', days: 1 },
      forReply: true,
      since: 1,
      stepKey: 'colour',
      occurrence: 1,
    });
  });

  it('awaits for ever without a timeout', () => {
    const { timeout: _, ...patient } = colour as StepInput & { type: 'ask' };
    const waiting = journeyOf(programOf([patient])).delivered();
    expect(waiting.effect).toMatchObject({ type: 'WaitUntil', rule: null, forReply: true });
    expect(waiting.due().verdict).toBe('notAwaited');
  });

  it.each(['Deep Red', 'deep  red!', 'RED', '1', '1.', ' red '])('takes %j for the first option', (text) => {
    const answered = asked().reply(text);
    expect(answered.verdict).toBe('accepted');
    expect(answered.state.answers).toEqual({ colour: 'red' });
    expect(answered.recorded).toEqual(['answered', 'entered']);
  });

  it.each(['emeraude', 'Émeraude.', 'green', '2)'])('takes %j for the second', (text) => {
    expect(asked().reply(text).state.answers).toEqual({ colour: 'green' });
  });

  it.each(['blue', '3', '0', '', 'red green'])('asks again after %j', (text) => {
    const again = asked().reply(text);
    expect(again.verdict).toBe('reasked');
    expect(again.effect).toMatchObject({ type: 'Ask', stepKey: 'colour', occurrence: 2 });
    expect(textOf(again.effect)).toBe('Please choose one of these: Deep Red or Émeraude.');
    const waiting = again.delivered();
    expect(waiting.recorded).toEqual(['reasked']);
    expect(waiting.state.pending).toEqual({ kind: 'reply', stepKey: 'colour', occurrence: 2, misses: 1 });
  });

  it('counts the timeout of a re-ask from the first asking of the visit', () => {
    const round = programOf([{ ...colour, next: 'colour' } as StepInput]);
    const again = journeyOf(round).delivered().reply('blue').delivered().reply('pink').delivered();
    expect(again.effect).toMatchObject({ type: 'WaitUntil', occurrence: 3, since: 1 });
    const secondVisit = again.reply('red').delivered().reply('blue').delivered();
    expect(secondVisit.effect).toMatchObject({ type: 'WaitUntil', occurrence: 5, since: 4 });
  });

  it('asks again in its own words where it has some', () => {
    const polite = programOf([{ ...colour, reask: 'Red or green, {{coachee.name}}?' } as StepInput]);
    expect(textOf(journeyOf(polite).delivered().reply('blue').effect)).toBe('Red or green, Ana?');
  });

  it('takes the pressed button of the newest asking, not of an older one', () => {
    const again = asked().reply('blue').delivered();
    const press = (occurrence: number) =>
      again.feed({ type: 'reply', id: 'p', text: 'x', chosen: { stepKey: 'colour', occurrence, value: 'green' } });
    expect(press(1).verdict).toBe('notAwaited');
    expect(press(1).state.pending).toEqual(again.state.pending);
    expect(press(2).state.answers).toEqual({ colour: 'green' });
  });

  it('goes on when nobody answered in time', () => {
    const late = asked().due();
    expect(late.recorded).toEqual(['timedOut', 'entered']);
    expect(late.state.at).toBe('last');
    expect(late.reply('red').verdict).toBe('early');
    expect(late.delivered().state.status).toBe('finished');
  });

  it('goes where its timeout leads, also when it was dropped', () => {
    const timeout = { after: { hours: 1 }, goTo: 'last' };
    const program = programOf([
      { ...colour, timeout } as StepInput,
      { type: 'goal', key: 'g', goal: 'Answered' },
      last,
    ]);
    expect(journeyOf(program).delivered().due().state).toMatchObject({ at: 'last', goals: [] });
    expect(journeyOf(program).delivered('dropped').state).toMatchObject({ at: 'last', goals: [] });
    expect(journeyOf(program).delivered().reply('red').state).toMatchObject({ at: 'last', goals: ['Answered'] });
  });

  const number = { kind: 'number', min: -1, max: 10.5 } as const;
  it.each([
    ['7', 7],
    ['7,5', 7.5],
    [' +7.50 ', 7.5],
    ['-1', -1],
    ['−0', 0],
    ['.5', 0.5],
  ])('reads the number %j', (text, value) => {
    const answered = journeyOf(programOf([askStep('n', number)]))
      .delivered()
      .reply(text);
    expect(answered.state.answers.n).toBe(value);
  });

  it.each(['12abc', '1e1', '', 'seven', '1.000,5', '10.6', '-2', 'NaN', 'Infinity', '9'.repeat(400)])(
    'does not take %j for a number',
    (text) => {
      const again = journeyOf(programOf([askStep('n', number)]))
        .delivered()
        .reply(text);
      expect(again.verdict).toBe('reasked');
      expect(textOf(again.effect)).toBe('Please answer with a number from -1 to 10.5, in digits.');
    },
  );

  it('wants a whole number where only those will do', () => {
    const whole = journeyOf(programOf([askStep('n', { kind: 'number', min: 0, integer: true })])).delivered();
    expect(textOf(whole.reply('2.5').effect)).toBe('Please answer with a whole number of at least 0, in digits.');
    expect(whole.reply('2').state.answers.n).toBe(2);
  });

  it.each([
    ['en', 'Yes!', true],
    ['en', 'nope', false],
    ['en', '👍', true],
    ['de-AT', 'Ja, bitte', null],
    ['de-AT', 'ja bitte', true],
    ['de-AT', 'nein', false],
    ['fr', 'Bien sûr', true],
    ['pt-BR', 'não', false],
    ['en', 'ja', null],
  ])('in %s understands %j as %s', (language, text, value) => {
    const program = programOf([askStep('ready', { kind: 'yesNo' })], { language });
    const answered = journeyOf(program).delivered().reply(text);
    expect(answered.state.answers.ready ?? null).toBe(value);
  });

  it('says yes and no in the words of the program', () => {
    const labels = { yes: 'Kyllä', no: 'Ei' };
    const question = journeyOf(programOf([askStep('ready', { kind: 'yesNo', labels })]));
    expect(question.effect).toMatchObject({
      message: { buttons: [{ label: 'Kyllä', value: 'yes' }, { label: 'Ei' }] },
    });
    expect(question.delivered().reply('kylla').state.answers.ready).toBe(true);
    expect(textOf(question.delivered().reply('hm').effect)).toBe('Please answer Kyllä or Ei.');
  });

  it('keeps free text trimmed and without what cannot be stored', () => {
    const free = journeyOf(programOf([askStep('why', { kind: 'text', minLength: 3, maxLength: 10 })])).delivered();
    expect(free.reply('  a\0bc\uD800 ').state.answers.why).toBe('abc\uFFFD');
    expect(textOf(free.reply('   ').effect)).toBe('Could you answer in a few words, please?');
    expect(textOf(free.reply('ab').effect)).toContain('At least 3 characters');
    expect(textOf(free.reply('a'.repeat(11)).effect)).toContain('in 10 characters or fewer');
  });
});

describe('wait', () => {
  it.each([
    [{ for: { days: 1, minutes: 5 } }, { kind: 'duration', days: 1, minutes: 5 }],
    [{ until: { time: '09:00' } }, { kind: 'localTime', time: '09:00' }],
    [{ until: { time: '09:00', afterDays: 2 } }, { kind: 'localTime', time: '09:00', afterDays: 2 }],
    [{ until: { time: '18:30', weekday: 'sunday' as const } }, { kind: 'weekday', weekday: 'sunday', time: '18:30' }],
    [{ until: { time: '00:00', date: '2026-12-24' } }, { kind: 'date', date: '2026-12-24', time: '00:00' }],
  ])('%j waits by its rule and goes on when it is due', (fields, rule) => {
    const waiting = journeyOf(programOf([{ type: 'wait', key: 'w', ...fields }, last]));
    expect(waiting.effect).toEqual({ type: 'WaitUntil', rule, forReply: false, since: 1, stepKey: 'w', occurrence: 1 });
    expect(waiting.due().state.at).toBe('last');
  });
});

describe('branch', () => {
  const cases = [
    { when: { all: [{ tag: 'vip' }, { trait: 'age', gte: 18 }] }, goTo: 'both' },
    { when: { not: { trait: 'age', exists: true } }, goTo: 'ageless' },
  ];
  const program = programOf([
    { type: 'branch', key: 'b', cases, otherwise: 'else' },
    { type: 'finish', key: 'both', outcome: 'both' },
    { type: 'finish', key: 'ageless', outcome: 'ageless' },
    { type: 'finish', key: 'else', outcome: 'else' },
  ]);

  it.each([
    [{ age: 18 }, ['vip'], 'both'],
    [{ age: 17 }, ['vip'], 'else'],
    [{ age: '18' }, ['vip'], 'else'],
    [{}, ['vip'], 'ageless'],
  ])('with traits %j and tags %j ends %s', (traits, tags, outcome) => {
    const { state } = journeyOf(program, { ...ana, traits: traits as Record<string, number>, tags });
    expect(state.outcome).toBe(outcome);
  });

  it('goes on when no case holds and there is no otherwise', () => {
    const { state } = journeyOf(
      programOf([
        { type: 'branch', key: 'b', cases: [{ when: { tag: 'x' }, goTo: 'f' }] },
        { type: 'finish', key: 'e', outcome: 'on' },
        { type: 'finish', key: 'f' },
      ]),
    );
    expect(state.outcome).toBe('on');
  });
});

describe('set', () => {
  it('is seen by the steps that follow at once', () => {
    const program = programOf([
      { type: 'set', key: 'age', trait: 'age', value: 18 },
      { type: 'set', key: 'vip', tag: 'vip' },
      { type: 'branch', key: 'b', cases: [{ when: { all: [{ trait: 'age', eq: 18 }, { tag: 'vip' }] }, goTo: 'yes' }] },
      { type: 'finish', key: 'no', outcome: 'no' },
      { type: 'finish', key: 'yes', outcome: 'yes' },
    ]);
    const { state, commands } = journeyOf(program);
    expect(state.outcome).toBe('yes');
    expect(commands).toContainEqual({ type: 'SetTrait', name: 'age', value: 18 });
    expect(commands).toContainEqual({ type: 'SetTag', tag: 'vip', present: true });
  });

  it.each([
    ['{{answers.n}}', 4],
    ['I said {{answers.n}}', 'I said 4'],
    ['{{answers.constructor}}', ''],
  ])('value %j becomes %j', (value, expected) => {
    const program = programOf([askStep('n', { kind: 'number' }), { type: 'set', key: 's', trait: 't', value }]);
    const { commands } = journeyOf(program).delivered().reply('4');
    expect(commands).toContainEqual({ type: 'SetTrait', name: 't', value: expected });
  });
});

describe('callWebhook', () => {
  const call: StepInput & { type: 'callWebhook' } = {
    type: 'callWebhook',
    key: 'lookup',
    url: 'https://example.org/city',
    body: { who: '{{coachee.name}}', age: '{{traits.age}}', missing: '{{traits.none}}', fixed: 3 },
  };
  const tell: StepInput = { type: 'message', key: 'tell', text: 'You live in {{results.lookup.city.name}}' };
  const called = (step = call) => journeyOf(programOf([step, tell, last]), { ...ana, traits: { age: 40 } });
  const ref = { stepKey: 'lookup', occurrence: 1 };

  it('passes values as they are and keeps the result', () => {
    expect(called().effect).toEqual({
      type: 'CallWebhook',
      url: 'https://example.org/city',
      body: { who: 'Ana', age: 40, missing: null, fixed: 3 },
      timeoutSeconds: 10,
      ...ref,
    });
    const answered = called().feed({ type: 'webhookAnswered', ok: true, result: { city: { name: 'Oslo' } }, ...ref });
    expect(textOf(answered.effect)).toBe('You live in Oslo');
  });

  it('goes to onFailure, or parks the journey', () => {
    const failure = { type: 'webhookAnswered', ok: false, reason: 'status 500', ...ref } as const;
    const caught = called({ ...call, onFailure: 'last' }).feed(failure);
    expect(caught.state.at).toBe('last');
    expect(caught.recorded[0]).toBe('webhookFailed');
    const parked = called().feed(failure);
    expect(parked.state.status).toBe('parked');
    expect(parked.state.parkedReason).toContain('status 500');
  });
});

describe('goal and finish', () => {
  it('a goal is kept once, a finish ends with its outcome', () => {
    const goal = (key: string): StepInput => ({ type: 'goal', key, goal: 'Half way' });
    const { state, effect } = journeyOf(
      programOf([goal('a'), goal('b'), { type: 'finish', key: 'f', outcome: 'well' }]),
    );
    expect(state).toMatchObject({ status: 'finished', outcome: 'well', goals: ['Half way'], at: null, pending: null });
    expect(effect).toEqual({ type: 'End', status: 'finished', outcome: 'well' });
  });

  it('after the last step the journey is completed', () => {
    const { state } = journeyOf(programOf([{ type: 'goal', key: 'a', goal: 'g' }]));
    expect(state.outcome).toBe('completed');
  });
});

describe('order', () => {
  it('a step goes to its next, else to the one that follows', () => {
    const program = programOf([
      { ...last, key: 'a', next: 'c' },
      { ...last, key: 'b' },
      { ...last, key: 'c' },
    ]);
    expect(['a', 'b', 'c'].map((key) => placeOf(program, key)?.next)).toEqual(['c', 'c', null]);
  });
});
