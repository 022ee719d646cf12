import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { programDefinition } from '../../shared/contracts/programs.ts';
import { lint } from '../../shared/domain/journeys/lint/lint.ts';
import type { Expected, LintCase } from './corpus/case.ts';
import { faulty, sound } from './corpus/index.ts';

const found = ({ definition }: LintCase): Expected[] =>
  lint(programDefinition.parse(definition)).map(({ code, severity, stepKey }) => ({ code, severity, stepKey }));

const inOrder = (findings: Expected[]) => findings.map((one) => JSON.stringify(Object.entries(one).sort())).sort();

describe('the corpus', () => {
  it.each(faulty.map((one) => [one.name, one] as const))('%s', (_, one) => {
    expect(inOrder(found(one))).toEqual(inOrder(one.expect));
  });

  it.each(sound.map((one) => [one.name, one] as const))('nothing to find: %s', (_, one) => {
    expect(lint(programDefinition.parse(one.definition))).toEqual([]);
  });

  it('is large enough, and no two programs have one name', () => {
    expect(faulty.length).toBeGreaterThanOrEqual(80);
    expect(sound.length).toBeGreaterThanOrEqual(20);
    const names = [...faulty, ...sound].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('has an example of every code in docs/lint.md, each of the severity that it says, and of no other', () => {
    const page = readFileSync(new URL('../../docs/lint.md', import.meta.url), 'utf8');
    const written = [...page.matchAll(/^\| `(\w+)` +\| (error|warning) /gm)].map(
      ([, code, severity]) => `${severity} ${code}`,
    );
    const inCorpus = faulty.flatMap((one) => one.expect.map(({ code, severity }) => `${severity} ${code}`));
    expect(written.toSorted()).toEqual([...new Set(inCorpus)].sort());
  });
});
