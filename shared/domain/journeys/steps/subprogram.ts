/**
 * Lives another program (by slug, its newest version) before it goes on: as a journey of its own beside this one, with its own timeline. A coachee who
 * lives in that program already, or may not enter it again, goes on at once.
 */
import { z } from 'zod';
import { hyphenatedName, stepFields } from './fields.ts';
import { type Exit, type StepFinding, stepKind } from './kind.ts';

const schema = z.strictObject({
  type: z.literal('subprogram'),
  ...stepFields,
  /** Its slug. */
  program: hyphenatedName,
});

/** What lies between is up to the other program. */
const goesOnAfterwards: Exit = {
  ...{ to: null, path: ['next'], pause: 'none' },
  lasts: { least: 0, most: Number.POSITIVE_INFINITY },
};

export const subprogram = stepKind({
  schema,
  enter: ({ program }) => ({ move: 'runSubprogram', program }),
  on({ program }, event) {
    if (event.type === 'subprogramStarted') {
      if (event.ok) {
        const changes = [{ record: 'subprogramBegun' as const, detail: { program } }];
        return { move: 'hold', of: 'subprogram', timeout: null, changes };
      }
      const why = event.reason ?? 'No reason was given.';
      return { move: 'goOn', changes: [{ record: 'subprogramRefused', detail: { program, why } }] };
    }
    if (event.type !== 'subprogramEnded') return null;
    const { status, outcome } = event;
    return {
      move: 'goOn',
      changes: [{ result: { status, outcome } }, { record: 'subprogramEnded', detail: { program, status, outcome } }],
    };
  },
  exits: () => [goesOnAfterwards],
  gives: () => 'result',
  resultFields: ['status', 'outcome'],
  check: ({ program }, { slug }) => (program === slug ? [ofItself] : []),
});

const ofItself: StepFinding = {
  code: 'subprogramOfItself',
  severity: 'error',
  path: ['program'],
  message: 'The program would begin itself, and whoever lives in it is not let in again.',
  remedy: 'Name another program, or use a repeat.',
};
