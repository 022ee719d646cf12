import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { programDefinition } from '../../shared/contracts/programs.ts';
import { CHANNEL_KINDS } from '../../shared/domain/channels/deliveries.ts';
import type { ProgramDefinition } from '../../shared/domain/journeys/definition.ts';
import { isPublishable, lint } from '../../shared/domain/journeys/lint/lint.ts';
import { kindOf } from '../../shared/domain/journeys/steps/index.ts';
import { askStep, cleanProgram, programOf, type StepInput } from '../support/programs.ts';

const end: StepInput = { type: 'finish', key: 'end' };
const text = (key: string, value: string, rest = {}): StepInput => ({ type: 'message', key, text: value, ...rest });
const options = (...labels: string[]) => ({
  kind: 'choice' as const,
  options: labels.map((label, i) => ({ value: `v${i}`, label })),
});

/** `code path` of every finding. */
function found(definition: ProgramDefinition): string[] {
  return lint(definition).map(({ code, path }) => `${code} ${path}`);
}

describe('lint', () => {
  it('has nothing to say of a sound program', () => {
    const sound = programOf([
      text('hi', 'Hi {{coachee.name}}'),
      askStep('mood', { kind: 'number', min: 1, max: 5 }),
      end,
    ]);
    expect(lint(sound)).toEqual([]);
  });

  it.each<[string, StepInput[], string[]]>([
    ['two steps of one key', [text('a', 'x'), text('a', 'y')], ['duplicateStepKey steps.1.key']],
    ['a next to nowhere', [text('a', 'x', { next: 'b' })], ['unknownStep steps.0.next']],
    [
      'a timeout to nowhere',
      [askStep('a', { kind: 'yesNo' }, { timeout: { after: { days: 1 }, goTo: 'b' } })],
      ['unknownStep steps.0.timeout.goTo'],
    ],
    [
      'a branch to nowhere',
      [{ type: 'branch', key: 'a', cases: [{ when: { tag: 't' }, goTo: 'b' }], otherwise: 'c' }],
      ['unknownStep steps.0.cases.0.goTo', 'unknownStep steps.0.otherwise'],
    ],
    [
      'a failure to nowhere',
      [{ type: 'callWebhook', key: 'a', url: 'https://a.b', onFailure: 'b' }],
      ['unknownStep steps.0.onFailure'],
    ],
    ['a step nothing leads to', [text('a', 'x', { next: 'end' }), text('b', 'y'), end], ['unreachableStep steps.1']],
    ['a round without a pause', [text('a', 'x'), text('b', 'y', { next: 'a' })], ['cycleWithoutWait steps.0']],
    ['a step that leads to itself', [{ type: 'goal', key: 'g', goal: 'x', next: 'g' }], ['cycleWithoutWait steps.0']],
    [
      'a round through a webhook',
      [{ type: 'callWebhook', key: 'a', url: 'https://a.b', next: 'a' }],
      ['cycleWithoutWait steps.0'],
    ],
    [
      'a round through a short timeout',
      [askStep('a', { kind: 'yesNo' }, { timeout: { after: { seconds: 59 }, goTo: 'a' } })],
      ['cycleWithoutWait steps.0', 'timeoutTooShort steps.0.timeout.after'],
    ],
    [
      'a round through a short wait',
      [text('a', 'x'), { type: 'wait', key: 'w', for: { seconds: 59 }, next: 'a' }],
      ['cycleWithoutWait steps.0'],
    ],
    [
      'a round through a date',
      [text('a', 'x'), { type: 'wait', key: 'w', until: { time: '09:00', date: '2026-01-01' }, next: 'a' }],
      ['cycleWithoutWait steps.0'],
    ],
    ['a round through a wait', [text('a', 'x'), { type: 'wait', key: 'w', for: { minutes: 1 }, next: 'a' }], []],
    [
      'a round through a question',
      [askStep('a', { kind: 'yesNo' }, { next: 'a', timeout: { after: { minutes: 10 }, goTo: 'a' } })],
      [],
    ],
    [
      'an answer nobody gives',
      [text('a', 'x {{answers.b}} {{answers.end}}'), end],
      ['unknownVariable steps.0.text', 'unknownVariable steps.0.text'],
    ],
    [
      'an answer of a step without buttons',
      [text('a', 'x'), text('b', 'y {{answers.a}}')],
      ['unknownVariable steps.1.text'],
    ],
    [
      'an answer of buttons',
      [text('a', 'x', { buttons: [{ label: 'L', value: 'v' }] }), text('b', 'y {{answers.a}}')],
      [],
    ],
    [
      'a result nobody gives',
      [{ type: 'branch', key: 'a', cases: [{ when: { not: { result: 'b.c', exists: true } }, goTo: 'end' }] }, end],
      ['unknownVariable steps.0.cases.0.when.not.result'],
    ],
    [
      'a signal nobody declares',
      [{ type: 'set', key: 'a', trait: 't', value: '{{signals.paid.amount}}' }],
      ['unknownVariable steps.0.value'],
    ],
    [
      'an unknown root',
      [text('a', 'x {{user.name}} {{coachee.age}}')],
      ['unknownVariable steps.0.text', 'unknownVariable steps.0.text'],
    ],
    ['any trait', [text('a', 'x {{traits.whatever}}')], []],
    [
      'a trait set from itself',
      [{ type: 'set', key: 'a', trait: 't', value: '{{traits.t|0}}1' }],
      ['traitSetFromItself steps.0.value'],
    ],
    [
      'a question without timeout',
      [{ type: 'ask', key: 'a', text: 'T?', answer: { kind: 'yesNo' } }],
      ['askWithoutTimeout steps.0.timeout'],
    ],
    [
      'options that fold into one',
      [askStep('a', options('Café', ' cafe!', 'Thé', 'v0'))],
      ['optionsCollide steps.0.answer.options.1', 'optionsCollide steps.0.answer.options.3'],
    ],
    [
      'yes and no alike',
      [askStep('a', { kind: 'yesNo', labels: { yes: 'Oh', no: 'oh' } })],
      ['optionsCollide steps.0.answer.options.1'],
    ],
    ['an impossible range', [askStep('a', { kind: 'number', min: 2, max: 1 })], ['impossibleRange steps.0.answer.min']],
    [
      'no whole number between',
      [askStep('a', { kind: 'number', min: 1.2, max: 1.8, integer: true })],
      ['impossibleRange steps.0.answer.min'],
    ],
    [
      'an impossible length',
      [askStep('a', { kind: 'text', minLength: 9, maxLength: 8 })],
      ['impossibleRange steps.0.answer.minLength'],
    ],
    [
      'a date that is none',
      [{ type: 'wait', key: 'w', until: { time: '09:00', date: '2026-02-29' } }],
      ['invalidDate steps.0.until.date'],
    ],
    ['a leap day', [{ type: 'wait', key: 'w', until: { time: '09:00', date: '2028-02-29' } }], []],
    ['a text that may be blank', [text('a', '{{traits.x}} {{coachee.name| }}')], ['textMayBeBlank steps.0.text']],
    ['broken braces', [text('a', 'Hi {{coachee.name}')], ['brokenVariable steps.0.text']],
  ])('finds %s', (_, steps, findings) => {
    expect(found(programOf(steps)).sort()).toEqual(findings.sort());
  });

  it('checks signals', () => {
    const paid = { name: 'paid', payload: { amount: 'number' as const } };
    const signals = [{ ...paid, goTo: 'nowhere' }, paid];
    const program = programOf([text('a', 'x {{signals.paid.amount}} {{signals.paid.by}} {{signals.paid}}')], {
      signals,
    });
    expect(found(program)).toEqual([
      'unknownStep signals.0.goTo',
      'duplicateSignal signals.1.name',
      'unknownVariable steps.0.text',
      'unknownVariable steps.0.text',
    ]);
  });

  it('a step that only a signal leads to is reached', () => {
    const signals = [{ name: 'paid', payload: {}, goTo: 'b' }];
    expect(found(programOf([{ ...end, key: 'a' }, text('b', 'x')], { signals }))).toEqual([]);
  });

  it('says in what language the default sentences are', () => {
    const program = programOf([askStep('a', { kind: 'yesNo' })], { language: 'de' });
    expect(found(program)).toEqual(['reaskInEnglish steps.0.reask', 'labelsInEnglish steps.0.answer.labels']);
  });

  it('tells what a round consists of, and what to do', () => {
    const [finding] = lint(programOf([text('intro', 'x'), text('a', 'x'), text('b', 'y', { next: 'a' })]));
    expect(finding).toMatchObject({ severity: 'error', stepKey: 'a', path: 'steps.1' });
    expect(finding?.message).toContain('a -> b -> a');
    expect(finding?.remedy).toContain('wait');
  });

  it('only errors keep a program from being published', () => {
    expect(isPublishable(lint(programOf([text('a', 'x', { next: 'end' }), text('b', 'y'), end])))).toBe(true);
    expect(isPublishable(lint(programOf([text('a', 'x', { next: 'nowhere' })])))).toBe(false);
  });
});

