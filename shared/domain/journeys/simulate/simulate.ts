/**
 * Lives a program as a persona would, on a virtual clock: the same machine as production, with sends that succeed at once
 * and waits that take no time. Pure: the calendar (shared/calendar) comes in as `deps`.
 */
import type { ProgramDefinition } from '../definition.ts';
import type { JourneyState, StepKey } from '../state.ts';
import type { Persona } from './persona.ts';
import type { TranscriptEntry, Witness } from './simulation-log.ts';
import { feed, takeNext, takePlace } from './simulation-run.ts';
import { begin, type Run, type SimulationDeps, stateOf } from './simulation-state.ts';

export interface SimulationLimits {
  maxDays: number;
  maxEntries: number;
}

export interface SimulationOptions extends Partial<SimulationLimits> {
  /** False: nobody reads the transcript, so none is made. */
  transcript?: boolean;
  /** Is told everything as it happens. */
  witness?: Witness | null;
}

export interface Simulation {
  persona: string;
  transcript: TranscriptEntry[];
  /** Keys of the steps entered, in the order of their first time. */
  reached: StepKey[];
  goals: string[];
  /** `waiting`: nothing would ever move the journey on. */
  status: 'finished' | 'exited' | 'parked' | 'waiting' | 'truncated';
  outcome: string | null;
  endedAtMs: number;
  truncated: 'days' | 'entries' | null;
}

const LIMITS: SimulationLimits = { maxDays: 400, maxEntries: 5000 };
const DAY_MS = 86_400_000;

/**
 * Gives the transcript and how it ended. `persona.startAt` is an ISO instant. Throws a RangeError when that, the time zone
 * or a date of the definition is none.
 */
export function simulate(
  definition: ProgramDefinition,
  persona: Persona,
  deps: SimulationDeps,
  { transcript = true, witness = null, ...limits }: SimulationOptions = {},
): Simulation {
  const { maxDays, maxEntries } = { ...LIMITS, ...limits };
  const run = begin(definition, persona, deps, { entries: transcript ? [] : null, count: 0, witness });
  const lastMs = run.nowMs + maxDays * DAY_MS;
  feed(run, { type: 'start' });
  for (;;) {
    if (run.log.count >= maxEntries) return settle(run, 'entries');
    const next = isOver(stateOf(run)) ? null : takeNext(run);
    if (!next) return settle(run, null);
    if (next.atMs > lastMs) return settle(run, 'days');
    takePlace(run, next);
  }
}

function isOver({ status }: JourneyState): boolean {
  return status === 'finished' || status === 'exited' || status === 'parked';
}

function settle(run: Run, truncated: Simulation['truncated']): Simulation {
  const { persona, log, reached, nowMs } = run;
  const state = stateOf(run);
  const over = isOver(state) ? (state.status as 'finished' | 'exited' | 'parked') : 'waiting';
  return {
    persona: persona.name,
    transcript: log.entries ?? [],
    reached: [...reached],
    goals: state.goals,
    status: truncated ? 'truncated' : over,
    outcome: state.outcome ?? state.parkedReason,
    endedAtMs: nowMs,
    truncated,
  };
}
