import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatLocal, resolveWait } from '../../shared/calendar/local-time.ts';
import type { ProgramDefinition } from '../../shared/domain/journeys/definition.ts';
import {
  normalTranscript,
  TRACE_LIMITS,
  traceDifference,
  transcriptText,
} from '../../shared/domain/journeys/simulate/golden-trace.ts';
import type { Persona } from '../../shared/domain/journeys/simulate/persona.ts';
import { simulate } from '../../shared/domain/journeys/simulate/simulate.ts';
import { askStep, cleanProgram, programOf } from '../support/programs.ts';

const mira: Persona = { name: 'Mira', timeZone: 'Europe/Berlin', startAt: '2026-03-28T08:00:30Z' };
const textOf = (program: ProgramDefinition, persona = mira) =>
  transcriptText(simulate(program, persona, { resolveWait, formatLocal }, TRACE_LIMITS));

describe('a transcript as text', () => {
  it('has one line for each thing said, with seconds where they are not zero, and indents further lines', () => {
    const buttons = [
      { label: 'Good', value: 'good' },
      { label: 'Read', url: 'https://example.org' },
    ];
    const program = programOf([
      { type: 'message', key: 'hello', text: 'Hello {{coachee.name}}!  \n\nHow are you?', buttons },
      { type: 'wait', key: 'rest', until: { time: '09:00' } },
      askStep('mood', { kind: 'yesNo' }),
    ]);
    expect(textOf(program)).toBe(`Sat 2026-03-28T09:00:30 program/hello: Hello Mira!

    How are you? [Good] [Read -> https://example.org]
Sat 2026-03-28T09:00:30 event/rest: Waits until Sun 2026-03-29T09:00:00+02:00.
Sun 2026-03-29T09:00 program/mood: What of mood? [Yes] [No]
Sun 2026-03-29T09:01 coachee/mood: Yes
Sun 2026-03-29T09:01 event/mood: The journey ended: completed.
=> finished: completed
`);
  });

  it('says what cut it short', () => {
    const endless = programOf([
      { type: 'message', key: 'a', text: 'A' },
      { type: 'wait', key: 'b', for: { minutes: 1 }, next: 'a' },
    ]);
    expect(textOf(endless)).toMatch(/\n=> truncated: entries\n$/);
  });

  it('of any program is the same each time, and equal to what an editor makes of it', () => {
    fc.assert(
      fc.property(cleanProgram, (program) => {
        const text = textOf(program);
        expect(normalTranscript(text)).toBe(text);
        expect(traceDifference(text, textOf(program))).toBeNull();
        expect(traceDifference(text, `${text.replaceAll('\n', ' \r\n')}\n\n`)).toBeNull();
      }),
      { numRuns: 50 },
    );
  });
});

describe('a difference', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 5 }).map((list) => ['top', ...list]);

  it('names the first line that differs, and holds both sides', () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const difference = traceDifference(before.join('\n'), after.join('\n'));
        const first = [...before, '', ...after].findIndex((_, i) => before[i] !== after[i]);
        if (difference === null) {
          expect(before).toEqual(after);
          return;
        }
        expect(difference).toMatchObject({ line: first + 1, expected: before[first] ?? null });
        expect(difference.actual).toBe(after[first] ?? null);
        const shown = difference.diff.split('\n');
        const side = (mark: string) => shown.filter((line) => line.startsWith(mark)).map((line) => line.slice(2));
        const count = (list: string[], line: string) => list.filter((one) => one === line).length;
        for (const line of ['a', 'b', 'c', 'd']) {
          expect(count(side('+ '), line) - count(side('- '), line)).toBe(count(after, line) - count(before, line));
        }
      }),
    );
  });

  it('shows what stands around it, and leaves the rest out', () => {
    const before = Array.from({ length: 20 }, (_, i) => `line ${i}`);
    const after = before.with(10, 'another');
    expect(traceDifference(before.join('\n'), after.join('\n'))?.diff.split('\n')).toEqual([
      ...['  line 8', '  line 9', '- line 10', '+ another', '  line 11', '  line 12', '…'],
    ]);
  });
});