describe('any definition', () => {
  const mixed = fc
    .tuple(cleanProgram, fc.array(fc.nat(99), { minLength: 5, maxLength: 60 }))
    .map(([definition, picks]) => {
      let turn = 0;
      const pick = () => picks[turn++ % picks.length] ?? 0;
      const text = JSON.stringify(definition).replace(/"(?:s\d+|constructor|paid|walking)"/g, (name) =>
        pick() % 4 ? name : `"${['s0', 's1', 's5', 'constructor', 'paid', 'toString'][pick() % 6]}"`,
      );
      return programDefinition.safeParse({
        ...JSON.parse(text),
        ...{ slug: 'another', language: ['en', 'de'][pick() % 2], channels: CHANNEL_KINDS.slice(pick() % 4) },
        translations: { de: { 's0.text': '{{answers.s1}}', 's1.key': 's0', 's2.text': 'Hallo {{' }, fr: {} },
        ...(pick() % 2 && { enrollment: { on: [{ tag: 'seen' }] } }),
      });
    });

  it('is linted without a fault, each finding with a place, a message and a remedy', () => {
    fc.assert(
      fc.property(mixed, ({ data }) => {
        fc.pre(data !== undefined);
        const keys = new Set<string | null>(data.steps.map(({ key }) => key)).add(null);
        for (const { path, message, remedy, stepKey } of lint(data)) {
          expect(path).toMatch(/^(steps|signals|goals|exits|translations)\./);
          expect(message && remedy).toBeTruthy();
          expect(keys).toContain(stepKey);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('of 500 steps is linted well within 50 ms', () => {
    const days = Array.from({ length: 100 }, (_, i): StepInput[] => [
      { type: 'wait', key: `w${i}`, until: { time: '08:00' } },
      text(`m${i}`, `Day ${i}: {{coachee.name}}, {{answers.q${i}|}}`, { whatsappTemplate: 'day' }),
      askStep(
        `q${i}`,
        { kind: 'yesNo' },
        { whatsappTemplate: 'day', timeout: { after: { hours: 20 }, goTo: `w${i}` } },
      ),
      { type: 'branch', key: `b${i}`, cases: [{ when: { answer: `q${99 - i}`, eq: true }, goTo: `w${i}` }] },
      { type: 'goal', key: `g${i}`, goal: `Day ${i}` },
    ]).flat();
    const program = programOf(days, { channels: ['whatsapp', 'telegram'] });
    const lengthsMs = Array.from({ length: 8 }, () => {
      const beganMs = performance.now();
      lint(program);
      return performance.now() - beganMs;
    });
    // The best, because what else the machine is doing says nothing about lint.
    expect(Math.min(...lengthsMs)).toBeLessThan(50);
  });
});

describe('any graph', () => {
  const target = fc.option(fc.constantFrom('s0', 's1', 's2', 's3', 'nowhere'), { nil: undefined });
  const step = fc
    .record({ key: fc.constantFrom('s0', 's1', 's2', 's3'), type: fc.nat(3), to: target, otherTo: target })
    .map(garbageStep);
  const graph = fc.array(step, { minLength: 1, maxLength: 8 }).map((steps) => programOf(steps));

  it('is linted without a fault, each finding with a place and a remedy', () => {
    fc.assert(
      fc.property(graph, (program) => {
        for (const finding of lint(program)) {
          expect(finding.path).toMatch(/^(steps|signals)\.\d+/);
          expect(finding.message && finding.remedy).toBeTruthy();
        }
      }),
      { numRuns: 500 },
    );
  });

  it('has a round without a pause exactly when lint finds one', () => {
    fc.assert(
      fc.property(graph, (program) => {
        const finds = lint(program).some(({ code }) => code === 'cycleWithoutWait');
        expect(finds).toBe(hasHurriedRound(program));
      }),
      { numRuns: 1000 },
    );
  });
});

function garbageStep({
  key,
  type,
  to,
  otherTo,
}: {
  key: string;
  type: number;
  to?: string | undefined;
  otherTo?: string | undefined;
}): StepInput {
  const next = to === undefined ? {} : { next: to };
  if (type === 0) return text(key, 'x', next);
  if (type === 1) return { type: 'wait', key, for: otherTo ? { days: 1 } : { seconds: 1 }, ...next };
  if (type === 2) return { type: 'branch', key, cases: [{ when: { tag: 't' }, goTo: otherTo ?? key }], ...next };
  return askStep(
    key,
    { kind: 'yesNo' },
    { ...next, timeout: { after: { seconds: 30 }, ...(otherTo && { goTo: otherTo }) } },
  );
}

/** The plain way: from each step, follow every unhurried exit and see whether it comes back. */
function hasHurriedRound({ steps }: ProgramDefinition): boolean {
  // Of two steps of one key the first counts, as for the machine.
  const position = new Map(steps.map(({ key }, i): [string, number] => [key, i]).reverse());
  const exits = steps.map((step, i) =>
    kindOf(step)
      .exits(step)
      .filter(({ pause }) => pause === 'none')
      .flatMap(({ to }) => {
        const named = to ?? ('next' in step ? step.next : undefined);
        return named === undefined ? [i + 1] : (position.get(named) ?? []);
      }),
  );
  return steps.some((_, start) => {
    const seen = new Set<number>();
    const open = [...(exits[start] ?? [])];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (at === start) return true;
      if (!seen.has(at)) open.push(...(exits[at] ?? []));
      seen.add(at);
    }
    return false;
  });
}
