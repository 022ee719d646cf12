import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { formatLocal, resolveWait } from '../../shared/calendar/local-time.ts';
import { type FileFormat, toProgramFile } from '../../shared/contracts/program-files.ts';
import { programDefinition } from '../../shared/contracts/programs.ts';
import { parseYaml } from '../../shared/contracts/yaml.ts';
import type { ProgramDefinition } from '../../shared/domain/journeys/definition.ts';
import { lint } from '../../shared/domain/journeys/lint/lint.ts';
import { localized } from '../../shared/domain/journeys/localize.ts';
import { TRACE_LIMITS, traceDifference, transcriptText } from '../../shared/domain/journeys/simulate/golden-trace.ts';
import type { Persona } from '../../shared/domain/journeys/simulate/persona.ts';
import { simulate } from '../../shared/domain/journeys/simulate/simulate.ts';
import type { TranscriptEntry } from '../../shared/domain/journeys/simulate/simulation-log.ts';
import { durationSeconds } from '../../shared/domain/journeys/steps/fields.ts';
import { kindOf, stepSchema } from '../../shared/domain/journeys/steps/index.ts';
import { demoProgram } from '../../stack/demo-program.ts';
import { readDemoPrograms } from '../../stack/demo-programs.ts';
import { readTraces } from '../../stack/program/traces-file.ts';

const calm = programDefinition.parse(demoProgram);
const base = { timeZone: 'Europe/Lisbon', startAt: '2026-03-10T18:20:00Z' };

