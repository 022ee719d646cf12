/**
 * What of an RFC 5545 recurrence rule (section 3.3.10) a reminder takes: the parts that choose dates. The hours are said by
 * the rule's times, the beginning by its start date, the zone by the coachee.
 */
import { checkParts, type RruleParts } from './rrule-parts.ts';

export interface Rrule {
  /** Without its end: the same pattern, however written, is the same text. */
  pattern: string;
  /** So many dates and no more; null: no such end. */
  count: number | null;
  /** The last local date that may be chosen, `YYYY-MM-DD`; null: no such end. */
  until: string | null;
  /** The first date takes part in the choice: it says the weekday or the day of the month, or what INTERVAL and COUNT count from. */
  isAnchored: boolean;
}

/** Reads a rule, with or without `RRULE:` in front. What is refused comes back as a plain sentence. */
export function readRrule(text: string): { rrule: Rrule } | { refused: string } {
  const parts = splitParts(text);
  if (typeof parts === 'string') return { refused: parts };
  const refused = checkParts(parts);
  if (refused !== null) return { refused };
  const { COUNT, UNTIL, ...pattern } = parts;
  const count = COUNT === undefined ? null : Number(COUNT);
  return {
    rrule: {
      pattern: writePattern(pattern),
      count,
      // A last moment is read by its date: times of day are the rule's own.
      until: UNTIL === undefined ? null : `${UNTIL.slice(0, 4)}-${UNTIL.slice(4, 6)}-${UNTIL.slice(6, 8)}`,
      isAnchored: count !== null || dependsOnStart(parts),
    },
  };
}

/** Why a rule is refused, in a plain sentence; null when it is fine. A rule that never comes due is fine. */
export function checkRrule(text: string): string | null {
  const read = readRrule(text);
  return 'refused' in read ? read.refused : null;
}

/** By name; a sentence where the text is no list of parts. */
function splitParts(text: string): RruleParts | string {
  const line = text
    .trim()
    .toUpperCase()
    .replace(/^RRULE:/, '');
  if (line.includes('DTSTART')) return 'DTSTART is not taken: the rule begins on startDate.';
  if (line.includes('TZID')) return 'TZID is not taken: a reminder follows the time zone of the coachee.';
  const parts: Record<string, string> = {};
  for (const part of line.split(';')) {
    const [, name, value] = /^([A-Z]+)=([^=\s]+)$/.exec(part) ?? [];
    if (name === undefined || value === undefined) return `${shown(part)} is no part of a rule, such as FREQ=WEEKLY.`;
    if (Object.hasOwn(parts, name)) return `${shown(name)} is given twice.`;
    parts[name] = value;
  }
  return parts;
}

/** Thousand years, in periods: a longer INTERVAL comes due as often, once, and would lead out of the calendar. */
const LONGEST_INTERVAL: Record<string, number> = { DAILY: 365_243, WEEKLY: 52_178, MONTHLY: 12_000, YEARLY: 1000 };

function writePattern({ INTERVAL = '1', ...parts }: RruleParts): string {
  const interval = Math.min(Number(INTERVAL), LONGEST_INTERVAL[parts.FREQ ?? ''] ?? 1);
  const texts = Object.entries(parts).map((part) => part.join('='));
  return [...texts, `INTERVAL=${interval}`].sort().join(';');
}

/** Whether another first date would choose other dates, not only fewer. */
function dependsOnStart({ FREQ, INTERVAL, BYDAY, BYMONTH, BYMONTHDAY, BYYEARDAY }: RruleParts): boolean {
  if (INTERVAL !== undefined && Number(INTERVAL) !== 1) return true;
  if (FREQ === 'DAILY') return false;
  if (FREQ === 'WEEKLY') return BYDAY === undefined;
  if (FREQ === 'MONTHLY') return BYDAY === undefined && BYMONTHDAY === undefined;
  return BYDAY === undefined && BYYEARDAY === undefined && (BYMONTH === undefined || BYMONTHDAY === undefined);
}

const SHOWN_MAX = 40;

/** A hostile part would otherwise come back as it is, at any length. */
function shown(part: string): string {
  return JSON.stringify(part.length > SHOWN_MAX ? `${part.slice(0, SHOWN_MAX)}…` : part);
}
