import { describe, expect, it } from 'vitest';
import { advance, initialState } from '../../shared/domain/journeys/machine.ts';
import { checkSignalPayload } from '../../shared/domain/journeys/signals.ts';
import { ana, journeyOf } from '../support/journeys.ts';
import { askStep, programOf, type StepInput } from '../support/programs.ts';

const hello: StepInput = { type: 'message', key: 'hello', text: 'Hi' };
const rest: StepInput = { type: 'wait', key: 'rest', for: { days: 1 } };
const mood = askStep('mood', { kind: 'number', min: 1, max: 5 });
const bye: StepInput = { type: 'message', key: 'bye', text: 'Bye' };

const waiting = () => journeyOf(programOf([rest, bye]));
const asked = () => journeyOf(programOf([mood, bye])).delivered();

describe('start', () => {
  it('comes first, and once', () => {
    const program = programOf([hello]);
    const early = advance(program, initialState(), { event: { type: 'pause', id: 'p' }, facts: ana });
    expect(early).toEqual({ state: initialState(), commands: [], verdict: 'early' });
    const started = journeyOf(program);
    expect(started.recorded).toEqual(['started', 'entered']);
    expect(started.feed({ type: 'start' }).verdict).toBe('duplicate');
  });
});

describe('answers to effects', () => {
  it('move nothing when they come twice or late', () => {
    const sent = journeyOf(programOf([hello, rest, bye])).delivered();
    const again = sent.feed({ type: 'delivered', outcome: 'sent', stepKey: 'hello', occurrence: 1 });
    expect(again).toMatchObject({ verdict: 'notAwaited', commands: [] });
    expect(again.state).toBe(sent.state);
    const late = sent.due().feed({ type: 'due', stepKey: 'rest', occurrence: 1 });
    expect(late.verdict).toBe('notAwaited');
  });
});

describe('texts that cannot be kept', () => {
  it('are cleaned wherever they come in', () => {
    const ref = { stepKey: 'call', occurrence: 1 };
    const program = programOf([{ type: 'callWebhook', key: 'call', url: 'https://example.org' }, bye]);
    const result = { 'a\0': ['b\0', 1, null, 'c\uD83D'] };
    const called = journeyOf(program).feed({ type: 'webhookAnswered', ok: true, result, ...ref });
    expect(called.state.results.call).toEqual({ a: ['b', 1, null, 'c\uFFFD'] });
    expect(waiting().feed({ type: 'exit', id: 'x', reason: 'no\0' }).state.outcome).toBe('no');
  });
});

describe('replies', () => {
  it('that come twice change nothing', () => {
    const answered = asked().reply('3', 'r1');
    expect(answered.reply('4', 'r1')).toMatchObject({ verdict: 'duplicate', commands: [] });
  });

  it('that nobody awaits are remembered, so that a second copy does not answer a later question', () => {
    const early = journeyOf(programOf([rest, mood])).reply('3', 'r1');
    expect(early.verdict).toBe('notAwaited');
    const question = early.due().delivered();
    expect(question.reply('3', 'r1').verdict).toBe('duplicate');
    expect(question.reply('3', 'r2').verdict).toBe('accepted');
  });

  it('that overtake our record of the question are early, and fit once it is fed again', () => {
    const underWay = journeyOf(programOf([mood, bye]));
    const early = underWay.reply('3', 'r1');
    expect(early.verdict).toBe('early');
    expect(early.state).toBe(underWay.state);
    expect(underWay.delivered().reply('3', 'r1').state.answers).toEqual({ mood: 3 });
  });

  it('forgets ids after fifty', () => {
    let journey = waiting();
    for (let i = 0; i < 60; i++) journey = journey.reply('chat', `r${i}`);
    expect(journey.state.handled).toHaveLength(50);
    expect(journey.reply('chat', 'r59').verdict).toBe('duplicate');
    expect(journey.reply('chat', 'r0').verdict).toBe('notAwaited');
  });
});

