/** What a file of people says, row by row. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NewcomerRow, RowError } from '../../shared/domain/journeys/enrollment-imports.ts';
import { readNewcomers } from '../../shared/services/newcomers-csv.ts';

const nobody: NewcomerRow = { name: '', timeZone: null, language: null, externalId: null, tags: [], traits: {} };
const people = async (text: string) =>
  (await readNewcomers(text)).map((row) => ('newcomer' in row ? row.newcomer : row.errors));
const errorsOf = async (text: string): Promise<(RowError & { line: number })[]> =>
  (await readNewcomers(text)).flatMap((row) =>
    'errors' in row ? row.errors.map((error) => ({ line: row.line, ...error })) : [],
  );

describe('a file', () => {
  test('with every column is read', async () => {
    const header = 'name,timeZone,language,externalId,tags,trait.goal,trait.age,trait.vip';
    expect(await people(`${header}\nMira,Europe/Berlin,pt-BR,c-1,vip; spring;vip,sleep better,41,TRUE\n`)).toEqual([
      {
        ...{ name: 'Mira', timeZone: 'Europe/Berlin', language: 'pt-BR', externalId: 'c-1', tags: ['vip', 'spring'] },
        traits: { goal: 'sleep better', age: 41, vip: true },
      },
    ]);
  });

  test('of a spreadsheet is read: byte order mark, CRLF, semicolons, quotes, blank lines, header names in any case', async () => {
    const text = '\uFEFF"Name";TIMEZONE;Tags\r\n"Mira ""M"" Müller";;"a;b"\r\n\r\n;;\r\n Juno ;UTC;\r\n';
    expect(await people(text)).toEqual([
      { ...nobody, name: 'Mira "M" Müller', tags: ['a', 'b'] },
      { ...nobody, name: 'Juno', timeZone: 'UTC' },
    ]);
  });

  test.each([
    ['tabs', 'name\ttags\nMira\tvip\n'],
    ['no newline at its end', 'name,tags\nMira,vip'],
    ['a comma in a quoted header', 'name;tags;"trait.a"\nMira;vip;\n'],
    ['old Macintosh line ends', 'name,tags\rMira,vip\r'],
  ])('with %s is read', async (_, text) => {
    expect(await people(text)).toEqual([{ ...nobody, name: 'Mira', tags: ['vip'] }]);
  });

  test('keeps as text what is no number for sure', async () => {
    const [row] = await people('name,trait.a,trait.b,trait.c,trait.d\nMira,007,+49,12345678901234567890,-1.5\n');
    expect(row).toMatchObject({ traits: { a: '007', b: '+49', c: '12345678901234567890', d: -1.5 } });
  });

  test.each([
    ['', ''],
    ['tags\nvip\n', 'name'],
    ['name,e-mail\nMira,m@example.org\n', 'e-mail'],
    ['name,Name\nMira,Mira\n', 'Name'],
    ['name,trait.my goal\nMira,sleep\n', 'trait.my goal'],
    ['name\n"Mira\nJuno\n', 'line 3'],
    ['name\nM\uFFFDller\n', ''],
  ])('%j is refused as a whole', async (text, path) => {
    await expect(readNewcomers(text)).rejects.toMatchObject({ type: 'invalid', fields: [{ path }] });
  });

  test('of more than 50,000 rows is refused, and one of 50,000 is read in a second or two', async () => {
    const rows = (count: number) =>
      `name,timeZone,externalId\n${Array.from({ length: count }, (_, i) => `P,UTC,${i}\n`).join('')}`;
    expect(await readNewcomers(rows(50_000))).toHaveLength(50_000);
    await expect(readNewcomers(rows(50_001))).rejects.toMatchObject({ type: 'invalid' });
  });
});

describe('a row', () => {
  test.each([
    ['no name', 'name,tags\n,vip\n', 'name'],
    ['a name that is too long', `name\n${'x'.repeat(101)}\n`, 'name'],
    ['an unknown time zone', 'name,Timezone\nMira,Berlin\n', 'Timezone'],
    ['an unknown language', 'name,language\nMira,English please\n', 'language'],
    ['a tag that is none', 'name,tags\nMira,vip;!!\n', 'tags'],
    ['too many tags', `name,tags\nMira,"${Array.from({ length: 101 }, (_, i) => `t${i}`).join(';')}"\n`, 'tags'],
    ['a trait that is too long', `name,trait.goal\nMira,${'x'.repeat(2001)}\n`, 'trait.goal'],
    ['an externalId that is too long', `name,externalId\nMira,${'x'.repeat(201)}\n`, 'externalId'],
    ['too few columns', 'name,tags\nMira\n', null],
    ['too many columns', 'name,tags\nMira,vip,more\n', null],
  ])('with %s says so', async (_, text, column) => {
    expect(await errorsOf(text)).toEqual([{ line: 2, column, message: expect.any(String) }]);
  });

  test('with the externalId of an earlier one names that line', async () => {
    const errors = await errorsOf('name,externalId\nMira,a\nJuno,b\nMira again,a\n');
    expect(errors).toEqual([{ line: 4, column: 'externalId', message: 'Line 2 has the same one.' }]);
  });

  test('is found where it begins, also after rows of several lines and blank ones', async () => {
    expect(await errorsOf('name,tags\r\n"Mi\r\nra",vip\r\n\r\n,vip\r\nJuno,!\r\n')).toMatchObject([
      { line: 5, column: 'name' },
      { line: 6, column: 'tags' },
    ]);
  });
});

describe('whatever is written', () => {
  const word = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
    .filter((text) => /^[^\s\uFEFF].*\S$/.test(text) && !text.includes('\uFFFD'));
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

  test('comes back as it was', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ name: word, goal: word }), { minLength: 1, maxLength: 20 }),
        fc.constantFrom(',', ';', '\t'),
        fc.constantFrom('\n', '\r\n'),
        async (given, mark, end) => {
          const lines = given.map(({ name, goal }) => [quoted(name), quoted(`${goal}!`)].join(mark));
          const read = await people([['name', 'trait.goal'].join(mark), ...lines, ''].join(end));
          expect(read).toEqual(given.map(({ name, goal }) => ({ ...nobody, name, traits: { goal: `${goal}!` } })));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('is read or refused, and no row is both good and bad', async () => {
    const cell = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('', '"', ',', ';', 'UTC', 'a;b', 'true', '\n', '\r\n'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(cell, { maxLength: 4 }), { maxLength: 10 }), async (rows) => {
        const text = ['name,timeZone,externalId', ...rows.map((cells) => cells.join(','))].join('\n');
        const read = await readNewcomers(text).catch((error: { type?: string }) => {
          expect(error.type).toBe('invalid');
          return [];
        });
        for (const row of read)
          expect('errors' in row ? row.errors.length : row.newcomer.name.length).toBeGreaterThan(0);
        const lines = read.map(({ line }) => line);
        expect([...lines].sort((a, b) => a - b)).toEqual(lines);
        expect(new Set(lines).size).toBe(lines.length);
      }),
      { numRuns: 200 },
    );
  });
});
