/**
 * What an endless recurrence rule chooses, by rrule-temporal. It is asked for whole dates only, at midnight UTC, so that its
 * own treatment of time zones has nothing to decide; and for one year at a time, so that no rule, however rare or
 * impossible, makes it search.
 */
import { RRuleTemporal } from 'rrule-temporal';
import { DAY_MS, dayOf } from './local-dates.ts';

/** Years of rules whose answers are kept, about 3 KB each at most: many coachees have the same rule. */
const YEARS_KEPT = 5000;
const RULES_KEPT = 500;
const answers = new Map<string, number[]>();
const rules = new Map<string, RRuleTemporal>();

/**
 * The days (local-dates.ts) in `year` of a `pattern` that has no end, read by readRrule, beginning on the date `start`, in
 * their order. Not to be changed: others are given the same list.
 */
export function daysInYear(pattern: string, start: string, year: number): number[] {
  if (year < Number(start.slice(0, 4))) return [];
  return kept(answers, `${year} ${start} ${pattern}`, YEARS_KEPT, () => {
    const rule = kept(rules, `${start} ${pattern}`, RULES_KEPT, () => ruleFor(pattern, start));
    // From December on: the last week of the year before may end in this one, and the library begins with whole periods.
    const days = rule.between(new Date(Date.UTC(year - 1, 11, 1)), new Date(Date.UTC(year, 11, 31)), true);
    const first = Math.max(dayOf(start), Date.UTC(year, 0, 1) / DAY_MS);
    return days.map(({ epochMilliseconds }) => epochMilliseconds / DAY_MS).filter((day) => day >= first);
  });
}

function ruleFor(pattern: string, start: string): RRuleTemporal {
  const midnight = { timeZoneId: 'UTC', toString: () => `${start}T00:00:00+00:00[UTC]` };
  return new RRuleTemporal({ rruleString: pattern, dtstart: midnight, cache: false });
}

/** What `map` has, or what `make` makes and is kept in place of the oldest. */
function kept<Value>(map: Map<string, Value>, key: string, most: number, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  const [oldest] = map.keys();
  if (map.size >= most && oldest !== undefined) map.delete(oldest);
  map.set(key, made);
  return made;
}
