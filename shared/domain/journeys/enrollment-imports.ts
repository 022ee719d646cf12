/** People who come in by a file. */
import type { FactValue } from './state.ts';

/** Who is to come in by one row of a file. */
export interface NewcomerRow {
  name: string;
  /** IANA name; null where the file does not say. */
  timeZone: string | null;
  /** BCP 47. */
  language: string | null;
  /** What the creator's own systems call them: a coachee who has it is known. */
  externalId: string | null;
  tags: string[];
  traits: Record<string, FactValue>;
}

/** What is wrong with a row; `column` as the file's header names it, null where it is about the row as a whole. */
export interface RowError {
  column: string | null;
  message: string;
}

/** A row as it was read: whoever is to come in, or what is wrong. `line` is where it begins, the header being line 1. */
export type ReadRow = { line: number; newcomer: NewcomerRow } | { line: number; errors: RowError[] };

export const IMPORT_STATUSES = ['waiting', 'running', 'finished', 'cancelled'] as const;
export type ImportStatus = (typeof IMPORT_STATUSES)[number];

/**
 * `bad`: does not fit, see its errors. `started`: enrolled, and its journey begins; `invited`: enrolled, and begins when the coachee opens a channel;
 * `alreadyIn`: lives in the program already; `refused`: not let in, see its errors.
 */
export const IMPORT_ROW_STATUSES = ['waiting', 'bad', 'started', 'invited', 'alreadyIn', 'refused'] as const;
export type ImportRowStatus = (typeof IMPORT_ROW_STATUSES)[number];

/** How many rows of an import are where. */
export type ImportCounts = Record<ImportRowStatus, number>;

export const noRows: ImportCounts = { waiting: 0, bad: 0, started: 0, invited: 0, alreadyIn: 0, refused: 0 };

/** Answer of the import's `progress` query. */
export interface ImportProgress {
  status: ImportStatus;
  counts: ImportCounts;
}
