/** Custom signals: an integrator's word, by name, with a payload of declared fields. */
import type { ProgramDefinition, SignalDeclaration, SignalFieldKind } from './definition.ts';
import { broughtAboutBy, type Draft, refuse, remember, underWay } from './draft.ts';
import type { EventVerdict, JourneyEvent } from './messages.ts';
import type { FactValue } from './state.ts';
import { storable } from './storable.ts';
import { abandon, follow, lookAround, tellStep, walkTo } from './walk.ts';

const TEXT_MAX = 2000;

/** A field of a payload (null: the payload as a whole, or the name) and what is wrong with it. */
export interface SignalFieldError {
  field: string | null;
  message: string;
}

/** The payload as it may be kept, or everything that is wrong with it. */
export type CheckedSignal = { value: Record<string, FactValue> } | { errors: SignalFieldError[] };

/** Holds a signal's payload against its declaration: every field, of its kind, and no other. */
export function checkSignalPayload(definition: ProgramDefinition, name: string, payload: unknown): CheckedSignal {
  const declared = declarationOf(definition, name);
  if (!declared) return { errors: [{ field: null, message: `This program knows no signal "${name}".` }] };
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) {
    return { errors: [{ field: null, message: 'The payload must be an object.' }] };
  }
  const given = payload as Record<string, unknown>;
  const errors: SignalFieldError[] = [];
  const value: [string, FactValue][] = [];
  for (const [field, kind] of Object.entries(declared.payload)) {
    const checked = checkField(Object.hasOwn(given, field) ? given[field] : undefined, kind);
    if ('message' in checked) errors.push({ field, message: checked.message });
    else value.push([field, checked.value]);
  }
  for (const field of Object.keys(given)) {
    if (!Object.hasOwn(declared.payload, field)) errors.push({ field, message: 'This signal has no such field.' });
  }
  return errors.length > 0 ? { errors } : { value: Object.fromEntries(value) };
}

function declarationOf({ signals }: ProgramDefinition, name: string): SignalDeclaration | undefined {
  return signals.find((declared) => declared.name === name);
}

function checkField(given: unknown, kind: SignalFieldKind): { value: FactValue } | { message: string } {
  if (given === undefined) return { message: `This field is required: a ${kind}.` };
  if (kind === 'text' && typeof given === 'string') {
    return given.length <= TEXT_MAX ? { value: storable(given) } : { message: `At most ${TEXT_MAX} characters.` };
  }
  // Adding 0 makes a plain zero of `-0`, which JSON would not keep.
  if (kind === 'number' && typeof given === 'number' && Number.isFinite(given)) return { value: given + 0 };
  if (kind === 'boolean' && typeof given === 'boolean') return { value: given };
  return { message: `This must be a ${kind}.` };
}

/** Keeps the payload and, where the declaration says so, leaves whatever is waited for and goes to its step. */
export function takeSignal(draft: Draft, event: Extract<JourneyEvent, { type: 'signal' }>): EventVerdict {
  const { state, definition } = draft;
  const checked = checkSignalPayload(definition, event.name, event.payload);
  if ('errors' in checked) {
    const wrong = checked.errors.map(({ field, message }) => (field === null ? message : `${field}: ${message}`));
    return refuse(draft, event, wrong.join(' '));
  }
  const goTo = declarationOf(definition, event.name)?.goTo;
  if (goTo !== undefined && state.status !== 'active') return refuse(draft, event, `The journey is ${state.status}.`);
  if (goTo !== undefined && underWay(state)) return 'early';
  remember(draft, event.id);
  state.signals = { ...state.signals, [event.name]: checked.value };
  draft.record('signalled', { name: event.name, payload: checked.value, ...(goTo !== undefined && { goTo }) });
  if (goTo === undefined) {
    tellWhoWaits(draft, event.name);
    return 'accepted';
  }
  state.stepsSincePause = 0;
  broughtAboutBy(draft, {});
  abandon(draft);
  walkTo(draft, goTo);
  return 'accepted';
}

/** Tells the step that waits for it, if one does; a paused journey is told on resume. */
function tellWhoWaits(draft: Draft, name: string): void {
  const { state } = draft;
  const { pending } = state;
  const outcome = pending?.kind === 'hold' ? tellStep(draft, { type: 'signalled', name }) : null;
  if (outcome && pending && state.status === 'paused') {
    const { stepKey, occurrence } = pending;
    state.held ??= { type: 'signalled', name, stepKey, occurrence };
  } else if (outcome && state.status === 'active') {
    state.stepsSincePause = 0;
    broughtAboutBy(draft, {});
    follow(draft, outcome);
  } else lookAround(draft);
}
