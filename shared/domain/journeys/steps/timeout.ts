/** A limit to waiting for the coachee, a person of the team or the world. */
import { z } from 'zod';
import type { TimelineKind } from '../messages.ts';
import { deliveryRecord } from './delivery.ts';
import { duration, durationRule, durationSeconds, stepKey } from './fields.ts';
import type { Exit, Move, StepEvent, StepFinding, StepOutcome } from './kind.ts';

/** `goTo`: where an unanswered step leads; on, where it names nothing. */
export const timeout = z.strictObject({ after: duration, goTo: stepKey.optional() });

export type Timeout = z.output<typeof timeout>;

export interface MayTimeOut {
  timeout?: Timeout | undefined;
}

export function afterTimeout({ timeout }: MayTimeOut): Move {
  return timeout?.goTo === undefined ? { move: 'goOn' } : { move: 'goTo', stepKey: timeout.goTo };
}

/** Nothing came in time; null where there is no limit. */
export function timedOut(step: MayTimeOut): StepOutcome | null {
  return step.timeout ? { ...afterTimeout(step), changes: [{ record: 'timedOut' }] } : null;
}

/** What was sent waits for its answer now; what was left unsent goes where the unanswered goes. `sent`: the timeline's line. */
export function awaitAnswer(
  step: MayTimeOut,
  event: StepEvent & { type: 'delivered' },
  sent: TimelineKind,
): StepOutcome {
  const changes = [deliveryRecord(event, sent)];
  if (event.outcome === 'dropped') return { ...afterTimeout(step), changes };
  const unproven = event.outcome === 'ambiguous' && event.misses === 0;
  return { move: 'awaitReply', timeout: step.timeout ? durationRule(step.timeout.after) : null, unproven, changes };
}

/** The exits of a step that waits for the coachee's word. */
export function answeredOrNot(step: MayTimeOut): Exit[] {
  return [{ to: null, path: ['next'], pause: 'person', written: true }, ...timeoutExit(step)];
}

/** The exits of a step that waits for something else. What may have come about already surely puts no pause between. */
export function openedOrNot(step: MayTimeOut, pause: Exit['pause'] = 'none'): Exit[] {
  return [{ to: null, path: ['next'], pause, lasts: { least: 0, most: longest(step) } }, ...timeoutExit(step)];
}

/** Less than a minute does not slow a round down. A question that could not be sent leads there at once. */
export function timeoutExit(step: MayTimeOut): Exit[] {
  if (!step.timeout) return [];
  const seconds = longest(step);
  const pause = seconds >= 60 ? 'time' : 'none';
  return [{ to: step.timeout.goTo ?? null, path: ['timeout', 'goTo'], pause, lasts: { least: 0, most: seconds } }];
}

/** For how many seconds it waits at most. */
export function longest({ timeout }: MayTimeOut): number {
  return timeout ? durationSeconds(timeout.after) : Number.POSITIVE_INFINITY;
}

/** Nobody reads and answers faster than this, wherever they are when it comes. */
const SHORTEST_TIMEOUT_SECONDS = 600;

/** What can be wrong with how long a coachee is given. */
export function checkTimeout(step: MayTimeOut): StepFinding[] {
  if (longest(step) >= SHORTEST_TIMEOUT_SECONDS) return [];
  return [
    {
      code: 'timeoutTooShort',
      severity: 'warning',
      path: ['timeout', 'after'],
      message: 'Nobody is sure to read and answer within ten minutes.',
      remedy: 'Give some hours, better a day.',
    },
  ];
}
