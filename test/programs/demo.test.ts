import { describe, expect, it } from 'vitest';
import { formatLocal, resolveWait } from '../../shared/calendar/local-time.ts';
import { programDefinition } from '../../shared/contracts/programs.ts';
import { lint } from '../../shared/domain/journeys/lint.ts';
import type { Persona } from '../../shared/domain/journeys/persona.ts';
import { simulate } from '../../shared/domain/journeys/simulate.ts';
import { durationSeconds } from '../../shared/domain/journeys/steps/fields.ts';
import { demoProgram } from '../../stack/demo-program.ts';

const program = programDefinition.parse(demoProgram);
const base = { timeZone: 'Europe/Lisbon', startAt: '2026-03-10T18:20:00Z' };

const personas: (Persona & { outcome: string })[] = [
  {
    ...base,
    name: 'Ana',
    outcome: 'completed',
    answers: { welcome: 'happy', practice: 'A short walk', 'days-done': 3 },
  },
  {
    ...base,
    name: 'Bo',
    timeZone: 'America/New_York',
    outcome: 'completed',
    policy: 'contrary',
    answers: { tried: 'not yet', 'days-done': 0 },
    signals: [{ after: { days: 8 }, name: 'call-booked', payload: { coach: 'Mia', minutes: 20 } }],
  },
  {
    ...base,
    name: 'Chi',
    timeZone: 'Asia/Kathmandu',
    startAt: '2026-03-11T09:00:00Z',
    outcome: 'completed',
    policy: 'silent',
  },
  {
    ...base,
    name: '',
    outcome: 'graduated',
    signals: [{ after: { days: 9 }, name: 'graduated', payload: { coach: 'Mia' } }],
  },
];

const lived = personas.map((persona) => simulate(program, persona, { resolveWait, formatLocal }));

describe('the demo program', () => {
  it('lints clean, without a warning', () => {
    expect(lint(program)).toEqual([]);
  });

  it('uses every kind of step but the webhook', () => {
    const types = new Set(program.steps.map(({ type }) => type));
    expect([...types].sort()).toEqual(['ask', 'branch', 'finish', 'goal', 'message', 'set', 'wait']);
  });

  it('is reached in every step by one persona or another', () => {
    const reached = new Set(lived.flatMap((simulation) => simulation.reached));
    expect(program.steps.map(({ key }) => key).filter((key) => !reached.has(key))).toEqual([]);
  });

  it('ends for everybody: in 23 days for those who answer, in 27 for those who never do', () => {
    expect(lived.map(({ outcome }) => outcome)).toEqual(personas.map(({ outcome }) => outcome));
    const days = lived.map(({ endedAtMs }, i) => (endedAtMs - Date.parse(personas[i]?.startAt ?? '')) / 86_400_000);
    for (const [i, { policy }] of personas.entries()) expect(days[i]).toBeLessThan(policy === 'silent' ? 27 : 23);
  });

  it('takes no longer whatever day of the week it starts', () => {
    for (let day = 10; day < 17; day++) {
      for (const policy of ['agreeable', 'silent'] as const) {
        const startAt = `2026-03-${day}T18:20:00Z`;
        const { endedAtMs } = simulate(
          program,
          { ...base, name: 'Ana', startAt, policy },
          { resolveWait, formatLocal },
        );
        const days = (endedAtMs - Date.parse(startAt)) / 86_400_000;
        expect(days, `${policy}, from 2026-03-${day}`).toBeLessThan(policy === 'silent' ? 27 : 23);
      }
    }
  });

  it('leaves a day at least for every answer', () => {
    const afters = program.steps.flatMap((step) => (step.type === 'ask' && step.timeout ? [step.timeout.after] : []));
    for (const after of afters) expect(durationSeconds(after)).toBeGreaterThanOrEqual(86_400);
  });

  it('writes to nobody at night, and never with a hole in a sentence', () => {
    for (const { transcript } of lived) {
      for (const { from, local, text } of transcript) {
        if (from !== 'program') continue;
        expect(Number(local.slice(15, 17)), `${local} ${text}`).toBeGreaterThanOrEqual(7);
        expect(text).not.toMatch(/\{\{|\}\}| {2}| [,.!?]|undefined|null/);
      }
    }
  });

  it('fits every channel: no text over 1,024 characters, no label over 20', () => {
    for (const { transcript } of lived) {
      for (const { from, text, buttons } of transcript) {
        if (from === 'program') expect(text.length).toBeLessThanOrEqual(1024);
        for (const { label } of buttons) expect(label.length).toBeLessThanOrEqual(20);
      }
    }
  });
});
