/** What the corpus of lint is made of: programs as creators write them, and what is to be found in each. */
import type { ProgramDefinitionInput } from '../../../shared/contracts/programs.ts';
import type { Finding } from '../../../shared/domain/journeys/lint/findings.ts';
import type { StepInput } from '../../support/programs.ts';

export type Expected = Pick<Finding, 'code' | 'severity' | 'stepKey'>;

export interface LintCase {
  name: string;
  definition: ProgramDefinitionInput;
  /** Everything that is found, no more and no less. */
  expect: Expected[];
}

type Rest = Partial<ProgramDefinitionInput>;

/** A program with something wrong; `expect` is written as `error unknownStep welcome`, or without a key where it is about no step. */
export const bad = (name: string, steps: StepInput[], expect: string[], rest: Rest = {}): LintCase => ({
  name,
  definition: { v: 1, title: name, steps, ...rest },
  expect: expect.map(expected),
});

export const good = (name: string, steps: StepInput[], rest: Rest = {}): LintCase => bad(name, steps, [], rest);

function expected(written: string): Expected {
  const [severity, code = '', stepKey = null] = written.split(' ');
  return { code, severity: severity === 'error' ? 'error' : 'warning', stepKey };
}

export const end: StepInput = { type: 'finish', key: 'end' };

export const says = (key: string, text: string, rest = {}): StepInput => ({ type: 'message', key, text, ...rest });

/** By yes or no, a day long, unless `rest` says otherwise. */
export const asks = (key: string, text: string, rest = {}): StepInput => ({
  ...{ type: 'ask', key, text, answer: { kind: 'yesNo' }, timeout: { after: { days: 1 } } },
  ...rest,
});

export const waits = (key: string, length: object, rest = {}): StepInput => ({
  type: 'wait',
  key,
  for: length,
  ...rest,
});

export const waitsUntil = (key: string, date: string, rest = {}): StepInput => ({
  ...{ type: 'wait', key, until: { time: '09:00', date } },
  ...rest,
});

export const goesTo = (key: string, when: object, goTo: string, rest = {}): StepInput => ({
  ...{ type: 'branch', key, cases: [{ when, goTo }] },
  ...rest,
});

export const checksIn = (key: string, habit: string, text: string, rest = {}): StepInput => ({
  ...{ type: 'checkin', key, habit, text, timeout: { after: { hours: 12 } } },
  ...rest,
});
