/**
 * What becomes of a message that comes late, after an outage or a pause: it is sent all the same, it is joined with others that come at that
 * moment into one, or it is dropped once so much time has passed since its own moment.
 */
import { z } from 'zod';
import { duration, durationSeconds } from './fields.ts';

export const latePolicy = z.union([z.enum(['send', 'merge']), z.strictObject({ dropAfter: duration })]);

export type LatePolicy = z.output<typeof latePolicy>;

/** Why it is not to be sent any more, in plain words; null: it may go. */
export function tooLate(policy: LatePolicy | undefined, lateSeconds = 0): string | null {
  if (typeof policy !== 'object' || lateSeconds <= durationSeconds(policy.dropAfter)) return null;
  const hours = Math.floor(lateSeconds / 3600);
  return `It would have come ${hours >= 48 ? `${Math.floor(hours / 24)} days` : `${hours} h`} late.`;
}
