/**
 * A worker may end between the commit of a decision and the server's knowing of it. The next attempt then asks again from where the server stands,
 * maybe with another event that came in meanwhile. What is committed stands: a decision made anew would read facts that the lost one has written, and
 * leave its message and its lines behind.
 */
import type { JourneyEvent } from './messages.ts';
import type { DecideOutput, JourneyRun, LastDecision } from './run.ts';

/**
 * Where a run that is behind what was committed stands, or null when it is not behind. A new run of the workflow (`runId`: continue-as-new, a reset)
 * begins where it was told to.
 */
export const catchUp = (
  { run, event }: { run: JourneyRun | null; event: JourneyEvent },
  runId: string,
  last: LastDecision | null,
): DecideOutput | null => {
  if (last?.runId !== runId || (run?.turns ?? 0) >= last.run.turns) return null;
  if (last.event === nameOf(event)) {
    return { run: last.run, verdict: last.verdict, ...(last.tell && { tell: last.tell }) };
  }
  return { run: last.run, verdict: 'early', caughtUp: true };
};

/** An event's name: the same event has the same one in every attempt. */
export const nameOf = (event: JourneyEvent): string => {
  if ('id' in event) return `${event.type}/${event.id}`;
  return event.type === 'start' ? event.type : `${event.type}/${event.stepKey}/${event.occurrence}`;
};
