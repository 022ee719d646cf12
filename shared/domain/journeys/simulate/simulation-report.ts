/** What many simulated coachees lived through, in figures. */
import type { ChannelKind } from '../../channels/deliveries.ts';
import { CHANNEL_KINDS } from '../../channels/deliveries.ts';
import type { ProgramDefinition } from '../definition.ts';
import type { StepKey } from '../state.ts';
import type { Simulation } from './simulate.ts';
import { type DayTally, parted, type StepTally, type Tally } from './simulation-tally.ts';

export interface StepFigures {
  stepKey: StepKey;
  type: string;
  /** How many personas came here, and how often all of them together. */
  persons: number;
  entered: number;
  answered: number;
  timedOut: number;
  /** Journeys that ended, were parked or stayed here. */
  leftHere: number;
  /** From the start until a persona first came here, over those who did; null where nobody did. */
  medianDays: number | null;
  p90Days: number | null;
}

export interface ChannelFigures {
  channel: ChannelKind;
  sends: number;
  meanPerPersona: number;
  /** The most that one persona got on one local day. */
  mostPerDay: number;
}

/** `date`: local to each persona. `waits`: that began then. */
export type CalendarDay = { date: string } & DayTally;

export interface SimulationReport {
  personas: number;
  steps: StepFigures[];
  reached: StepKey[];
  unreached: StepKey[];
  outcomes: { status: Simulation['status']; outcome: string | null; count: number }[];
  /** Times reached, over all personas. */
  goals: { goal: string; count: number }[];
  sends: number;
  channels: ChannelFigures[];
  /** The minute, UTC, with the most sends; null where nothing was sent. */
  busiestMinute: { at: string; sends: number } | null;
  /** The same by each persona's own clock: `2026-03-02T09:00`. */
  busiestLocalMinute: { local: string; sends: number } | null;
  parked: { stepKey: StepKey; reason: string; count: number }[];
  /** Every local day from the first to the last on which anything happened, at most 366. */
  calendar: CalendarDay[];
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const DAYS_MOST = 366;
const REASONS_MOST = 100;

export const reportOf = (definition: ProgramDefinition, tally: Tally): SimulationReport => {
  const { personas } = tally;
  const steps = definition.steps.map(({ key, type }) => ({ stepKey: key, type, ...figuresOf(tally.steps.get(key)) }));
  const minute = most(tally.minutes);
  const local = most(tally.localMinutes);
  const channels = CHANNEL_KINDS.flatMap((channel) => {
    const all = tally.channels.get(channel);
    return all ? [{ channel, ...all, meanPerPersona: rounded(all.sends / Math.max(1, personas)) }] : [];
  });
  return {
    ...{ personas, steps, channels },
    reached: steps.flatMap(({ stepKey, persons }) => (persons > 0 ? [stepKey] : [])),
    unreached: steps.flatMap(({ stepKey, persons }) => (persons > 0 ? [] : [stepKey])),
    outcomes: byCount(tally.outcomes).map(([name, count]) => {
      const [status = '', outcome = ''] = parted(name);
      return { status: status as Simulation['status'], outcome: outcome === '' ? null : outcome, count };
    }),
    goals: byCount(tally.goals).map(([goal, count]) => ({ goal, count })),
    sends: channels.reduce((sum, { sends }) => sum + sends, 0),
    busiestMinute: minute && { at: new Date(minute[0] * MINUTE_MS).toISOString(), sends: minute[1] },
    busiestLocalMinute: local && { local: local[0], sends: local[1] },
    parked: byCount(tally.parked)
      .slice(0, REASONS_MOST)
      .map(([name, count]) => {
        const [stepKey = '', reason = ''] = parted(name);
        return { stepKey, reason, count };
      }),
    calendar: calendarOf(tally.days),
  };
};

const NOBODY: StepTally = { persons: 0, entered: 0, answered: 0, timedOut: 0, leftHere: 0, daysUntilReached: [] };

const figuresOf = ({ daysUntilReached, ...counts }: StepTally = NOBODY) => {
  const sorted = Float64Array.from(daysUntilReached).sort();
  return { ...counts, medianDays: percentile(sorted, 50), p90Days: percentile(sorted, 90) };
};

/** Linear between the two nearest. */
const percentile = (sorted: Float64Array, percent: number): number | null => {
  if (sorted.length === 0) return null;
  const at = ((sorted.length - 1) * percent) / 100;
  const below = sorted[Math.floor(at)] ?? 0;
  const above = sorted[Math.ceil(at)] ?? 0;
  return rounded(below + (above - below) * (at - Math.floor(at)));
};

const rounded = (value: number): number => Math.round(value * 100) / 100;

const byCount = (counts: Map<string, number>): [string, number][] => [...counts].sort((a, b) => b[1] - a[1]);

/** The first of those with the highest count. */
const most = <Name extends string | number>(counts: Map<Name, number>): [Name, number] | null => {
  let first: [Name, number] | null = null;
  for (const one of counts) {
    if (!first || one[1] > first[1] || (one[1] === first[1] && one[0] < first[0])) first = one;
  }
  return first;
};

const QUIET: DayTally = { sends: 0, questions: 0, waits: 0, goals: 0, starts: 0, ends: 0 };

const calendarOf = (days: Map<string, DayTally>): CalendarDay[] => {
  const dates = [...days.keys()].sort();
  const [first] = dates;
  const last = dates.at(-1);
  if (first === undefined || last === undefined) return [];
  const fromMs = Date.parse(first);
  const length = Math.min(DAYS_MOST, (Date.parse(last) - fromMs) / DAY_MS + 1);
  return Array.from({ length }, (_, i) => {
    const date = new Date(fromMs + i * DAY_MS).toISOString().slice(0, 10);
    return { date, ...QUIET, ...days.get(date) };
  });
};
