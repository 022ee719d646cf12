/** A simulated journey between two happenings: its clock, what was said, and what is still to come. */
import type { Calendar } from '../calendar.ts';
import type { ProgramDefinition } from '../definition.ts';
import { localized } from '../localize.ts';
import { initialState } from '../machine.ts';
import type { EffectAnswer, OutgoingMessage } from '../messages.ts';
import type { JourneyRun } from '../run.ts';
import type { CoacheeFacts, JourneyState, StepKey } from '../state.ts';
import type { Persona } from './persona.ts';
import { outsideEvents, type Planned } from './persona-events.ts';
import { type Instant, type Line, type SimulationLog, tell } from './simulation-log.ts';

export interface SimulationDeps extends Calendar {
  /** The newest version of the program with that slug; a subprogram that nobody knows is over at once. */
  program?: (slug: string) => ProgramDefinition | null;
}

export interface Run {
  definition: ProgramDefinition;
  persona: Persona;
  deps: SimulationDeps;
  startMs: number;
  nowMs: number;
  timeZone: string;
  /** Null before the start. */
  journey: JourneyRun | null;
  facts: CoacheeFacts;
  /** Of the program and its subprograms together. */
  log: SimulationLog;
  /** What the clock showed when it was last looked at. */
  seen: Instant & { timeZone: string };
  reached: Set<StepKey>;
  /** Signals, pauses and presses to come, in order of time. */
  outside: Planned[];
  /** The answer to a webhook or the like: it comes before all else. */
  answer: EffectAnswer | null;
  reply: Planned | null;
  /** The question, text or hold that was last given to a person to answer. */
  given: string;
  /** Messages that were postponed, by key. */
  kept: Map<string, OutgoingMessage>;
  /** Messages said, by local date. */
  sentOn: Map<string, number>;
  met: Map<StepKey, number>;
  eventCount: number;
  /** 0: the program itself; 1: a subprogram of it. */
  depth: number;
}

/** A run that has not started. Throws a RangeError when `startAt` is no instant. */
export function begin(definition: ProgramDefinition, persona: Persona, deps: SimulationDeps, log: SimulationLog): Run {
  const startMs = Date.parse(persona.startAt);
  if (Number.isNaN(startMs)) throw new RangeError(`startAt ${persona.startAt} is no instant`);
  const { name, id = name, language = null, traits = {}, tags = [], entitlements = [], timeZone } = persona;
  return {
    definition: localized(definition, language),
    ...{ persona, deps, startMs, timeZone, nowMs: startMs, journey: null },
    facts: { id, name, language, traits, tags, entitlements, checkIns: {} },
    log,
    seen: { atMs: Number.NaN, local: '', timeZone },
    reached: new Set(),
    outside: outsideEvents(persona, startMs),
    ...{ answer: null, reply: null, given: '' },
    kept: new Map(),
    sentOn: new Map(),
    met: new Map(),
    ...{ eventCount: 0, depth: 0 },
  };
}

export const stateOf = ({ journey }: Run): JourneyState => journey?.state ?? initialState();

/** Lets it come from outside in its time. */
export function plan({ outside }: Run, planned: Planned): void {
  const after = outside.findIndex(({ atMs }) => atMs > planned.atMs);
  outside.splice(after < 0 ? outside.length : after, 0, planned);
}

/** The run's present time. */
export function instantOf(run: Run): Instant {
  const { seen, nowMs, timeZone } = run;
  if (seen.atMs === nowMs && seen.timeZone === timeZone) return seen;
  run.seen = { atMs: nowMs, local: run.deps.formatLocal(nowMs, timeZone), timeZone };
  return run.seen;
}

export function say(run: Run, line: Line): void {
  const { atMs, local } = instantOf(run);
  tell(run.log, { atMs, local }, line);
}
