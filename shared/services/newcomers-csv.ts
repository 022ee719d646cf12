/** Reads people from a CSV file (RFC 4180, and what spreadsheets make of it): who is to come in by each row, or what is wrong with it. */
import { Readable } from 'node:stream';
import { setImmediate as breathe } from 'node:timers/promises';
import { CsvError, parse } from 'csv-parse';
import { coacheeName, externalId, timeZone } from '../contracts/journeys.ts';
import { languageTag } from '../contracts/program-definition.ts';
import type { NewcomerRow, ReadRow, RowError } from '../domain/journeys/enrollment-imports.ts';
import type { FactValue } from '../domain/journeys/state.ts';
import { factValue, tagName, variableName } from '../domain/journeys/steps/fields.ts';
import { type FieldError, invalid } from '../errors.ts';

export const MOST_ROWS = 50_000;
const MOST_TAGS = 100;
const MOST_TRAITS = 100;
/** So much is parsed before others have their turn. */
const SLICE_BYTES = 64 * 1024;

const COLUMNS = ['name', 'timeZone', 'language', 'externalId', 'tags'] as const;
type Column = (typeof COLUMNS)[number] | { trait: string };

/** A column with its name as the file has it. */
interface Header {
  column: Column;
  title: string;
}

/**
 * Reads a file's rows, blank ones left out. The separator is the one of `,` `;` and tab that the header has most of.
 * @throws CairnError `invalid` where the file as a whole cannot be read: its header, a quote that does not end, too many rows, an encoding that is not UTF-8.
 */
export const readNewcomers = async (text: string): Promise<ReadRow[]> => {
  if (text.includes('\uFFFD'))
    throw unreadable('', 'This file is not UTF-8. In a spreadsheet, save it as “CSV UTF-8”.');
  let headers: Header[] | null = null;
  const rows: ReadRow[] = [];
  const check = rowCheck();
  for await (const { line, cells } of records(text.replaceAll(/\r\n?/g, '\n'))) {
    if (headers === null) headers = readHeader(cells);
    else if (rows.length === MOST_ROWS) throw unreadable('', `At most ${MOST_ROWS} rows: split the file.`);
    else rows.push(check(headers, cells, line));
  }
  if (headers === null) throw unreadable('', 'This file is empty.');
  return rows;
};

const unreadable = (path: string, message: string) => invalid('This file cannot be read.', [{ path, message }]);

/** The records of a text whose lines end with LF, each with the line on which it begins. */
async function* records(text: string): AsyncGenerator<{ line: number; cells: string[] }> {
  const parser = Readable.from(slices(Buffer.from(text))).pipe(
    parse({
      ...{ bom: true, delimiter: delimiterOf(text), info: true, relax_column_count: true, relax_quotes: true },
      ...{ skip_empty_lines: true, skip_records_with_empty_values: true },
    }),
  );
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      const within = record.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0);
      yield { line: info.lines - within, cells: record.map((cell) => cell.trim()) };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw unreadable(`line ${(error as CsvError & { lines?: number }).lines ?? 1}`, error.message);
  }
}

async function* slices(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let from = 0; from < bytes.length; from += SLICE_BYTES) {
    yield bytes.subarray(from, from + SLICE_BYTES);
    await breathe();
  }
}

const delimiterOf = (text: string): string => {
  const [header = ''] = text
    .trimStart()
    .replaceAll(/"[^"]*"/g, '')
    .split('\n', 1);
  const countOf = (mark: string) => header.split(mark).length;
  return [',', ';', '\t'].reduce((best, mark) => (countOf(mark) > countOf(best) ? mark : best));
};

/** Reads the first row. Throws as `readNewcomers`, with every column that does not fit. */
const readHeader = (titles: string[]): Header[] => {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  const headers = titles.flatMap((title) => {
    const column = columnOf(title);
    if (column === null) errors.push({ path: title, message: 'This column is not known here.' });
    if (seen.has(title.toLowerCase())) errors.push({ path: title, message: 'This column is there twice.' });
    seen.add(title.toLowerCase());
    return column === null ? [] : [{ column, title }];
  });
  if (!seen.has('name')) errors.push({ path: 'name', message: 'This column is missing.' });
  if (headers.length > COLUMNS.length + MOST_TRAITS)
    errors.push({ path: '', message: `At most ${MOST_TRAITS} traits.` });
  if (errors.length > 0) throw invalid('The columns do not fit.', errors.slice(0, 100));
  return headers;
};

