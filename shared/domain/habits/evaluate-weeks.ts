/**
 * Habits of x times a week, on days of the coachee's choice: a week is judged as a whole, and the streak counts weeks, from Monday to Sunday.
 *
 * A week needs x days done; where days of it lie outside the habit's span or on vacation it needs proportionally less of x, rounded down. In words for
 * the coachee: "Days that you skipped, and days on which we failed to remind you, are not held against you. If they could have made the week
 * complete, it neither counts nor breaks anything. Only what was still lacking then is missed, on the last days: until then there was time."
 *
 * So seven times a week is the same as every day. While a week runs it breaks nothing, and it counts as soon as it is complete. A week that needs
 * nothing counts only where x days were done all the same.
 */
import { weekOf } from './days.ts';
import type { DayStatus, EvaluatedDay, Judged, PlainDay } from './evaluate.ts';
import type { Freezes } from './freezes.ts';
import { frequencyOf, type HabitRules } from './rules.ts';
import { smoothed, smoothedUp } from './strength.ts';

interface Week {
  days: PlainDay[];
  verdict: 'complete' | 'running' | 'neutral' | 'frozen' | 'missed';
  /** Days that nothing excuses. */
  lacking: number;
  /** Days done of those owed, 0..1 (an amount only begun is no day done), and of how many days that speaks. */
  share: number;
  weightDays: number;
}

/** Weeks in order; a missed one takes a freeze of the month that it ends in, while there is one. */
export function evaluateByWeeks(rules: HabitRules, plain: PlainDay[], freezes: Freezes): Judged {
  const frequency = frequencyOf(rules);
  let strength = 0;
  let current = 0;
  let longest = 0;
  const days = [...Map.groupBy(plain, ({ date }) => weekOf(date)).values()].flatMap((ofWeek) => {
    const week = judged(rules, ofWeek, freezes);
    const missed = week.verdict === 'missed';
    if (week.verdict === 'complete') current += 1;
    else if (missed) current = 0;
    longest = Math.max(longest, current);
    strength = (missed ? smoothed : smoothedUp)(strength, week.share, { frequency, days: week.weightDays });
    return shown(week);
  });
  return { days, streak: { current, longest, unit: 'weeks' }, strength };
}

function judged(rules: HabitRules, days: PlainDay[], freezes: Freezes): Week {
  const times = timesOf(rules);
  const asked = days.filter(({ free }) => free === null).length;
  const needed = Math.min(asked, Math.floor((times * asked) / Math.max(1, 7 - new Set(rules.restDays).size)));
  const done = days.filter((day) => day.done).length;
  const owed = Math.max(0, needed - days.filter(isForgiven).length);
  const lacking = Math.max(0, owed - done);
  const verdict = verdictOf({ days, complete: done >= (needed || times), lacking }, freezes);
  return { days, verdict, lacking, share: Math.min(1, done / Math.max(1, owed)), weightDays: Math.max(asked, done) };
}

function verdictOf(
  { days, complete, lacking }: Pick<Week, 'days' | 'lacking'> & { complete: boolean },
  freezes: Freezes,
): Week['verdict'] {
  const last = days.at(-1);
  if (complete) return 'complete';
  if (last?.when !== 'past') return 'running';
  if (lacking === 0) return 'neutral';
  return freezes.take(last.date) ? 'frozen' : 'missed';
}

const timesOf = ({ schedule }: HabitRules): number => (schedule.kind === 'timesPerWeek' ? schedule.times : 7);

const isOpen = (day: PlainDay): boolean => !day.done && day.free === null && day.when === 'past';
const isForgiven = (day: PlainDay): boolean => isOpen(day) && (day.skipped || day.unproven);

function shown({ days, verdict, lacking }: Week): EvaluatedDay[] {
  const isOver = verdict === 'missed' || verdict === 'frozen';
  const owing = isOver ? days.filter((day) => isOpen(day) && !isForgiven(day)).slice(-lacking) : [];
  return days
    .filter(({ when }) => when !== 'toCome')
    .map((day) => {
      const { date, progress, amount } = day;
      return { date, status: owing.includes(day) ? owedStatus(verdict, day) : statusOf(day), progress, amount };
    });
}

function owedStatus(verdict: Week['verdict'], { progress }: PlainDay): DayStatus {
  if (verdict === 'frozen') return 'frozen';
  return progress > 0 ? 'partial' : 'missed';
}

function statusOf(day: PlainDay): DayStatus {
  if (day.done) return 'done';
  if (day.free) return day.free;
  if (day.skipped) return 'skipped';
  if (day.when === 'today') return 'open';
  return day.unproven ? 'excused' : 'notDue';
}
