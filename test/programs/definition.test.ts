import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fieldErrors } from '../../shared/contracts/field-errors.ts';
import { persona, programDefinition, simulateRequest } from '../../shared/contracts/programs.ts';

const base = { v: 1, title: 'Calm', steps: [{ type: 'goal', key: 'g', goal: 'x' }] };
const withStep = (step: object) => ({ ...base, steps: [step] });
const ask = (answer: object, rest = {}) => withStep({ type: 'ask', key: 'a', text: 'T?', answer, ...rest });

function problemsOf(sent: unknown): Record<string, string> {
  const parsed = programDefinition.safeParse(sent);
  const problems = parsed.success ? [] : fieldErrors(parsed.error);
  return Object.fromEntries(problems.map(({ path, message }) => [path, message]));
}

describe('a program definition', () => {
  it('is parsed with its defaults filled in', () => {
    expect(programDefinition.parse(base)).toMatchObject({ language: 'en', signals: [] });
    const parsed = programDefinition.parse(ask({ kind: 'text' }));
    expect(parsed.steps[0]).toMatchObject({ answer: { maxLength: 1000 } });
  });

  it.each<[string, unknown, string]>([
    ['another version', { ...base, v: 2 }, 'v'],
    ['an unknown field', { ...base, colour: 'red' }, 'colour'],
    ['an unknown field of a step', withStep({ type: 'goal', key: 'g', goal: 'x', colour: 'red' }), 'steps.0.colour'],
    ['an unknown kind of step', withStep({ type: 'dance', key: 'g' }), 'steps.0.type'],
    ['no kind at all', withStep({ key: 'g' }), 'steps.0.type'],
    ['no steps', { ...base, steps: [] }, 'steps'],
    ['too many steps', { ...base, steps: Array.from({ length: 501 }, () => base.steps[0]) }, 'steps'],
    ['a key that is none', withStep({ type: 'goal', key: 'Über', goal: 'x' }), 'steps.0.key'],
    ['a blank title', { ...base, title: ' ' }, 'title'],
    ['a language that is none', { ...base, language: 'English please' }, 'language'],
    ['a text too long', withStep({ type: 'message', key: 'm', text: 'x'.repeat(4097) }), 'steps.0.text'],
    [
      'a button of neither kind',
      withStep({ type: 'message', key: 'm', text: 'x', buttons: [{ label: 'L' }] }),
      'steps.0.buttons.0',
    ],
    [
      'a button to http',
      withStep({ type: 'message', key: 'm', text: 'x', buttons: [{ label: 'L', url: 'http://a.b' }] }),
      'steps.0.buttons.0.url',
    ],
    ['an answer of no kind', ask({ kind: 'guess' }), 'steps.0.answer.kind'],
    ['one option', ask({ kind: 'choice', options: [{ value: 'a', label: 'A' }] }), 'steps.0.answer.options'],
    ['an endless bound', ask({ kind: 'number', min: Number.POSITIVE_INFINITY }), 'steps.0.answer.min'],
    ['a timeout of nothing', ask({ kind: 'text' }, { timeout: { after: { hours: 0 } } }), 'steps.0.timeout.after'],
    ['a wait for nothing', withStep({ type: 'wait', key: 'w' }), 'steps.0'],
    [
      'a wait for two things',
      withStep({ type: 'wait', key: 'w', for: { days: 1 }, until: { time: '09:00' } }),
      'steps.0',
    ],
    ['a time that is none', withStep({ type: 'wait', key: 'w', until: { time: '24:00' } }), 'steps.0.until.time'],
    [
      'a weekday and a date',
      withStep({ type: 'wait', key: 'w', until: { time: '09:00', weekday: 'monday', date: '2026-01-01' } }),
      'steps.0.until',
    ],
    [
      'half a comparison',
      withStep({ type: 'branch', key: 'b', cases: [{ when: { answer: 'x' }, goTo: 'g' }] }),
      'steps.0.cases.0.when',
    ],
    [
      'two comparisons',
      withStep({ type: 'branch', key: 'b', cases: [{ when: { answer: 'x', gt: 1, lt: 2 }, goTo: 'g' }] }),
      'steps.0.cases.0.when',
    ],
    [
      'a comparison of a tag',
      withStep({ type: 'branch', key: 'b', cases: [{ when: { tag: 'x', eq: 1 }, goTo: 'g' }] }),
      'steps.0.cases.0.when',
    ],
    [
      'a deep unknown field',
      withStep({ type: 'branch', key: 'b', cases: [{ when: { not: { all: [{ tg: 'x' }] } }, goTo: 'g' }] }),
      'steps.0.cases.0.when.not.all.0.tg',
    ],
    ['a trait without a value', withStep({ type: 'set', key: 's', trait: 't' }), 'steps.0'],
    ['a trait and a tag', withStep({ type: 'set', key: 's', trait: 't', value: 1, tag: 'x' }), 'steps.0'],
    [
      'a trait name that breaks objects',
      withStep({ type: 'set', key: 's', trait: '__proto__', value: 1 }),
      'steps.0.trait',
    ],
    ['a webhook to a file', withStep({ type: 'callWebhook', key: 'c', url: 'file:///etc/passwd' }), 'steps.0.url'],
    [
      'a webhook of a minute',
      withStep({ type: 'callWebhook', key: 'c', url: 'https://a.b', timeoutSeconds: 60 }),
      'steps.0.timeoutSeconds',
    ],
    ['a next after the end', withStep({ type: 'finish', key: 'f', next: 'g' }), 'steps.0.next'],
    ['a reserved signal', { ...base, signals: [{ name: 'reply', payload: {} }] }, 'signals.0.name'],
    ['a payload of no kind', { ...base, signals: [{ name: 's', payload: { a: 'date' } }] }, 'signals.0.payload.a'],
    ['NUL in a text', withStep({ type: 'goal', key: 'g', goal: 'a\0' }), 'steps.0.goal'],
    ['half a character', withStep({ type: 'goal', key: 'g', goal: 'a\uD83D' }), 'steps.0.goal'],
    ['nothing', null, ''],
  ])('with %s is refused by its path', (_, sent, path) => {
    expect(Object.keys(problemsOf(sent))).toContain(path);
  });

  it('larger than 512 KiB is refused', () => {
    const step = (i: number) => ({ type: 'message', key: `m${i}`, text: 'é'.repeat(4000) });
    const sent = { ...base, steps: Array.from({ length: 70 }, (_, i) => step(i)) };
    expect(problemsOf(sent)).toEqual({ '': 'Larger than 512 KiB.' });
  });

  it('nested without end is refused, not followed', () => {
    let condition: object = { tag: 'x' };
    for (let depth = 0; depth < 50_000; depth++) condition = { not: condition };
    const problems = problemsOf(withStep({ type: 'branch', key: 'b', cases: [{ when: condition, goTo: 'g' }] }));
    expect(Object.values(problems)).toEqual(['Nested more than 40 deep.']);
  });

  it('conditions may be nested eight deep', () => {
    const nested = (depth: number): object => (depth === 0 ? { tag: 'x' } : { any: [nested(depth - 1)] });
    const branch = (depth: number) =>
      withStep({ type: 'branch', key: 'b', cases: [{ when: nested(depth), goTo: 'g' }] });
    expect(problemsOf(branch(8))).toEqual({});
    expect(problemsOf(branch(9))).toHaveProperty(['steps.0.cases.0.when']);
  });

  it('can be described in OpenAPI, its recursion by references', () => {
    const registry = new OpenAPIRegistry();
    const content = { 'application/json': { schema: simulateRequest } };
    registry.registerPath({ method: 'post', path: '/simulate', request: { body: { content } }, responses: {} });
    const { schemas = {} } = new OpenApiGeneratorV31(registry.definitions).generateComponents().components ?? {};
    expect(Object.keys(schemas).sort()).toEqual(['Condition', 'Persona', 'Population', 'ProgramDefinition', 'Step']);
    expect(JSON.stringify(schemas)).not.toContain('undefined');
    expect(schemas.ProgramDefinition).toMatchObject({ required: ['v', 'title', 'steps'] });
  });
});