const TRAIT = /^trait\.(.*)$/i;

const columnOf = (title: string): Column | null => {
  const known = COLUMNS.find((one) => one.toLowerCase() === title.toLowerCase());
  if (known) return known;
  const [, trait = ''] = TRAIT.exec(title) ?? [];
  return variableName.safeParse(trait).success ? { trait } : null;
};

type Check = (headers: Header[], cells: string[], line: number) => ReadRow;

/** Checks rows one after the other, and that no two have the same externalId. */
const rowCheck = (): Check => {
  const lineOf = new Map<string, number>();
  const read = { timeZone: remembered(timeZone), language: remembered(languageTag) };
  return (headers, cells, line) => {
    const errors: RowError[] = [];
    if (cells.length !== headers.length) {
      const message = `This row has ${cells.length} columns instead of ${headers.length}.`;
      return { line, errors: [{ column: null, message }] };
    }
    const newcomer: NewcomerRow = { name: '', timeZone: null, language: null, externalId: null, tags: [], traits: {} };
    for (const [index, { column, title }] of headers.entries()) {
      const problem = takeCell(newcomer, column, cells[index] ?? '', read);
      if (problem !== null) errors.push({ column: title, message: problem });
    }
    const earlier = newcomer.externalId === null ? undefined : lineOf.get(newcomer.externalId);
    if (earlier !== undefined) errors.push({ column: 'externalId', message: `Line ${earlier} has the same one.` });
    else if (newcomer.externalId !== null) lineOf.set(newcomer.externalId, line);
    return errors.length > 0 ? { line, errors } : { line, newcomer };
  };
};

interface Reader {
  safeParse(text: string): { success: boolean; error?: { issues: { message: string }[] } | undefined };
}

type Readers = Record<'timeZone' | 'language', (text: string) => string | null>;

/** What is wrong with a text, or null. */
const problemOf = (reader: Reader, text: string): string | null => {
  const { success, error } = reader.safeParse(text);
  return success ? null : (error?.issues[0]?.message ?? 'This does not fit.');
};

/** As `problemOf`, each text looked at once: the same few stand in all rows, and looking a time zone up is slow. */
const remembered = (reader: Reader) => {
  const known = new Map<string, string | null>();
  return (text: string): string | null => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const problem = problemOf(reader, text);
    known.set(text, problem);
    return problem;
  };
};

/** Puts a cell where it belongs; gives what is wrong with it, or null. An empty one says nothing. */
const takeCell = (newcomer: NewcomerRow, column: Column, text: string, read: Readers): string | null => {
  if (column === 'name') {
    newcomer.name = text;
    return text === '' ? 'A name is needed.' : problemOf(coacheeName, text);
  }
  if (text === '') return null;
  if (typeof column === 'object') {
    newcomer.traits[column.trait] = factIn(text);
    return problemOf(factValue, text);
  }
  if (column === 'tags') return takeTags(newcomer, text);
  newcomer[column] = text;
  return column === 'externalId' ? problemOf(externalId, text) : read[column](text);
};

const takeTags = (newcomer: NewcomerRow, text: string): string | null => {
  const tags = text.split(';').map((tag) => tag.trim());
  newcomer.tags = [...new Set(tags.filter((tag) => tag !== ''))];
  if (newcomer.tags.length > MOST_TAGS) return `At most ${MOST_TAGS} tags.`;
  for (const tag of newcomer.tags) {
    const problem = problemOf(tagName, tag);
    if (problem !== null) return `${tag.slice(0, 50)}: ${problem}`;
  }
  return null;
};

/** Digits that a number keeps exactly; `007` and `+49` are texts. */
const NUMBER = /^-?(0|[1-9]\d{0,14})(\.\d{1,6})?$/;

/** `true`, `false` and numbers are what they look like, all else is text. */
const factIn = (text: string): FactValue => {
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  return NUMBER.test(text) ? Number(text) : text;
};
