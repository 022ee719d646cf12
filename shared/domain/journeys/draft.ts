/** A decision in the making: a working copy of the state, and the commands so far. */
import type { ProgramDefinition } from './definition.ts';
import type { Known } from './known.ts';
import type { Decision, EffectCommand, EventVerdict, JourneyCommand, TimelineKind } from './messages.ts';
import type { CoacheeFacts, EffectRef, FactValue, JourneyState, JsonValue, StepKey } from './state.ts';

/** What comes within a quarter of an hour of its time is not late. */
const LATE_SECONDS = 15 * 60;

/** Ids of events kept, so that one which comes twice is known; older ones cannot come any more in practice. */
const HANDLED_MAX = 50;

export interface Draft {
  readonly definition: ProgramDefinition;
  /** As it came in. */
  readonly before: JourneyState;
  /** The working copy: its fields are replaced, what they hold is not changed in place, save for records when `inPlace`. */
  readonly state: JourneyState;
  readonly inPlace: boolean;
  facts: CoacheeFacts;
  readonly commands: JourneyCommand[];
  /** A line of the timeline; about the current step unless `ref` names another. */
  record(kind: TimelineKind, detail?: { [name: string]: JsonValue }, ref?: Partial<EffectRef>): void;
  /** The decision's effect, which ends it. */
  effect(command: EffectCommand): undefined;
}

export function draftOf(
  definition: ProgramDefinition,
  before: JourneyState,
  facts: CoacheeFacts,
  inPlace: boolean,
): Draft {
  const state = { ...before };
  const commands: JourneyCommand[] = [];
  return {
    definition,
    before,
    state,
    inPlace,
    facts,
    commands,
    record(kind, detail = {}, ref = state.pending ?? {}) {
      const { stepKey = state.at, occurrence = null } = ref;
      commands.push({ type: 'Record', record: { kind, stepKey, occurrence, detail } });
    },
    effect(command) {
      commands.push(command);
    },
  };
}

/** The decision; an event that left no trace leaves the very state it found. */
export function settled(draft: Draft, verdict: EventVerdict): Decision {
  const { before, commands } = draft;
  if (verdict === 'early') return { state: before, commands: [], verdict };
  return { state: isSame(draft.state, before) ? before : withoutGaps(draft.state), commands, verdict };
}

/** A state is plain JSON: what is over is not there. */
function withoutGaps(state: JourneyState): JourneyState {
  if (!PASSING.some((name) => name in state && state[name] === undefined)) return state;
  const kept = Object.entries(state).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as unknown as JourneyState;
}

/** Fields that hold for some decisions only. They are emptied, not deleted: a state that fields are taken away from is slow to copy ever after. */
const PASSING = ['prompted', 'lateSeconds', 'restarted'] as const satisfies (keyof JourneyState)[];

/** Nothing changes a working copy by taking a field away alone, so its own are all there are. */
function isSame(state: JourneyState, before: JourneyState): boolean {
  for (const name in state) {
    const field = name as keyof JourneyState;
    if (state[field] !== before[field]) return false;
  }
  return true;
}

/** What texts and conditions may read just now. */
export function knownTo({ facts, state }: Draft): Known {
  return { facts, answers: state.answers, results: state.results, signals: state.signals };
}

/** Counts a new effect of a step, which gives it a ref of its own. */
export function nextRef(draft: Draft, stepKey: StepKey): EffectRef {
  const { state } = draft;
  const occurrence = lastOccurrence(state, stepKey) + 1;
  state.occurrences = withEntry(draft, state.occurrences, stepKey, occurrence);
  return { stepKey, occurrence };
}

/** How many effects of that step there were. */
export function lastOccurrence({ occurrences }: JourneyState, stepKey: StepKey): number {
  return Object.hasOwn(occurrences, stepKey) ? (occurrences[stepKey] ?? 0) : 0;
}

export function keepAnswer(draft: Draft, stepKey: StepKey, value: FactValue): void {
  draft.state.answers = withEntry(draft, draft.state.answers, stepKey, value);
}

/** The record with one entry set: a copy, unless the draft may write to what came in. */
export function withEntry<Value>(
  { inPlace }: Draft,
  record: Record<string, Value>,
  name: string,
  value: Value,
): Record<string, Value> {
  if (!inPlace) return { ...record, [name]: value };
  record[name] = value;
  return record;
}

export function remember({ state }: Draft, eventId: string): void {
  state.handled = [...state.handled, eventId].slice(-HANDLED_MAX);
}

/** Remembers an event that is not possible just now, and says why in the timeline. */
export function refuse(draft: Draft, event: { type: string; id: string }, why: string): 'refused' {
  remember(draft, event.id);
  draft.record('ignored', { event: event.type, why });
  return 'refused';
}

/** Whether a send, a webhook or the like is under way: nothing else may move the journey then. */
export function underWay({ pending }: JourneyState): boolean {
  if (pending?.kind === 'delivery') return !pending.postponed;
  return pending?.kind === 'webhook' || pending?.kind === 'coach';
}

/** What happens from here on has another cause: time (`lateSeconds` after its due moment), the coachee, or somebody else. */
export function broughtAboutBy({ state }: Draft, cause: { coachee?: true; lateSeconds?: number | undefined }): void {
  const { coachee, lateSeconds = 0 } = cause;
  // Emptied, not deleted: see PASSING.
  if (coachee || state.prompted) state.prompted = coachee;
  if (lateSeconds >= LATE_SECONDS) state.lateSeconds = lateSeconds;
  else if (state.lateSeconds !== undefined) state.lateSeconds = undefined;
}