describe('a persona', () => {
  const ana = { name: 'Ana', timeZone: 'Europe/Lisbon', startAt: '2026-03-02T08:00:00Z' };

  it.each<[object, string]>([
    [{ timeZone: '+01:00' }, 'timeZone'],
    [{ startAt: '2026-03-02' }, 'startAt'],
    [{ policy: 'moody' }, 'policy'],
    [{ answers: { A: 1 } }, 'answers.A'],
    [{ webhookResults: { w: { ok: true } } }, 'webhookResults.w.ok'],
    [{ pauses: [{ after: { days: 1 } }] }, 'pauses.0.for'],
  ])('with %j is refused', (wrong, path) => {
    const parsed = persona.safeParse({ ...ana, ...wrong });
    expect(parsed.success ? [] : fieldErrors(parsed.error).map((problem) => problem.path)).toContain(path);
  });

  it('needs no more than a name, a zone and a start', () => {
    expect(persona.parse(ana)).toEqual(ana);
  });

  it('a simulation takes a definition or a version, and 100 personas at most', () => {
    const many = Array.from({ length: 101 }, () => ana);
    expect(simulateRequest.safeParse({ personas: many }).success).toBe(false);
    expect(simulateRequest.safeParse({ personas: [ana], definition: base, version: 1 }).success).toBe(false);
    expect(simulateRequest.safeParse({ personas: [ana], definition: base }).success).toBe(true);
  });
});

it('z.toJSONSchema can describe a definition for editors', () => {
  expect(z.toJSONSchema(programDefinition, { io: 'input' })).toHaveProperty('$defs');
});
