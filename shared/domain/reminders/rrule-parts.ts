/** Which parts a recurrence rule may have, what each may say, and which go together (RFC 5545, section 3.3.10). */
import { WEEKDAY_CODES } from './rule.ts';

/** In capitals: `{ FREQ: 'MONTHLY', BYDAY: '-1FR' }`. */
export type RruleParts = Record<string, string>;

const FREQUENCIES = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'];
const OF_HOURS = ['HOURLY', 'MINUTELY', 'SECONDLY'];
const SAID_BY_TIMES = ['BYHOUR', 'BYMINUTE', 'BYSECOND'];

/** Counts from 1. */
const MOST_PERIODS = 1_000_000;
const COUNTS = ['INTERVAL', 'COUNT'];
/** Lists of numbers: 1 to the greatest, or counted from the end where that is allowed. */
const GREATEST: Record<string, { greatest: number; fromEnd: boolean }> = {
  BYMONTH: { greatest: 12, fromEnd: false },
  BYMONTHDAY: { greatest: 31, fromEnd: true },
  BYYEARDAY: { greatest: 366, fromEnd: true },
  BYWEEKNO: { greatest: 53, fromEnd: true },
  BYSETPOS: { greatest: 366, fromEnd: true },
};

/**
 * Two ends are one too many. The others the RFC lets stand together, to mean what few would guess, and the library that
 * expands rules reads some of them in a way of its own.
 */
const NOT_TOGETHER = [
  ['COUNT', 'UNTIL'],
  ['BYYEARDAY', 'BYDAY'],
  ['BYYEARDAY', 'BYMONTHDAY'],
  ['BYYEARDAY', 'BYWEEKNO'],
  ['BYWEEKNO', 'BYMONTHDAY'],
] as const;
/** A day has one date, so that BYSETPOS would have nothing to choose from; the others are the RFC's. */
const ONLY_WITH: Record<string, string[]> = {
  BYWEEKNO: ['YEARLY'],
  BYYEARDAY: ['YEARLY'],
  BYMONTHDAY: ['DAILY', 'MONTHLY', 'YEARLY'],
  BYSETPOS: ['WEEKLY', 'MONTHLY', 'YEARLY'],
};

const WEEKDAY = new RegExp(`^(?:[+-]?([1-9]|[1-4]\\d|5[0-3]))?(?:${WEEKDAY_CODES.join('|')})$`);
const MOMENT = /^(\d{4})(\d\d)(\d\d)(?:T(?:[01]\d|2[0-3])[0-5]\d[0-5]\dZ?)?$/;

/** Why the parts make no rule, in a plain sentence; null when they do. */
export function checkParts(parts: RruleParts): string | null {
  if (parts.FREQ === undefined) return 'FREQ is missing: DAILY, WEEKLY, MONTHLY or YEARLY.';
  for (const [name, value] of Object.entries(parts)) {
    const refused = checkPart(name, value);
    if (refused !== null) return refused;
  }
  return checkTogether(parts, parts.FREQ);
}

function checkPart(name: string, value: string): string | null {
  if (SAID_BY_TIMES.includes(name)) return `${name} is not taken: the times of the rule say the hour.`;
  if (name === 'FREQ') return checkFrequency(value);
  if (COUNTS.includes(name)) return isCount(value) ? null : `${name} is a number from 1 to ${MOST_PERIODS}.`;
  if (name === 'UNTIL') return isMoment(value) ? null : 'UNTIL is a date such as 20261231.';
  if (name === 'WKST') return /^[A-Z]+$/.test(value) && WEEKDAY.test(value) ? null : 'WKST is a weekday: MO to SU.';
  if (name === 'BYDAY')
    return isWeekdays(value) ? null : 'BYDAY lists weekdays, such as MO,WE, or all with a number, such as 1TU,-1FR.';
  const bounds = GREATEST[name];
  if (!bounds) return `${name.slice(0, 20)} is not known here.`;
  if (value.split(',').every((number) => isWithin(number, bounds))) return null;
  return `${name} lists numbers from 1 to ${bounds.greatest}${bounds.fromEnd ? ', or from -1 counted from the end' : ''}.`;
}

function checkFrequency(value: string): string | null {
  if (OF_HOURS.includes(value)) return `FREQ=${value} is not taken: a rule chooses dates, its times say the hour.`;
  return FREQUENCIES.includes(value) ? null : 'FREQ is DAILY, WEEKLY, MONTHLY or YEARLY.';
}

function isCount(text: string): boolean {
  return /^\d{1,7}$/.test(text) && Number(text) >= 1 && Number(text) <= MOST_PERIODS;
}

function isWeekdays(text: string): boolean {
  const days = text.split(',');
  const isNumbered = days.map((day) => /\d/.test(day));
  return days.every((day) => WEEKDAY.test(day)) && new Set(isNumbered).size === 1;
}

function isWithin(text: string, { greatest, fromEnd }: { greatest: number; fromEnd: boolean }): boolean {
  if (!/^[+-]?\d{1,3}$/.test(text)) return false;
  const number = Number(text);
  return Math.abs(number) >= 1 && Math.abs(number) <= greatest && (number > 0 || fromEnd);
}

function isMoment(text: string): boolean {
  const [, year, month, day] = MOMENT.exec(text) ?? [];
  if (year === undefined || year === '0000') return false;
  const date = `${year}-${month}-${day}`;
  const atMs = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(atMs) && new Date(atMs).toISOString().startsWith(date);
}

function checkTogether(parts: RruleParts, freq: string): string | null {
  for (const [one, other] of NOT_TOGETHER) {
    if (parts[one] !== undefined && parts[other] !== undefined) return `${one} and ${other} are not taken together.`;
  }
  for (const [name, frequencies] of Object.entries(ONLY_WITH)) {
    if (parts[name] !== undefined && !frequencies.includes(freq)) return `${name} does not go with FREQ=${freq}.`;
  }
  const { BYDAY, BYWEEKNO, BYSETPOS } = parts;
  if (BYDAY !== undefined && /\d/.test(BYDAY)) return checkNumbered(parts, freq);
  if (BYWEEKNO !== undefined && BYDAY === undefined) return 'BYWEEKNO needs BYDAY: which days of the week.';
  const chooses = Object.keys(parts).some((name) => name.startsWith('BY') && name !== 'BYSETPOS');
  return BYSETPOS !== undefined && !chooses ? 'BYSETPOS needs another part to choose from, such as BYDAY.' : null;
}

/** Of weekdays with a number, such as 2TU. */
function checkNumbered({ BYWEEKNO, BYMONTHDAY }: RruleParts, freq: string): string | null {
  if (freq !== 'MONTHLY' && freq !== 'YEARLY') return `Weekdays with a number do not go with FREQ=${freq}.`;
  if (BYWEEKNO !== undefined) return 'Weekdays with a number do not go with BYWEEKNO.';
  return BYMONTHDAY === undefined ? null : 'Weekdays with a number do not go with BYMONTHDAY.';
}
