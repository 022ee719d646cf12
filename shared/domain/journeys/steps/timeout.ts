/** A limit to waiting for the coachee, a person of the team or the world. */
import { z } from 'zod';
import { duration, durationSeconds, stepKey } from './fields.ts';
import type { Exit, Move } from './kind.ts';

/** `goTo`: where an unanswered step leads; on, where it names nothing. */
export const timeout = z.strictObject({ after: duration, goTo: stepKey.optional() });

export type Timeout = z.output<typeof timeout>;

interface MayTimeOut {
  timeout?: Timeout | undefined;
}

export function afterTimeout({ timeout }: MayTimeOut): Move {
  return timeout?.goTo === undefined ? { move: 'goOn' } : { move: 'goTo', stepKey: timeout.goTo };
}

/** The exits of a step that waits for a person. */
export function answeredOrNot(step: MayTimeOut): Exit[] {
  return [{ to: null, path: ['next'], pause: 'person' }, ...timeoutExit(step)];
}

/** Less than a minute does not slow a round down. */
export function timeoutExit({ timeout }: MayTimeOut): Exit[] {
  if (!timeout) return [];
  const pause = durationSeconds(timeout.after) >= 60 ? 'time' : 'none';
  return [{ to: timeout.goTo ?? null, path: ['timeout', 'goTo'], pause }];
}