describe('pause and resume', () => {
  it('hold the position; the timer runs on', () => {
    const paused = waiting().feed({ type: 'pause', id: 'p', reason: 'holiday' });
    expect(paused.state).toMatchObject({ status: 'paused', at: 'rest', pending: { kind: 'time' } });
    expect(paused.commands).toHaveLength(1);
    const resumed = paused.feed({ type: 'resume', id: 'q' });
    expect(resumed.state.status).toBe('active');
    expect(resumed.due().state.at).toBe('bye');
  });

  it('keep a time that comes meanwhile, and take it in on resume', () => {
    const due = waiting().feed({ type: 'pause', id: 'p' }).due();
    expect(due.state).toMatchObject({ status: 'paused', at: 'rest', held: { type: 'due', stepKey: 'rest' } });
    expect(due.due().verdict).toBe('duplicate');
    const resumed = due.feed({ type: 'resume', id: 'q' });
    expect(resumed.recorded).toEqual(['resumed', 'entered']);
    expect(resumed.state).toMatchObject({ at: 'bye', held: null });
  });

  it('keep the answer to a send that was under way', () => {
    const paused = journeyOf(programOf([mood, bye]))
      .feed({ type: 'pause', id: 'p' })
      .delivered();
    expect(paused.state.held).toMatchObject({ type: 'delivered' });
    const resumed = paused.feed({ type: 'resume', id: 'q' });
    expect(resumed.effect).toMatchObject({ type: 'WaitUntil', forReply: true });
    expect(resumed.reply('3').state.answers).toEqual({ mood: 3 });
  });

  it('a reply to a paused journey is refused with a reason', () => {
    const refused = asked().feed({ type: 'pause', id: 'p' }).reply('3');
    expect(refused.verdict).toBe('refused');
    expect(refused.commands).toMatchObject([
      { record: { kind: 'ignored', detail: { why: 'The journey is paused.' } } },
    ]);
  });

  it.each(['resume', 'retry'] as const)('%s is refused while the journey is active', (type) => {
    const refused = waiting().feed({ type, id: 'x' });
    expect(refused.verdict).toBe('refused');
    // A copy that comes when it would be possible changes nothing either.
    expect(refused.feed({ type: 'pause', id: 'p' }).feed({ type, id: 'x' }).verdict).toBe('duplicate');
  });
});

describe('skip', () => {
  it('leaves what is waited for by the normal next', () => {
    expect(waiting().feed({ type: 'skip', id: 's' }).state.at).toBe('bye');
    const skipped = asked().feed({ type: 'skip', id: 's' });
    expect(skipped.recorded).toEqual(['skipped', 'entered']);
    expect(skipped.state).toMatchObject({ at: 'bye', answers: {} });
  });

  it('at the last step completes the journey', () => {
    const parked = journeyOf(programOf([bye])).delivered('failed');
    expect(parked.feed({ type: 'skip', id: 's' }).state).toMatchObject({ status: 'finished', outcome: 'completed' });
  });

  it('waits for what is under way, and is refused while paused', () => {
    expect(journeyOf(programOf([bye])).feed({ type: 'skip', id: 's' }).verdict).toBe('early');
    expect(waiting().feed({ type: 'pause', id: 'p' }).feed({ type: 'skip', id: 's' }).verdict).toBe('refused');
  });
});

describe('a parked journey', () => {
  const parked = () => journeyOf(programOf([hello, bye])).delivered('failed', 'blocked');

  it('awaits nothing but word from outside', () => {
    expect(parked().effect).toEqual({
      type: 'WaitUntil',
      rule: null,
      forReply: false,
      since: 1,
      stepKey: 'hello',
      occurrence: 1,
    });
    expect(parked().reply('hello?').verdict).toBe('refused');
    expect(parked().feed({ type: 'pause', id: 'p' }).verdict).toBe('refused');
  });

  it('tries again under a new ref', () => {
    const again = parked().feed({ type: 'retry', id: 'r' });
    expect(again.recorded).toEqual(['retried', 'entered']);
    expect(again.effect).toMatchObject({ type: 'Deliver', stepKey: 'hello', occurrence: 2 });
    expect(again.state).toMatchObject({ status: 'active', parkedReason: null });
  });

  it('goes on by skip', () => {
    expect(parked().feed({ type: 'skip', id: 's' }).state).toMatchObject({ status: 'active', at: 'bye' });
  });
});

describe('exit', () => {
  it('ends the journey at once, whatever is under way', () => {
    const exited = journeyOf(programOf([hello])).feed({ type: 'exit', id: 'x', reason: 'had enough' });
    expect(exited.state).toMatchObject({ status: 'exited', outcome: 'had enough', pending: null });
    expect(exited.effect).toEqual({ type: 'End', status: 'exited', outcome: 'had enough' });
    expect(exited.feed({ type: 'delivered', outcome: 'sent', stepKey: 'hello', occurrence: 1 }).verdict).toBe('ended');
    expect(exited.reply('wait!').verdict).toBe('ended');
  });
});

