import { describe, expect, it } from 'vitest';
import { formatLocal, resolveWait } from '../../shared/calendar/local-time.ts';
import type { ProgramDefinition } from '../../shared/domain/journeys/definition.ts';
import type { Persona } from '../../shared/domain/journeys/simulate/persona.ts';
import { type Simulation, type SimulationLimits, simulate } from '../../shared/domain/journeys/simulate/simulate.ts';
import { askStep, programOf, type StepInput } from '../support/programs.ts';

const ana: Persona = { name: 'Ana', timeZone: 'Europe/Berlin', startAt: '2026-03-27T08:00:00Z' };

function lived(definition: ProgramDefinition, rest: Partial<Persona> = {}, limits: Partial<SimulationLimits> = {}) {
  return simulate(definition, { ...ana, ...rest }, { resolveWait, formatLocal }, limits);
}

/** `from text` of every line. */
function lines({ transcript }: Simulation): string[] {
  return transcript.map(({ from, text }) => `${from}: ${text}`);
}

const text = (key: string, said: string): StepInput => ({ type: 'message', key, text: said });

describe('a simulation', () => {
  it('tells what is said and when, by the clock of the coachee', () => {
    const program = programOf([
      text('hi', 'Hi {{coachee.name}}'),
      { type: 'wait', key: 'night', until: { time: '09:00', afterDays: 2 } },
      askStep('mood', { kind: 'number', min: 1, max: 5 }),
      text('bye', 'You said {{answers.mood}}'),
    ]);
    const simulation = lived(program, { answers: { mood: 4 }, replyDelaySeconds: 90 });
    expect(simulation.transcript.map(({ local, from, stepKey, text: said }) => [local, from, stepKey, said])).toEqual([
      ['Fri 2026-03-27T09:00:00+01:00', 'program', 'hi', 'Hi Ana'],
      ['Fri 2026-03-27T09:00:00+01:00', 'event', 'night', 'Waits until Sun 2026-03-29T09:00:00+02:00.'],
      ['Sun 2026-03-29T09:00:00+02:00', 'program', 'mood', 'What of mood?'],
      ['Sun 2026-03-29T09:01:30+02:00', 'coachee', 'mood', '4'],
      ['Sun 2026-03-29T09:01:30+02:00', 'program', 'bye', 'You said 4'],
      ['Sun 2026-03-29T09:01:30+02:00', 'event', 'bye', 'The journey ended: completed.'],
    ]);
    expect(simulation).toMatchObject({
      persona: 'Ana',
      status: 'finished',
      outcome: 'completed',
      reached: ['hi', 'night', 'mood', 'bye'],
      endedAtMs: Date.parse('2026-03-29T07:01:30Z'),
      truncated: null,
    });
  });

  const two = programOf([askStep('mood', { kind: 'number', min: 1, max: 5 }), askStep('ready', { kind: 'yesNo' })]);

  it.each<[string, Partial<Persona>, string[]]>([
    ['agreeable: the first thing that fits', {}, ['1', 'Yes']],
    ['silent: nothing', { policy: 'silent' }, []],
    ['contrary: first what does not fit', { policy: 'contrary' }, ['quite a lot', '1', 'hard to say', 'Yes']],
    ['its own answers first', { answers: { mood: 3, ready: false } }, ['3', 'no']],
    ['an own answer that does not fit is not repeated', { answers: { mood: 9 } }, ['9', '1', 'Yes']],
    ['a list answers one asking after another', { answers: { mood: [9, 'x', 2], ready: [] } }, ['9', 'x', '2', 'Yes']],
    ['later than the timeout is not in time', { replyDelaySeconds: 90_000 }, []],
  ])('%s', (_, rest, said) => {
    const simulation = lived(two, rest);
    expect(simulation.transcript.filter(({ from }) => from === 'coachee').map((entry) => entry.text)).toEqual(said);
    expect(simulation.status).toBe('finished');
  });

  it('a reply that does not fit does not put the timeout off', () => {
    const day = 86_400_000;
    const simulation = lived(two, { answers: { mood: ['x', 'y', 'z', '1'] }, replyDelaySeconds: 10 * 3600 });
    const missed = simulation.transcript.find(({ text: said }) => said === 'No answer came in time.');
    expect(missed).toMatchObject({ stepKey: 'mood', atMs: Date.parse(ana.startAt) + day });
  });

  it('presses the buttons of messages', () => {
    const buttons = [{ label: 'Good', value: 'good' }];
    const program = programOf([
      { type: 'message', key: 'hi', text: 'Hi', buttons },
      { type: 'wait', key: 'w', for: { days: 1 } },
      text('bye', 'You: {{answers.hi}}'),
    ]);
    expect(lines(lived(program, { answers: { hi: 'good' } }))).toContain('coachee: Good');
    expect(lines(lived(program, { answers: { hi: 'good' } }))).toContain('program: You: good');
    expect(lines(lived(program, { answers: { hi: 'bad' } }))).toContain('program: You: ');
  });

  it('asks webhooks of the persona', () => {
    const call: StepInput = { type: 'callWebhook', key: 'city', url: 'https://example.org', onFailure: 'sorry' };
    const program = programOf([call, { type: 'finish', key: 'end', outcome: 'found' }, text('sorry', 'Sorry')]);
    expect(lived(program).outcome).toBe('found');
    expect(lived(program, { webhookResults: { city: { result: { name: 'Oslo' } } } }).outcome).toBe('found');
    expect(lines(lived(program, { webhookResults: { city: { failure: 'down' } } }))).toEqual([
      'event: The webhook failed: down',
      'program: Sorry',
      'event: The journey ended: completed.',
    ]);
  });

  it('sends signals and pauses at their time', () => {
    const program = programOf(
      [{ type: 'wait', key: 'w', for: { days: 2 } }, text('bye', 'Bye {{signals.paid.by|nobody}}')],
      {
        signals: [{ name: 'paid', payload: { by: 'text' } }],
      },
    );
    const simulation = lived(program, {
      signals: [{ after: { hours: 1 }, name: 'paid', payload: { by: 'Bo' } }],
      pauses: [{ after: { days: 1 }, for: { days: 4 } }],
    });
    expect(lines(simulation).slice(1)).toEqual([
      'event: Signal paid came: {"by":"Bo"}.',
      'event: Paused.',
      'event: Resumed.',
      'program: Bye Bo',
      'event: The journey ended: completed.',
    ]);
    expect(simulation.endedAtMs).toBe(Date.parse(ana.startAt) + 5 * 86_400_000);
  });

  it('a paused coachee answers once resumed', () => {
    const simulation = lived(two, { pauses: [{ after: { seconds: 30 }, for: { hours: 1 } }] });
    expect(simulation.transcript.find(({ from }) => from === 'coachee')?.atMs).toBe(
      Date.parse(ana.startAt) + 3_630_000,
    );
  });

  it('says when nothing would ever move it on, and where it was parked', () => {
    const patient = programOf([{ type: 'ask', key: 'a', text: 'Well?', answer: { kind: 'text' } }]);
    expect(lived(patient, { policy: 'silent' })).toMatchObject({ status: 'waiting', outcome: null });
    const broken = programOf([{ type: 'callWebhook', key: 'c', url: 'https://example.org' }]);
    const parked = lived(broken, { webhookResults: { c: { failure: 'down' } } });
    expect(parked).toMatchObject({ status: 'parked', outcome: 'The webhook of step c failed: down' });
  });

  it('ends at its limits', () => {
    const daily = programOf([text('a', 'Again'), { type: 'wait', key: 'w', for: { days: 1 }, next: 'a' }]);
    const byDays = lived(daily, {}, { maxDays: 10 });
    expect(byDays).toMatchObject({ status: 'truncated', truncated: 'days' });
    expect(byDays.transcript.filter(({ from }) => from === 'program')).toHaveLength(11);
    expect(lived(daily, {}, { maxEntries: 7 })).toMatchObject({ status: 'truncated', truncated: 'entries' });
    expect(lived(daily).transcript.filter(({ from }) => from === 'program')).toHaveLength(401);
  });

  it('throws for a start or a zone that is none', () => {
    expect(() => lived(two, { startAt: 'soon' })).toThrow(RangeError);
    expect(() => lived(two, { timeZone: 'Mars/Base' })).toThrow(RangeError);
  });
});
