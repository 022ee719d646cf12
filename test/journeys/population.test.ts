import { describe, expect, it } from 'vitest';
import { formatLocal, resolveWait } from '../../shared/calendar/local-time.ts';
import type { Persona } from '../../shared/domain/journeys/simulate/persona.ts';
import { type Population, personasOf } from '../../shared/domain/journeys/simulate/population.ts';
import { simulate } from '../../shared/domain/journeys/simulate/simulate.ts';
import { simulateAll, simulatePopulation } from '../../shared/domain/journeys/simulate/simulate-population.ts';
import { askStep, programOf, type StepInput } from '../support/programs.ts';

const deps = { resolveWait, formatLocal };
const startAt = '2026-03-02T08:00:00Z';
const ana: Persona = { name: 'Ana', timeZone: 'Europe/Berlin', startAt };
const population = (rest: Partial<Population> = {}): Population => ({
  ...{ count: 200, seed: 'spring', startAt, zones: [{ timeZone: 'UTC', weight: 1 }] },
  mix: [{ weight: 1, persona: {} }],
  ...rest,
});

const night: StepInput = { type: 'wait', key: 'night', until: { time: '09:00', afterDays: 1 } };
const mood = askStep('mood', { kind: 'number', min: 1, max: 5, integer: true });
const walk = (key: string): StepInput => ({
  ...{ type: 'checkin', key, habit: 'walk', text: 'Did you walk?' },
  timeout: { after: { hours: 5 } },
});
const said = (definition: ReturnType<typeof programOf>, rest: Partial<Persona>): string[] =>
  simulate(definition, { ...ana, ...rest }, deps).transcript.flatMap(({ from, text }) =>
    from === 'coachee' ? [text] : [],
  );

describe('a population', () => {
  it('is the same for the same seed, and mixed by weight', () => {
    const mixed = population({
      startSpreadDays: 10,
      zones: [
        { timeZone: 'Asia/Tokyo', weight: 3 },
        { timeZone: 'Europe/Paris', weight: 1 },
      ],
      mix: [
        { weight: 1, persona: { policy: 'silent' } },
        { weight: 4, persona: { name: 'Busy', replyDelaySeconds: { from: 10, to: 20 } } },
      ],
    });
    const all = [...personasOf(mixed)];
    expect([...personasOf(mixed)]).toEqual(all);
    expect([...personasOf({ ...mixed, seed: 'autumn' })]).not.toEqual(all);
    const inTokyo = all.filter(({ timeZone }) => timeZone === 'Asia/Tokyo').length;
    expect([inTokyo > 120, inTokyo < 180]).toEqual([true, true]);
    const silent = all.filter(({ policy }) => policy === 'silent').length;
    expect([silent > 20, silent < 70]).toEqual([true, true]);
    const starts = all.map((one) => (Date.parse(one.startAt) - Date.parse(startAt)) / 86_400_000);
    expect(Math.min(...starts)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...starts)).toBeGreaterThan(8);
    expect(Math.max(...starts)).toBeLessThan(10);
  });

  it('is reported on as a whole, with the transcripts of the first', () => {
    const program = programOf([night, mood, { type: 'goal', key: 'g', goal: 'Told' }, { type: 'finish', key: 'end' }]);
    const mix = [
      { weight: 1, persona: { policy: 'silent' as const } },
      { weight: 1, persona: {} },
    ];
    const { report, simulations } = simulatePopulation(program, population({ mix }), deps);
    expect(simulations.map(({ transcript }) => transcript.length > 0)).toEqual([true, true, true]);
    const question = report.steps.find(({ stepKey }) => stepKey === 'mood');
    expect(question).toMatchObject({ type: 'ask', persons: 200, entered: 200, medianDays: 1.04, p90Days: 1.04 });
    expect((question?.answered ?? 0) + (question?.timedOut ?? 0)).toBe(200);
    expect(question?.answered).toBeGreaterThan(60);
    expect(report).toMatchObject({
      ...{ personas: 200, sends: 200, unreached: [], parked: [] },
      outcomes: [{ status: 'finished', outcome: 'completed', count: 200 }],
      goals: [{ goal: 'Told', count: 200 }],
      channels: [{ channel: 'web', sends: 200, meanPerPersona: 1, mostPerDay: 1 }],
      busiestMinute: { at: '2026-03-03T09:00:00.000Z', sends: 200 },
      busiestLocalMinute: { local: '2026-03-03T09:00', sends: 200 },
    });
    expect(report.calendar.map(({ date, sends, questions, waits }) => [date, sends, questions, waits])).toEqual([
      ['2026-03-02', 0, 0, 200],
      ['2026-03-03', 200, 200, 0],
      ['2026-03-04', 0, 0, 0],
    ]);
  });

  it('says where journeys stay, and why they are parked', () => {
    const program = programOf([{ type: 'callWebhook', key: 'c', url: 'https://example.org' }, mood]);
    const down: Persona = { ...ana, webhookResults: { c: { failure: 'down' } } };
    const { report } = simulateAll(program, [down, down, ana], deps);
    expect(report.parked).toEqual([{ stepKey: 'c', reason: 'The webhook of step c failed: down', count: 2 }]);
    expect(report.steps.map(({ stepKey, leftHere }) => [stepKey, leftHere])).toEqual([
      ['c', 2],
      ['mood', 1],
    ]);
  });
});

