/** Counts what simulated coachees live through, as it happens: nothing is kept of a persona but what the report needs. */
import type { ChannelKind } from '../../channels/deliveries.ts';
import { dateIn } from '../calendar.ts';
import type { TimelineKind } from '../messages.ts';
import type { StepKey } from '../state.ts';
import type { Simulation } from './simulate.ts';
import type { Instant, Witness } from './simulation-log.ts';

export interface StepTally {
  persons: number;
  entered: number;
  answered: number;
  timedOut: number;
  leftHere: number;
  /** Of each persona that came here, for the first time. */
  daysUntilReached: number[];
}

export interface DayTally {
  sends: number;
  questions: number;
  waits: number;
  goals: number;
  starts: number;
  ends: number;
}

export interface ChannelTally {
  sends: number;
  /** The most that one persona got on one local day. */
  mostPerDay: number;
}

/** Plain counts by name; `parked` and `outcomes` by names joined (see `joined`). */
export interface Tally {
  personas: number;
  steps: Map<StepKey, StepTally>;
  outcomes: Map<string, number>;
  goals: Map<string, number>;
  parked: Map<string, number>;
  channels: Map<ChannelKind, ChannelTally>;
  /** Sends by minute since 1970, UTC. */
  minutes: Map<number, number>;
  /** Sends by `2026-03-02T09:00`. */
  localMinutes: Map<string, number>;
  /** By local date. */
  days: Map<string, DayTally>;
}

export const openTally = (): Tally => ({
  personas: 0,
  ...{ steps: new Map(), outcomes: new Map(), goals: new Map(), parked: new Map(), channels: new Map() },
  ...{ minutes: new Map(), localMinutes: new Map(), days: new Map() },
});

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const SEPARATOR = '\n';

export const joined = (...names: string[]): string => names.join(SEPARATOR);
export const parted = (name: string): string[] => name.split(SEPARATOR);

const ANSWERED = new Set<TimelineKind>(['answered', 'checkedIn', 'lessonDone']);
const TIMED_OUT = new Set<TimelineKind>(['timedOut', 'missed']);

/** Follows one persona from their start; call `ended` once with what became of them. */
export const follow = (
  tally: Tally,
  start: Instant,
): { witness: Witness; ended: (simulation: Simulation, at: Instant) => void } => {
  const met = new Set<StepKey>();
  const today = new Map<ChannelKind, { date: string; sends: number }>();
  let standsAt: StepKey | null = null;
  tally.personas += 1;
  dayOf(tally, start).starts += 1;
  const witness: Witness = {
    recorded({ kind, stepKey, detail }, at) {
      if (kind === 'goalReached') noteGoal(tally, String(detail.goal), at);
      if (stepKey === null) return;
      if (kind === 'entered') {
        standsAt = stepKey;
        enter(stepOf(tally, stepKey), met, stepKey, (at.atMs - start.atMs) / DAY_MS);
      } else if (ANSWERED.has(kind)) stepOf(tally, stepKey).answered += 1;
      else if (TIMED_OUT.has(kind)) stepOf(tally, stepKey).timedOut += 1;
    },
    sent(channel, isQuestion, at) {
      const day = dayOf(tally, at);
      day.sends += 1;
      if (isQuestion) day.questions += 1;
      count(tally.minutes, Math.floor(at.atMs / MINUTE_MS));
      count(tally.localMinutes, at.local.slice(4, 20));
      countOnChannel(tally, today, channel, dateIn(at.local));
    },
    waits(at) {
      dayOf(tally, at).waits += 1;
    },
  };
  const ended = ({ status, outcome }: Simulation, at: Instant): void => {
    if (standsAt !== null) stepOf(tally, standsAt).leftHere += 1;
    count(tally.outcomes, joined(status, outcome ?? ''));
    if (status === 'parked') count(tally.parked, joined(standsAt ?? '', outcome ?? ''));
    if (status === 'finished' || status === 'exited') dayOf(tally, at).ends += 1;
  };
  return { witness, ended };
};

const enter = (step: StepTally, met: Set<StepKey>, stepKey: StepKey, days: number): void => {
  step.entered += 1;
  if (met.has(stepKey)) return;
  met.add(stepKey);
  step.persons += 1;
  step.daysUntilReached.push(days);
};

const noteGoal = (tally: Tally, goal: string, at: Instant): void => {
  count(tally.goals, goal);
  dayOf(tally, at).goals += 1;
};

const countOnChannel = (
  tally: Tally,
  today: Map<ChannelKind, { date: string; sends: number }>,
  channel: ChannelKind,
  date: string,
): void => {
  const known = today.get(channel);
  const now = known?.date === date ? known : { date, sends: 0 };
  if (now !== known) today.set(channel, now);
  now.sends += 1;
  const all = made(tally.channels, channel, () => ({ sends: 0, mostPerDay: 0 }));
  all.sends += 1;
  all.mostPerDay = Math.max(all.mostPerDay, now.sends);
};

const stepOf = ({ steps }: Tally, stepKey: StepKey): StepTally =>
  made(steps, stepKey, () => ({
    ...{ persons: 0, entered: 0, answered: 0, timedOut: 0, leftHere: 0 },
    daysUntilReached: [],
  }));

const dayOf = ({ days }: Tally, { local }: Instant): DayTally =>
  made(days, dateIn(local), () => ({ sends: 0, questions: 0, waits: 0, goals: 0, starts: 0, ends: 0 }));

const count = <Name>(counts: Map<Name, number>, name: Name): void => {
  counts.set(name, (counts.get(name) ?? 0) + 1);
};

const made = <Name, Value>(map: Map<Name, Value>, name: Name, make: () => Value): Value => {
  const known = map.get(name);
  if (known !== undefined) return known;
  const value = make();
  map.set(name, value);
  return value;
};
