/** Steps that wait for something other than an answer: waitFor, paymentGate, review, subprogram. */
import { describe, expect, it } from 'vitest';
import { journeyOf } from '../support/journeys.ts';
import { programOf, type StepInput } from '../support/programs.ts';
import { livedBy } from '../support/simulated.ts';

const say = (key: string, text = key): StepInput => ({ type: 'message', key, text });
const timeout = { after: { days: 2 }, goTo: 'late' };
const tail: StepInput[] = [say('on'), { type: 'finish', key: 'end' }, say('late')];
const told = (lines: string[]) => lines.map((line) => line.replace(/^(\w+ \d\d\. \d\d:\d\d).*?: /, '$1 '));

describe('waitFor', () => {
  it('takes the next message, whatever it says, as its answer', () => {
    const lines = livedBy([
      { type: 'waitFor', key: 'word', reply: true, timeout },
      say('on', 'You said {{answers.word}}'),
    ]);
    expect(told(lines)).toContain('Mon 02. 12:01 You said Here I am');
  });

  it('goes on with a signal of that name, and with none that came before', () => {
    const signals = [{ name: 'paid', payload: {} }];
    const steps: StepInput[] = [{ type: 'waitFor', key: 'pay', signal: 'paid', timeout }, ...tail];
    const at = (days: number) => ({ signals: [{ after: { days }, name: 'paid', payload: {} }] });
    expect(told(livedBy(steps, at(1), { signals }))).toContain('Tue 03. 12:00 on');
    expect(told(livedBy(steps, {}, { signals }))).toContain('Wed 04. 12:00 late');
    const waitsFirst: StepInput[] = [{ type: 'wait', key: 'first', for: { days: 2 } }, ...steps];
    expect(told(livedBy(waitsFirst, at(1), { signals }))).toContain('Fri 06. 12:00 late');
  });

  it('does not wait for what holds already, and sees an adherence rise', () => {
    const steps: StepInput[] = [
      { type: 'checkin', key: 'water', habit: 'water', text: 'Water?', timeout: { after: { hours: 4 } } },
      { type: 'waitFor', key: 'good', until: { adherence: 'water', last: 3, gte: 1 }, timeout },
      ...tail,
    ];
    expect(told(livedBy(steps))).toContain('Mon 02. 12:01 on');
    expect(told(livedBy(steps, { answers: { water: false } }))).toContain('Wed 04. 12:01 late');
  });

  it('takes in on resume what came during a pause', () => {
    const program = programOf([{ type: 'waitFor', key: 'pay', signal: 'paid', timeout }, ...tail], {
      signals: [{ name: 'paid', payload: {} }],
    });
    const paused = journeyOf(program).feed({ type: 'pause', id: 'p' });
    const signalled = paused.feed({ type: 'signal', id: 's', name: 'paid', payload: {} });
    expect(signalled.state.at).toBe('pay');
    expect(signalled.feed({ type: 'resume', id: 'r' }).state.at).toBe('on');
  });
});

describe('paymentGate', () => {
  const gate: StepInput = { type: 'paymentGate', key: 'gate', entitlement: 'gold', text: 'Join us', timeout };

  it('lets those through who are entitled, without a word', () => {
    expect(told(livedBy([gate, ...tail], { entitlements: ['gold'] }))).not.toContain('Mon 02. 12:00 Join us');
  });

  it('holds the others until they are', () => {
    const lines = told(livedBy([gate, ...tail], { purchases: [{ after: { days: 1 }, entitlement: 'gold' }] }));
    expect(lines).toContain('Mon 02. 12:00 Join us');
    expect(lines).toContain('Tue 03. 12:00 on');
    expect(told(livedBy([gate, ...tail]))).toContain('Wed 04. 12:00 late');
  });
});

describe('review', () => {
  const review: StepInput = {
    ...{
      type: 'review',
      key: 'look',
      text: 'Dear {{coachee.name}}',
      timeout: { after: { hours: 8 } },
      rejected: 'late',
    },
  };
  const steps: StepInput[] = [review, say('on', '{{results.look.text}} ({{results.look.verdict}})'), ...tail.slice(1)];

  it.each([
    ['approved', { verdict: 'approved' as const }, 'Mon 02. 13:00 Dear Ana (approved)'],
    ['edited', { verdict: 'edited' as const, text: 'Hello' }, 'Mon 02. 13:00 Hello (edited)'],
    ['rejected', { verdict: 'rejected' as const }, 'Mon 02. 13:00 late'],
    ['left alone', { verdict: 'approved' as const, afterSeconds: 100_000 }, 'Mon 02. 20:00 Dear Ana (timedOut)'],
  ])('goes on when the text was %s', (_, look, line) => {
    expect(told(livedBy(steps, { reviews: { look } }))).toContain(line);
  });

  it('opens the text for review, and takes it back when the step is skipped', () => {
    const asked = journeyOf(programOf(steps));
    const ref = { stepKey: 'look', occurrence: 1 };
    expect(asked.commands).toContainEqual({ type: 'OpenReview', text: 'Dear Ana', instructions: null, ...ref });
    const skipped = asked.feed({ type: 'skip', id: 's' });
    expect(skipped.commands).toContainEqual({ type: 'CloseReview', status: 'withdrawn', ...ref });
    const late = skipped.delivered().feed({ type: 'review', id: 'v', ...ref, verdict: 'approved' });
    expect(late.verdict).toBe('ended');
  });
});

describe('subprogram', () => {
  const steps: StepInput[] = [{ type: 'subprogram', key: 'sub', program: 'basics' }, say('on')];
  const basics = programOf([say('one'), { type: 'wait', key: 'night', for: { days: 1 } }, say('two')]);

  it('is lived to its end before the journey goes on', () => {
    const lines = told(livedBy(steps, {}, {}, { program: (slug) => (slug === 'basics' ? basics : null) }));
    expect(lines.filter((line) => /(one|two|on)$/.test(line))).toEqual([
      'Mon 02. 12:00 one',
      'Tue 03. 12:00 two',
      'Tue 03. 12:00 on',
    ]);
  });

  it('is passed over where it cannot be entered, and left when the journey leaves it', () => {
    const begun = journeyOf(programOf(steps));
    const ref = { stepKey: 'sub', occurrence: 1 };
    expect(begun.effect).toMatchObject({ type: 'RunSubprogram', program: 'basics' });
    expect(begun.feed({ type: 'subprogramStarted', ok: false, reason: 'Never again.', ...ref }).state.at).toBe('on');
    const running = begun.feed({ type: 'subprogramStarted', ok: true, ...ref });
    expect(running.feed({ type: 'skip', id: 's' }).commands).toContainEqual({ type: 'LeaveSubprogram', ...ref });
    const ended = running.feed({ type: 'subprogramEnded', id: 'child', status: 'exited', outcome: 'moved', ...ref });
    expect(ended.state).toMatchObject({ at: 'on', results: { sub: { status: 'exited', outcome: 'moved' } } });
  });
});
