/** Everything that goes into and comes out of a journey's run by name. */

import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { EventVerdict, ReviewVerdict } from '../../shared/domain/journeys/messages.ts';
import type { JourneyProgress, JourneyRun } from '../../shared/domain/journeys/run.ts';
import type { EffectRef, FactValue } from '../../shared/domain/journeys/state.ts';

export interface JourneyArgs {
  v: 1;
  creatorId: string;
  enrollmentId: string;
  /** Set by continue-as-new: where the journey stands. Nothing undecided is ever left behind, so nothing else is carried. */
  carried?: { run: JourneyRun };
}

/** `id` names the reply for deduplication. */
export interface ReplyPayload {
  id: string;
  text: string;
  chosen?: EffectRef & { value: string };
}

/** Everything is optional so that a person can send it from the Temporal UI with no input at all. */
export interface ControlPayload {
  id?: string;
  reason?: string;
  /** Of `resume`: the remaining dates are put off by the pause, or stay. */
  mode?: 'shift' | 'compress';
  /** Of `shift`: by how many days the remaining dates are put off; one, where nothing is said. */
  days?: number;
  /** Of `unlock`: the step to open; what the journey is held at, where nothing is said. */
  stepKey?: string;
}

/** `id` names it for deduplication. */
export type ReviewPayload = { id: string } & EffectRef & ReviewVerdict;

/** Takes the journey to the version that the migration names; `undo` takes it back. `id` names it for deduplication. */
export interface MigratePayload {
  id: string;
  migrationId: string;
  undo?: true;
}

/** A subprogram of this journey is over. */
export interface EndedPayload extends EffectRef {
  /** The subprogram's enrollment. */
  id: string;
  status: 'finished' | 'exited';
  outcome: string;
}

/** A signal that the program declares, sent under its own name. */
export interface CustomPayload {
  id?: string;
  payload?: Record<string, FactValue>;
}

export const CONTROLS = ['pause', 'resume', 'skip', 'shift', 'unlock', 'exit', 'retry'] as const;
export type Control = (typeof CONTROLS)[number];

export const replySignal = defineSignal<[ReplyPayload]>('reply');
export const replyUpdate = defineUpdate<EventVerdict, [ReplyPayload]>('reply');
export const reviewSignal = defineSignal<[ReviewPayload]>('review');
export const reviewUpdate = defineUpdate<EventVerdict, [ReviewPayload]>('review');
export const migrateSignal = defineSignal<[MigratePayload]>('migrate');
export const migrateUpdate = defineUpdate<EventVerdict, [MigratePayload]>('migrate');
/** Something that conditions may read has changed. */
export const changedSignal = defineSignal<[{ id?: string }?]>('changed');
export const endedSignal = defineSignal<[EndedPayload]>('ended');
export const controlSignal = (name: Control) => defineSignal<[ControlPayload?]>(name);
export const controlUpdate = (name: Control) => defineUpdate<EventVerdict, [ControlPayload?]>(name);
export const progressQuery = defineQuery<JourneyProgress>('progress');