describe('a persona', () => {
  const days = programOf(Array.from({ length: 100 }, (_, i) => walk(`walk-${i}`)));
  const count = (texts: string[], text: string) => texts.filter((one) => one === text).length;

  it('keeps to a habit as often as its adherence says', () => {
    expect(count(said(days, { adherence: 1 }), 'no')).toBe(0);
    const most = said(days, { adherence: { walk: 0.8 } });
    expect(count(most, 'no')).toBeGreaterThan(8);
    expect(count(most, 'no')).toBeLessThan(35);
    expect(said(days, { adherence: { walk: 0.8 } })).toEqual(most);
  });

  it('answers as often as its rate says, at its own times', () => {
    expect(said(days, { answerRate: 0 })).toEqual([]);
    expect(said(days, { answerRate: 0.5 }).length).toBeGreaterThan(30);
    const { transcript } = simulate(days, { ...ana, replyDelaySeconds: { from: 100, to: 200 } }, deps);
    const [asked, replied] = transcript;
    const delay = ((replied?.atMs ?? 0) - (asked?.atMs ?? 0)) / 1000;
    expect(delay).toBeGreaterThanOrEqual(100);
    expect(delay).toBeLessThanOrEqual(200);
  });

  it('draws among all that fits', () => {
    const moods = programOf(Array.from({ length: 60 }, (_, i) => ({ ...mood, key: `mood-${i}` })));
    expect(new Set(said(moods, { policy: 'random' }))).toEqual(new Set(['1', '2', '3', '4', '5']));
  });

  it('says nothing in its silences', () => {
    const twice = programOf([walk('a'), { type: 'wait', key: 'w', for: { days: 1 } }, walk('b')]);
    expect(said(twice, { silences: [{ after: { seconds: 30 }, for: { hours: 1 } }] })).toHaveLength(1);
    expect(said(twice, { silences: [{ after: { days: 1 }, for: { days: 3 } }] })).toHaveLength(1);
  });

  it('is reached on the next channel while one fails, and not at all where none is left', () => {
    const two = programOf([
      { type: 'message', key: 'a', text: 'A' },
      { type: 'wait', key: 'w', for: { days: 1 } },
      { type: 'message', key: 'b', text: 'B' },
    ]);
    const failing = { channel: 'telegram' as const, after: { hours: 12 }, for: { days: 1 } };
    const persona: Persona = { ...ana, channels: ['telegram', 'whatsapp'], channelFailures: [failing] };
    expect(simulateAll(two, [persona], deps).report.channels).toMatchObject([
      { channel: 'telegram', sends: 1 },
      { channel: 'whatsapp', sends: 1 },
    ]);
    const cutOff = simulate(two, { ...persona, channels: ['telegram'] }, deps);
    expect(cutOff.status).toBe('parked');
    expect(cutOff.outcome).toContain('The coachee has no channel that takes messages.');
  });

  it('without an email address gets no emails, and the journey goes on', () => {
    const letter = programOf([{ type: 'email', key: 'e', subject: 'Hello', text: 'Hello' }]);
    expect(simulate(letter, { ...ana, channels: ['web'] }, deps)).toMatchObject({ status: 'finished' });
    expect(simulateAll(letter, [ana], deps).report.channels).toMatchObject([{ channel: 'email', sends: 1 }]);
  });

  it('lives what the programs within the program say', () => {
    const outer = programOf([{ type: 'subprogram', key: 's', program: 'inner' }]);
    const inner = programOf([{ type: 'subprogram', key: 's', program: 'innermost' }]);
    const innermost = programOf([{ type: 'message', key: 'm', text: 'From within' }]);
    const program = (slug: string) => ({ inner, innermost })[slug] ?? null;
    const { transcript } = simulate(outer, ana, { ...deps, program });
    expect(transcript.map(({ text }) => text)).toContain('From within');
  });

  it('is sent more messages at once than one decision takes', () => {
    const many = programOf(
      Array.from({ length: 45 }, (_, i): StepInput => ({ type: 'message', key: `m-${i}`, text: 'Again' })),
    );
    expect(simulate(many, ana, deps)).toMatchObject({ status: 'finished' });
    expect(simulateAll(many, [ana], deps).report.sends).toBe(45);
  });
});