describe('custom signals', () => {
  const program = programOf([rest, bye, { type: 'message', key: 'vip', text: 'Hello {{signals.paid.by}}' }], {
    signals: [
      { name: 'paid', payload: { by: 'text', amount: 'number', first: 'boolean' }, goTo: 'vip' },
      { name: 'seen', payload: { page: 'text' } },
    ],
  });
  const paid = { type: 'signal', id: 's', name: 'paid', payload: { by: 'Bo', amount: 5, first: true } } as const;

  it('keep their payload and lead to their step', () => {
    const jumped = journeyOf(program).feed(paid);
    expect(jumped.effect).toMatchObject({ type: 'Deliver', stepKey: 'vip', message: { text: 'Hello Bo' } });
    expect(jumped.state.signals.paid).toEqual(paid.payload);
    expect(jumped.feed({ type: 'due', stepKey: 'rest', occurrence: 1 }).verdict).toBe('notAwaited');
  });

  it('without a step only keep their payload, whatever is under way', () => {
    const seen = { type: 'signal', id: 's', name: 'seen', payload: { page: 'home' } } as const;
    const kept = journeyOf(programOf([bye], { signals: program.signals.slice(1) })).feed(seen);
    expect(kept).toMatchObject({ verdict: 'accepted', state: { at: 'bye', signals: { seen: { page: 'home' } } } });
    expect(kept.recorded).toEqual(['signalled']);
  });

  it('that lead somewhere are early during a send, refused while paused', () => {
    expect(journeyOf(program).due().feed(paid).verdict).toBe('early');
    const refused = journeyOf(program).feed({ type: 'pause', id: 'p' }).feed(paid);
    expect(refused).toMatchObject({ verdict: 'refused', state: { signals: {} } });
  });

  it.each([
    ['nobody', {}, [{ field: null, message: 'This program knows no signal "nobody".' }]],
    ['paid', 'text', [{ field: null, message: 'The payload must be an object.' }]],
    [
      'paid',
      { by: 3, amount: Number.NaN, extra: 1 },
      [
        { field: 'by', message: 'This must be a text.' },
        { field: 'amount', message: 'This must be a number.' },
        { field: 'first', message: 'This field is required: a boolean.' },
        { field: 'extra', message: 'This signal has no such field.' },
      ],
    ],
    ['seen', { page: 'x'.repeat(2001) }, [{ field: 'page', message: 'At most 2000 characters.' }]],
  ])('%s with payload %j is refused field by field', (name, payload, errors) => {
    expect(checkSignalPayload(program, name, payload)).toEqual({ errors });
    const sent = { type: 'signal', id: 's', name, payload: payload as Record<string, string> } as const;
    expect(journeyOf(program).feed(sent).verdict).toBe('refused');
  });
});

describe('rounds that nothing slows', () => {
  it('park the journey instead of running for ever', () => {
    const { state, commands } = journeyOf(programOf([{ type: 'goal', key: 'g', goal: 'x', next: 'g' }]));
    expect(state.status).toBe('parked');
    expect(state.parkedReason).toContain('1000 steps');
    expect(commands.length).toBeLessThan(3010);
  });

  it('also park a round of questions to somebody who may not be asked', () => {
    let journey = journeyOf(programOf([{ ...mood, next: 'mood' } as StepInput]));
    for (let sends = 0; journey.state.status === 'active' && sends < 2000; sends++)
      journey = journey.delivered('dropped');
    expect(journey.state.status).toBe('parked');
    expect(journey.feed({ type: 'retry', id: 'r' }).state.status).toBe('active');
  });

  it('a step that another version had is no reason to die', () => {
    const elsewhere = advance(programOf([bye]), waiting().state, {
      event: { type: 'due', stepKey: 'rest', occurrence: 1 },
      facts: ana,
    });
    expect(elsewhere.verdict).toBe('notAwaited');
    const retried = advance(
      programOf([bye]),
      { ...waiting().state, status: 'parked', pending: null },
      {
        event: { type: 'retry', id: 'r' },
        facts: ana,
      },
    );
    expect(retried.state).toMatchObject({
      status: 'parked',
      parkedReason: 'This version of the program has no step rest.',
    });
  });
});
