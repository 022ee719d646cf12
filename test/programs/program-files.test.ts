import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FileFormat, toProgramFile } from '../../shared/contracts/program-files.ts';
import { programDefinition } from '../../shared/contracts/programs.ts';
import { editYaml, parseYaml, toYaml, YamlError } from '../../shared/contracts/yaml.ts';
import type { ProgramDefinition } from '../../shared/domain/journeys/definition.ts';
import { cleanProgram, programOf } from '../support/programs.ts';

const readBack = (text: string, format: FileFormat): ProgramDefinition =>
  programDefinition.parse(format === 'json' ? JSON.parse(text) : parseYaml(text).value);

/** As Postgres's jsonb gives it back: shorter keys first, then by their bytes. */
const asJsonb = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(asJsonb);
  if (typeof value !== 'object' || value === null) return value;
  const byLength = ([a]: [string, unknown], [b]: [string, unknown]) => a.length - b.length || (a < b ? -1 : 1);
  return Object.fromEntries(
    Object.entries(value)
      .sort(byLength)
      .map(([name, field]) => [name, asJsonb(field)]),
  );
};

/** Texts that a careless writer would not bring through. */
const awkward = fc
  .oneof(
    fc.constantFrom(
      ...[
        'yes',
        'no',
        'null',
        '~',
        '1e3',
        '0x1f',
        '09:00',
        '2026-03-02',
        '---',
        '...',
        '# no comment',
        '- item',
        'a: b',
      ],
      ...[
        ' leading',
        'trailing ',
        'two\nlines',
        'ends\n',
        'ends twice\n\n',
        '\nbegins',
        'spaces  \nwithin',
        'x\n  ',
        '  \n',
      ],
      ...[
        '\ttab\nbed',
        'a\n\tb',
        'a\r\nb',
        'a\rb',
        '---\nx',
        'a\n---\nb',
        '...\nx',
        '# x\ny',
        '%x\ny',
        '😀\n👩‍👩‍👧',
        'é\u0301',
      ],
      ...[
        'a\u2028b\nc',
        'a\u0085b\nc',
        'a\u0007b\nc',
        '\ufeffa\nb',
        '<<',
        '&a',
        '*a',
        '!x',
        '"',
        "'",
        '{{traits.x|y}}',
        '[x',
      ],
    ),
    fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' }),
    fc.stringMatching(/^[ \t\n\r#:\-a"'\\]{1,20}$/),
  )
  .filter((text) => !text.includes('\0') && text.isWellFormed());

const awkwardProgram = fc
  .tuple(cleanProgram, awkward, awkward, fc.dictionary(fc.stringMatching(/^[a-z0-9_.: -]{1,8}$/), awkward))
  .map(([program, text, label, body]) => ({
    ...program,
    translations: { pt: { 'b.text': text, 'a.text': label }, de: { 'a.text': text } },
    steps: [
      ...program.steps,
      ...programOf([
        { type: 'message', key: 'awkward', text, name: 'A text that is not easy' },
        {
          type: 'callWebhook',
          key: 'hook',
          url: 'https://example.org',
          body: { ...body, zero: -0, tiny: 1e-7, big: 1e21 },
        },
      ]).steps,
    ],
  }));

describe.each<FileFormat>(['json', 'yaml'])('a program as %s', (format) => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(awkwardProgram, (program) => {
        expect(readBack(toProgramFile(program, format), format)).toEqual(JSON.parse(JSON.stringify(program)));
      }),
    );
  });

  it('has the same bytes after writing, reading and writing again, also by way of the other format and of Postgres', () => {
    const other = format === 'json' ? 'yaml' : 'json';
    fc.assert(
      fc.property(awkwardProgram, (program) => {
        const text = toProgramFile(program, format);
        const again = readBack(text, format);
        expect(toProgramFile(again, format)).toBe(text);
        expect(toProgramFile(asJsonb(again) as ProgramDefinition, format)).toBe(text);
        expect(toProgramFile(readBack(toProgramFile(again, other), other), format)).toBe(text);
      }),
    );
  });
});

