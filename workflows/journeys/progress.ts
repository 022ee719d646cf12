import type { JourneyEffect, JourneyProgress, JourneyRun } from '../../shared/domain/journeys/run.ts';

/** A run in plain language, for the `progress` query and the Temporal UI's current details. */
export const progressOf = (run: JourneyRun | null): JourneyProgress => {
  if (run === null) {
    return {
      status: 'starting',
      stepKey: null,
      awaitingReply: false,
      doing: 'Starting',
      dueAt: null,
      parkedReason: null,
    };
  }
  const { state, effect } = run;
  return {
    status: state.status,
    stepKey: state.at,
    awaitingReply: state.pending?.kind === 'reply',
    doing: doing(effect),
    dueAt: effect.kind === 'wait' && effect.dueAtMs !== null ? new Date(effect.dueAtMs).toISOString() : null,
    parkedReason: state.parkedReason,
  };
};

const doing = (effect: JourneyEffect): string => (effect.kind === 'end' ? `Ended: ${effect.outcome}` : effect.summary);
