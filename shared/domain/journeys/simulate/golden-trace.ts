/**
 * Transcripts as readable lines, one for each thing said, so that a person can review them in a file and a new field of the transcript
 * changes none of them: `Mon 2026-03-02T09:00 program/welcome: Hello Mira [Good] [Bad]`.
 */
import { commonSubsequence } from '../diff/common-subsequence.ts';
import type { Simulation, SimulationLimits } from './simulate.ts';
import type { TranscriptEntry } from './simulation-log.ts';

/** The same for every trace wherever it is simulated, so that a limit cuts it at the same place. */
export const TRACE_LIMITS: SimulationLimits = { maxDays: 400, maxEntries: 2000 };

/** Ends with what became of the journey, `=> finished: completed`, and a line feed. */
export function transcriptText({ transcript, status, outcome, truncated }: Simulation): string {
  const end = [outcome ?? truncated].filter((word) => word !== null).map((word) => `: ${word}`);
  return normalTranscript([...transcript.map(entryLine), `=> ${status}${end.join('')}`].join('\n'));
}

/** Without spaces at the ends of lines and without blank lines at the end, which editors add and take away. */
export function normalTranscript(text: string): string {
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.trimEnd());
  return `${lines.join('\n').trimEnd()}\n`;
}

/** Further lines of a text are indented. */
function entryLine({ local, from, stepKey, text, buttons }: TranscriptEntry): string {
  const [, minute = local, seconds] = /^(\w+ [\d-]+T\d\d:\d\d):(\d\d)/.exec(local) ?? [];
  const at = seconds === undefined || seconds === '00' ? minute : `${minute}:${seconds}`;
  const who = stepKey === null ? from : `${from}/${stepKey}`;
  const offered = buttons.map((button) => ` [${'url' in button ? `${button.label} -> ${button.url}` : button.label}]`);
  const said = `${text}${offered.join('')}`.replace(/\r\n|\r|\n/g, '\n    ');
  return `${at} ${who}: ${said}`;
}

export interface TraceDifference {
  /** The first line that differs, counted from 1. */
  line: number;
  /** Null where there should have been none. */
  expected: string | null;
  /** Null where none came. */
  actual: string | null;
  /** Readable: lines with `-` were expected, with `+` came instead, with two spaces stand around them. */
  diff: string;
}

/** How two transcripts differ; null: they do not. */
export function traceDifference(expected: string, actual: string): TraceDifference | null {
  const before = normalTranscript(expected).split('\n').slice(0, -1);
  const after = normalTranscript(actual).split('\n').slice(0, -1);
  const first = Array.from({ length: Math.max(before.length, after.length) }).findIndex(
    (_, i) => before[i] !== after[i],
  );
  if (first < 0) return null;
  const diff = excerpt(lineDiff(before, after)).join('\n');
  return { line: first + 1, expected: before[first] ?? null, actual: after[first] ?? null, diff };
}

/** Larger ones are told without looking for what they share. */
const COMPARED_MOST = 4_000_000;
const CONTEXT_LINES = 2;
const SHOWN_MOST = 200;

function lineDiff(before: string[], after: string[]): string[] {
  const shared = before.length * after.length > COMPARED_MOST ? [] : commonSubsequence(before, after);
  const lines: string[] = [];
  let [i, j] = [0, 0];
  for (const [nextI, nextJ] of [...shared, [before.length, after.length] as const]) {
    lines.push(...before.slice(i, nextI).map((line) => `- ${line}`));
    lines.push(...after.slice(j, nextJ).map((line) => `+ ${line}`));
    if (nextI < before.length) lines.push(`  ${before[nextI]}`);
    [i, j] = [nextI + 1, nextJ + 1];
  }
  return lines;
}

/** What changed, with a little around it; `…` where lines are left out. */
function excerpt(lines: string[]): string[] {
  const isChange = (line: string | undefined) => line !== undefined && !line.startsWith('  ');
  const isNear = (at: number) => lines.slice(Math.max(0, at - CONTEXT_LINES), at + CONTEXT_LINES + 1).some(isChange);
  const shown = lines.flatMap((line, i) => (isNear(i) ? [line] : i > 0 && isNear(i - 1) ? ['…'] : []));
  return shown.length > SHOWN_MOST ? [...shown.slice(0, SHOWN_MOST), '…'] : shown;
}