describe('a program as YAML', () => {
  it('has its fields in the schema’s order and its texts in lines', () => {
    const program = programOf([
      {
        text: 'Good morning!\n\nHow are you?',
        key: 'hello',
        type: 'message',
        buttons: [{ value: 'yes', label: 'Yes' }],
      },
      { type: 'wait', until: { time: '09:00' }, key: 'rest' },
    ]);
    expect(toProgramFile(asJsonb(program) as ProgramDefinition, 'yaml')).toBe(`v: 1
title: A test program
language: en
signals: []
steps:
  - type: message
    key: hello
    text: |-
      Good morning!

      How are you?
    buttons:
      - label: "Yes"
        value: "yes"
    late: merge
  - type: wait
    key: rest
    until:
      time: "09:00"
`);
  });

  it.each<[string, string, number, number]>([
    ['a bad indentation', 'v: 1\n steps: 2\n', 1, 4],
    ['a key that stands twice', 'v: 1\ntitle: A\ntitle: B\n', 3, 1],
    ['an alias of nothing', 'v: 1\ntitle: *nobody\n', 2, 8],
    ['a list as a key', 'v: 1\n? [a]\n: b\n', 2, 3],
    ['an unclosed quote', 'v: 1\ntitle: "A\n', 3, 1],
    ['two documents', 'v: 1\n---\nv: 1\n', 2, 1],
  ])('is refused with its place for %s', (_, text, line, column) => {
    const failure = (() => {
      try {
        return parseYaml(text);
      } catch (error) {
        return error as YamlError;
      }
    })();
    expect(failure).toBeInstanceOf(YamlError);
    expect(failure).toMatchObject({ position: { line, column } });
  });

  it('is refused when its aliases are a bomb', () => {
    const names = [...'abcdefghi'];
    const lines = names.map(
      (name, i) =>
        `${name}: &${name} [${Array(9)
          .fill(i ? `*${names[i - 1]}` : 'x')
          .join()}]`,
    );
    expect(() => parseYaml(lines.join('\n'))).toThrow(/aliases/);
    expect(programDefinition.safeParse(parseYaml('a: &a [*a]').value).success).toBe(false);
  });

  it('many keys or deep nesting take no more than a moment', () => {
    const began = performance.now();
    parseYaml(Array.from({ length: 20_000 }, (_, i) => `k${i}: v`).join('\n'));
    expect(() => parseYaml('['.repeat(100_000))).toThrow(YamlError);
    expect(performance.now() - began).toBeLessThan(5000);
  });

  it('tells where a field stands', () => {
    const { positionOf } = parseYaml(
      'v: 1\nsteps:\n  - key: a\n    text: x\n  - key: b\n    answer:\n      kind: text\n',
    );
    expect(positionOf(['steps', 0, 'text'])).toEqual({ line: 4, column: 5 });
    expect(positionOf(['steps', 1])).toEqual({ line: 5, column: 5 });
    expect(positionOf(['steps', 1, 'answer', 'kind'])).toEqual({ line: 7, column: 7 });
    expect(positionOf(['steps', 1, 'nothing'])).toEqual({ line: 5, column: 5 });
  });
});

it('an edit of YAML keeps comments', () => {
  const text = '# mine\na:\n  b: old # why\n';
  expect(editYaml(text, [{ path: ['a', 'b'], value: 'x\ny\n' }])).toContain('# mine\na:\n  b: |\n');
  expect(parseYaml(editYaml(text, [{ path: ['a', 'c'], value: 'x\ny\n' }])).value).toEqual({
    a: { b: 'old', c: 'x\ny\n' },
  });
});

it('any JSON is the same in YAML', () => {
  fc.assert(
    fc.property(fc.jsonValue({ depthSize: 'small' }), (value) => {
      const keys = JSON.stringify(value).includes('"__proto__"');
      if (!keys) expect(parseYaml(toYaml(value)).value).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
