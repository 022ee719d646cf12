import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProgramDefinition } from '../../shared/domain/journeys/definition.ts';
import { diffDefinitions } from '../../shared/domain/journeys/diff/diff.ts';
import { cleanProgram, programOf, type StepInput } from '../support/programs.ts';

const message = (key: string, text = `Text of ${key}`): StepInput => ({ type: 'message', key, text });
const letters = (keys: string) => [...keys].map((key) => message(key));
const kindsAndPaths = (before: ProgramDefinition, after: ProgramDefinition) =>
  diffDefinitions(before, after).map(({ kind, path }) => `${kind} ${path}`);

describe('the difference of two definitions', () => {
  it('is nothing between a definition and itself, whatever the order of its fields', () => {
    const reordered = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reordered);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([name, field]) => [name, reordered(field)]),
      );
    };
    fc.assert(
      fc.property(cleanProgram, (program) => {
        expect(diffDefinitions(program, structuredClone(program))).toEqual([]);
        expect(diffDefinitions(program, reordered(program) as ProgramDefinition)).toEqual([]);
      }),
    );
  });

  it('of an added step is that step alone: those behind it have not moved', () => {
    expect(kindsAndPaths(programOf(letters('abcd')), programOf(letters('axbcd')))).toEqual(['added steps.x']);
  });

  it('of a moved step is that step alone', () => {
    const [change, ...more] = diffDefinitions(programOf(letters('abcde')), programOf(letters('bcdae')));
    expect(more).toEqual([]);
    expect(change).toEqual({
      ...{ kind: 'moved', stepKey: 'a', path: 'steps.a', before: null, after: 'd' },
      summary: 'Step "a" was moved: it stands behind "d" now.',
    });
  });

  it('goes down to the field that differs, and says it in words', () => {
    const ask = (max: number): StepInput => ({
      ...{ type: 'ask', key: 'mood', text: 'How?', answer: { kind: 'number', min: 1, max } },
    });
    const [change, ...more] = diffDefinitions(programOf([ask(5)]), programOf([ask(10)]));
    expect(more).toEqual([]);
    expect(change).toMatchObject({ kind: 'changed', stepKey: 'mood', path: 'steps.mood.answer.max', before: 5 });
    expect(change?.summary).toBe('Step "mood": answer.max is now 10 (it was 5).');
  });

  it('of a step that became another kind is the step', () => {
    const after = programOf([{ type: 'wait', key: 'a', for: { days: 1 } }]);
    const [change, ...more] = diffDefinitions(programOf(letters('a')), after);
    expect(more).toEqual([]);
    expect(change?.summary).toBe('Step "a" is now of the kind wait (it was of the kind message).');
  });

  it('matches buttons by value, and conditions by what they say', () => {
    const buttons = (...values: string[]) => values.map((value) => ({ value, label: value.toUpperCase() }));
    const before = programOf([{ ...message('a'), buttons: buttons('x', 'y') } as StepInput]);
    const after = programOf([{ ...message('a'), buttons: buttons('new', 'x', 'y') } as StepInput]);
    expect(kindsAndPaths(before, after)).toEqual(['added steps.a.buttons.new']);
    const branch = (...tags: string[]): StepInput => ({
      ...{ type: 'branch', key: 'b', cases: tags.map((tag) => ({ when: { tag }, goTo: 'b' })) },
    });
    expect(kindsAndPaths(programOf([branch('p', 'q')]), programOf([branch('n', 'p', 'q')]))).toEqual([
      'added steps.b.cases.0',
    ]);
    expect(kindsAndPaths(programOf([branch('p', 'q')]), programOf([branch('p', 'r')]))).toEqual([
      'changed steps.b.cases.1.when.tag',
    ]);
  });

  it('sees what stands outside the steps', () => {
    const before = programOf(letters('a'), { signals: [{ name: 'paid', payload: { amount: 'number' } }] });
    const after = programOf(letters('a'), {
      title: 'Another',
      language: 'de',
      slug: 'calm',
      channels: ['web'],
      translations: { fr: { 'a.text': 'Bonjour' } },
      enrollment: { reentry: 'never' },
      goals: [{ goal: 'Paid', when: { signal: 'paid.amount', exists: true } }],
      exits: [{ when: { tag: 'gone' }, outcome: 'left' }],
      signals: [{ name: 'paid', payload: { amount: 'text' } }],
    });
    expect(kindsAndPaths(before, after)).toEqual([
      ...['added channels', 'added enrollment', 'added exits', 'added goals', 'changed language'],
      ...['changed signals.paid.payload.amount', 'added slug', 'changed title', 'added translations'],
    ]);
  });

  it('bears two steps of one key, which a draft may have', () => {
    const twice = programOf([message('a', 'One'), message('a', 'Two')]);
    expect(diffDefinitions(twice, twice)).toEqual([]);
    const changed = programOf([message('a', 'One'), message('a', 'Three')]);
    expect(kindsAndPaths(twice, changed)).toEqual(['changed steps.a#2.text']);
  });
});

interface Edit {
  edited: ProgramDefinition;
  expected: { kind: string; path: string };
}

/** One edit of a program, and the one change that it is. */
const edits: Record<string, (program: ProgramDefinition, at: number) => Edit> = {
  name: (program, at) => {
    const steps = program.steps.map((step, i) => (i === at ? { ...step, name: 'Renamed' } : step));
    return { edited: { ...program, steps }, expected: { kind: 'added', path: `steps.${program.steps[at]?.key}.name` } };
  },
  insert: (program, at) => {
    const steps = program.steps.toSpliced(at, 0, { type: 'goal', key: 'brand-new', goal: 'x' });
    return { edited: { ...program, steps }, expected: { kind: 'added', path: 'steps.brand-new' } };
  },
  remove: (program, at) => {
    const path = `steps.${program.steps[at]?.key}`;
    return { edited: { ...program, steps: program.steps.toSpliced(at, 1) }, expected: { kind: 'removed', path } };
  },
  title: (program) => ({
    ...{ edited: { ...program, title: `${program.title}!` }, expected: { kind: 'changed', path: 'title' } },
  }),
};

describe('every single edit', () => {
  it.each(Object.entries(edits))('%s is found, and nothing else', (_, edit) => {
    fc.assert(
      fc.property(cleanProgram, fc.nat(), (program, pick) => {
        const { edited, expected } = edit(program, pick % program.steps.length);
        expect(diffDefinitions(program, edited)).toMatchObject([expected]);
      }),
    );
  });

  it('of the order is told as moves of as few steps as there can be', () => {
    fc.assert(
      fc.property(cleanProgram, fc.nat(), fc.nat(), (program, from, to) => {
        const { length } = program.steps;
        const [moved] = program.steps.slice(from % length);
        const steps = program.steps.toSpliced(from % length, 1).toSpliced(to % length, 0, ...(moved ? [moved] : []));
        const changes = diffDefinitions(program, { ...program, steps });
        expect(changes.every(({ kind }) => kind === 'moved')).toBe(true);
        expect(changes).toHaveLength(from % length === to % length ? 0 : 1);
      }),
    );
  });

  it('and its opposite are each other’s mirror', () => {
    const opposite: Record<string, string> = { added: 'removed', removed: 'added', moved: 'moved', changed: 'changed' };
    fc.assert(
      fc.property(cleanProgram, cleanProgram, (a, b) => {
        const there = diffDefinitions(a, b).map(({ kind }) => opposite[kind]);
        const back = diffDefinitions(b, a).map(({ kind }) => kind);
        expect(there.toSorted()).toEqual(back.toSorted());
      }),
    );
  });
});