const calmPersonas: (Persona & { outcome: string })[] = [
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

const live = (definition: ProgramDefinition, persona: Persona) =>
  simulate(definition, persona, { resolveWait, formatLocal }, TRACE_LIMITS);

interface Life {
  name: string;
  persona: Persona;
  /** Null: no golden trace is kept of it. */
  expected: string | null;
  lived: ReturnType<typeof live>;
}

const lifeOf = (definition: ProgramDefinition, name: string, persona: Persona, expected: string | null): Life => ({
  ...{ name, persona, expected },
  lived: live(definition, persona),
});

const files = await readDemoPrograms();
const fromFiles = files.map(async ({ file, slug, definition }) => {
  const { traces = [] } = (await readTraces(file)) ?? {};
  const lives = traces.map(({ name, persona, expected }) => lifeOf(definition, name, persona, expected ?? ''));
  return { name: slug, definition, lives };
});
const programs = [
  { name: 'calm', definition: calm, lives: calmPersonas.map((one) => lifeOf(calm, one.name, one, null)) },
  ...(await Promise.all(fromFiles)),
];

/** Minutes since midnight on the coachee's clock. */
const minuteOf = ({ local }: TranscriptEntry): number => Number(local.slice(15, 17)) * 60 + Number(local.slice(18, 20));
const isNight = (entry: TranscriptEntry): boolean => minuteOf(entry) < 7 * 60 + 30 || minuteOf(entry) >= 21 * 60;

/** What the program says with nothing said by the coachee at that very moment. */
const unasked = (transcript: TranscriptEntry[]): TranscriptEntry[] => {
  const answered = new Set(transcript.filter(({ from }) => from === 'coachee').map(({ atMs }) => atMs));
  return transcript.filter(({ from, atMs }) => from === 'program' && !answered.has(atMs));
};

describe.each(programs)('the demo program $name', ({ definition, lives }) => {
  const said = lives.flatMap(({ lived }) => lived.transcript.filter(({ from }) => from === 'program'));

  it('lints clean, without a warning', () => {
    expect(lint(definition)).toEqual([]);
  });

  it('is reached in every step by one persona or another', () => {
    const reached = new Set(lives.flatMap(({ lived }) => lived.reached));
    expect(definition.steps.map(({ key }) => key).filter((key) => !reached.has(key))).toEqual([]);
  });

  it('comes to an end for everybody, as it was written down', () => {
    for (const { name, lived, expected } of lives) {
      expect(lived.status, name).toBe('finished');
      if (expected !== null) expect(traceDifference(expected, transcriptText(lived)), name).toBeNull();
    }
  });

  it('is lived in several time zones, by somebody who is silent and somebody without a name', () => {
    expect(new Set(lives.map(({ persona }) => persona.timeZone)).size).toBeGreaterThanOrEqual(3);
    expect(lives.some(({ persona }) => persona.name === '')).toBe(true);
    expect(lives.some(({ persona }) => persona.policy === 'silent')).toBe(true);
  });

  it('leaves a day at least for every answer', () => {
    for (const step of definition.steps) {
      if (!('timeout' in step) || !step.timeout) continue;
      expect(durationSeconds(step.timeout.after), step.key).toBeGreaterThanOrEqual(86_400);
    }
  });

  it('writes to nobody at night, unless they have just written', () => {
    for (const { lived } of lives) expect(unasked(lived.transcript).filter(isNight)).toEqual([]);
  });

  it('never has a hole in a sentence', () => {
    for (const { text, stepKey } of said) {
      expect(text, stepKey ?? '').not.toMatch(/\{\{|\}\}| {2}| [,.!?]|[^.]\.\.(?!\.)|“”|„“|\(\)|undefined|null/);
    }
  });

  it('fits every channel: no text over 1,024 characters, no label over 20', () => {
    for (const { text, buttons, stepKey } of said) {
      expect(text.length, stepKey ?? '').toBeLessThanOrEqual(1024);
      for (const { label } of buttons) expect(label.length, label).toBeLessThanOrEqual(20);
    }
  });

  it('says nothing twice in different places', () => {
    const paragraphs = definition.steps.flatMap((step) => bodiesOf(step).flatMap((text) => text.split('\n\n')));
    const long = paragraphs.filter((text) => text.length > 60);
    expect(long.filter((text, i) => long.indexOf(text) < i)).toEqual([]);
  });

  it('is the same after it went through a file, in either format', () => {
    for (const format of ['yaml', 'json'] satisfies FileFormat[]) {
      const text = toProgramFile(definition, format);
      const read = programDefinition.parse(format === 'json' ? JSON.parse(text) : parseYaml(text).value);
      expect(read).toEqual(definition);
      expect(toProgramFile(read, format)).toBe(text);
    }
  });
});

type Step = ProgramDefinition['steps'][number];

const bodiesOf = (step: Step): string[] =>
  (kindOf(step).texts?.(step) ?? []).filter(({ role }) => role === 'body').map(({ text }) => text);

describe('the programs that come with Cairn', () => {
  it('stand in files that are called by their slugs', async () => {
    for (const { file, slug } of files) {
      expect(file.endsWith(`/${slug}.yaml`), file).toBe(true);
      expect(await readFile(file, 'utf8')).toMatch(/^# /);
    }
  });

  it('use every kind of step between them, save the webhook', () => {
    const used = new Set(programs.flatMap(({ definition }) => definition.steps.map(({ type }) => type)));
    const kinds = stepSchema.options.map(({ shape }) => shape.type.value);
    expect(kinds.filter((kind) => !used.has(kind))).toEqual(['callWebhook']);
  });

  it('use every kind of answer, every form of waiting, watched goals, exits and ways to enroll again', () => {
    const steps = files.flatMap(({ definition }) => definition.steps);
    const answers = new Set(steps.flatMap((step) => (step.type === 'ask' ? [step.answer.kind] : [])));
    expect([...answers].sort()).toEqual(['choice', 'number', 'text', 'yesNo']);
    const waits = new Set(steps.flatMap((step) => (step.type === 'wait' ? formOfWait(step) : [])));
    expect([...waits].sort()).toEqual(['afterDays', 'date', 'for', 'time', 'weekday']);
    const held = new Set(steps.flatMap((step) => (step.type === 'waitFor' ? formOfHold(step) : [])));
    expect([...held].sort()).toEqual(['reply', 'signal', 'until']);
    expect(files.some(({ definition }) => definition.goals)).toBe(true);
    expect(files.some(({ definition }) => definition.exits)).toBe(true);
    expect(files.every(({ definition }) => definition.enrollment?.reentry)).toBe(true);
  });

  it('include each other by names that are there', () => {
    const slugs = new Set(files.map(({ slug }) => slug));
    const named = files.flatMap(({ definition }) =>
      definition.steps.flatMap((step) => (step.type === 'subprogram' ? [step.program] : [])),
    );
    expect(named).toEqual(['feedback-basics']);
    expect(named.filter((slug) => !slugs.has(slug))).toEqual([]);
  });

  it('live the program they include, where the simulator knows it', () => {
    const leadership = programs.find(({ name }) => name === 'leadership');
    const persona = leadership?.lives[0]?.persona;
    if (!leadership || !persona) throw new Error('there is no leadership program');
    const program = (slug: string) => files.find((one) => one.slug === slug)?.definition ?? null;
    const { transcript, status } = simulate(leadership.definition, persona, { resolveWait, formatLocal, program });
    expect(status).toBe('finished');
    expect(transcript.some(({ stepKey }) => stepKey === 'sbi')).toBe(true);
    expect(unasked(transcript).filter(isNight)).toEqual([]);
  });

  it('are translated in full, where they are translated', () => {
    const spanish = files.find(({ slug }) => slug === 'spanish-for-travellers')?.definition;
    const german = spanish?.translations?.de ?? {};
    const wanted = (spanish?.steps ?? []).flatMap((step) =>
      (kindOf(step).texts?.(step) ?? []).map(({ path }) => [step.key, ...path].join('.')),
    );
    expect(Object.keys(german).sort()).toEqual(wanted.sort());
    if (spanish) expect(localized(spanish, 'de-AT').language).toBe('de');
  });
});

const formOfWait = ({ for: length, until }: Extract<Step, { type: 'wait' }>): string[] =>
  length ? ['for'] : (['afterDays', 'weekday', 'date', 'time'] as const).filter((one) => until?.[one]).slice(0, 1);

const formOfHold = (step: Extract<Step, { type: 'waitFor' }>): string[] =>
  (['reply', 'signal', 'until'] as const).filter((one) => step[one] !== undefined);

describe('three calm weeks', () => {
  it('uses the plainest kinds of step', () => {
    const types = new Set(calm.steps.map(({ type }) => type));
    expect([...types].sort()).toEqual(['ask', 'branch', 'finish', 'goal', 'message', 'set', 'wait']);
  });

  it('ends for everybody: in 23 days for those who answer, in 27 for those who never do', () => {
    const lived = calmPersonas.map((persona) => live(calm, persona));
    expect(lived.map(({ outcome }) => outcome)).toEqual(calmPersonas.map(({ outcome }) => outcome));
    const days = lived.map(({ endedAtMs }, i) => (endedAtMs - Date.parse(calmPersonas[i]?.startAt ?? '')) / 86_400_000);
    for (const [i, { policy }] of calmPersonas.entries()) expect(days[i]).toBeLessThan(policy === 'silent' ? 27 : 23);
  });

  it('takes no longer whatever day of the week it starts', () => {
    for (let day = 10; day < 17; day++) {
      for (const policy of ['agreeable', 'silent'] as const) {
        const startAt = `2026-03-${day}T18:20:00Z`;
        const { endedAtMs } = live(calm, { ...base, name: 'Ana', startAt, policy });
        const days = (endedAtMs - Date.parse(startAt)) / 86_400_000;
        expect(days, `${policy}, from 2026-03-${day}`).toBeLessThan(policy === 'silent' ? 27 : 23);
      }
    }
  });
});
