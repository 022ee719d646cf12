/**
 * RFC 5545, section 3.3.10, read word by word and done the slow way: go through the periods, keep every INTERVAL-th, look at
 * each of its days, choose by BYSETPOS. The judge of what the library and our bounds around it give. BYWEEKNO is left out.
 */
import { WEEKDAY_CODES, type WeekdayCode } from '../../shared/domain/reminders/rule.ts';

export interface PlainRrule {
  freq: 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY';
  interval: number;
  wkst: WeekdayCode;
  count?: number | undefined;
  until?: string | undefined;
  byMonth?: number[] | undefined;
  byMonthDay?: number[] | undefined;
  byYearDay?: number[] | undefined;
  byDay?: { nth: number | null; code: WeekdayCode }[] | undefined;
  bySetPos?: number[] | undefined;
}

const DAY_MS = 86_400_000;

export const writeRrule = (rule: PlainRrule): string => {
  const parts = {
    FREQ: rule.freq,
    INTERVAL: rule.interval === 1 ? undefined : rule.interval,
    WKST: rule.wkst === 'MO' ? undefined : rule.wkst,
    COUNT: rule.count,
    UNTIL: rule.until?.replaceAll('-', ''),
    BYMONTH: rule.byMonth?.join(),
    BYMONTHDAY: rule.byMonthDay?.join(),
    BYYEARDAY: rule.byYearDay?.join(),
    BYDAY: rule.byDay?.map(({ nth, code }) => `${nth ?? ''}${code}`).join(),
    BYSETPOS: rule.bySetPos?.join(),
  };
  return Object.entries(parts)
    .filter(([, value]) => value !== undefined)
    .map((part) => part.join('='))
    .join(';');
};

/** All dates from the start to `to`. */
export const plainDates = (rule: PlainRrule, start: string, to: string): string[] => {
  const chosen: string[] = [];
  for (const period of periods(rule, start, to)) {
    const days = period.filter((date) => isChosen(rule, date, start));
    for (const date of atPositions(days, rule.bySetPos)) {
      if (date >= start && date <= to && date <= (rule.until ?? to)) chosen.push(date);
    }
  }
  return chosen.slice(0, rule.count ?? chosen.length);
};

/** The days of every INTERVAL-th period from the one that the start lies in. */
const periods = ({ freq, interval, wkst }: PlainRrule, start: string, to: string): string[][] => {
  const weekday = (date: string) => new Date(date).getUTCDay();
  const monday = WEEKDAY_CODES.indexOf(wkst);
  const nameOf = (date: string) => {
    if (freq === 'YEARLY') return date.slice(0, 4);
    if (freq === 'MONTHLY') return date.slice(0, 7);
    return freq === 'DAILY' ? date : plus(date, -((weekday(date) + 6 - monday) % 7));
  };
  const all: string[][] = [];
  const from = plus(start, -366);
  for (let date = from, name = ''; date <= plus(to, 366); date = plus(date, 1)) {
    if (nameOf(date) === name) all.at(-1)?.push(date);
    else all.push([date]);
    name = nameOf(date);
  }
  const first = all.findIndex((days) => days.includes(start));
  return all.filter((_, i) => i >= first && (i - first) % interval === 0);
};

const isChosen = (rule: PlainRrule, date: string, start: string): boolean => {
  const { freq, byMonth, byMonthDay, byYearDay, byDay } = rule;
  const [month, day] = [Number(date.slice(5, 7)), Number(date.slice(8))];
  const [yearDay, yearLength] = [nthIn('year', date), lengthOf('year', date)];
  if (byMonth && !byMonth.includes(month)) return false;
  if (byMonthDay && !byMonthDay.some((nth) => nth === day || nth === day - lengthOf('month', date) - 1)) return false;
  if (byYearDay && !byYearDay.some((nth) => nth === yearDay || nth === yearDay - yearLength - 1)) return false;
  if (byDay) return byDay.some((wanted) => isWeekday(wanted, date, freq === 'MONTHLY' || byMonth ? 'month' : 'year'));
  if (byMonthDay || byYearDay || freq === 'DAILY') return true;
  // What no part says is taken from the start.
  if (freq === 'WEEKLY') return new Date(date).getUTCDay() === new Date(start).getUTCDay();
  return (
    day === Number(start.slice(8)) && (freq === 'MONTHLY' || byMonth !== undefined || date.slice(5) === start.slice(5))
  );
};

const isWeekday = (
  { nth, code }: { nth: number | null; code: WeekdayCode },
  date: string,
  within: 'month' | 'year',
) => {
  if (WEEKDAY_CODES[(new Date(date).getUTCDay() + 6) % 7] !== code) return false;
  if (nth === null) return true;
  const place = nthIn(within, date);
  const fromEnd = lengthOf(within, date) - place;
  return nth > 0 ? Math.ceil(place / 7) === nth : Math.floor(fromEnd / 7) + 1 === -nth;
};

const atPositions = (days: string[], positions: number[] | undefined): string[] => {
  if (!positions) return days;
  return days.filter((_, i) => positions.includes(i + 1) || positions.includes(i - days.length));
};

const beginningOf = (span: 'month' | 'year', date: string) =>
  span === 'year' ? `${date.slice(0, 4)}-01-01` : `${date.slice(0, 7)}-01`;
const nthIn = (span: 'month' | 'year', date: string) =>
  (Date.parse(date) - Date.parse(beginningOf(span, date))) / DAY_MS + 1;
const lengthOf = (span: 'month' | 'year', date: string): number => {
  const next = plus(beginningOf(span, date), span === 'year' ? 366 : 31);
  return nthIn(span, date) + (Date.parse(beginningOf(span, next)) - Date.parse(date)) / DAY_MS - 1;
};
const plus = (date: string, days: number) => new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10);
