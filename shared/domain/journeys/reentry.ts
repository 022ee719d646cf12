import type { Reentry } from './definition.ts';

const DAY_MS = 86_400_000;

/** Whether a coachee may live a program once more, and when: `possibleFromMs` (Unix milliseconds) is null for never. */
export type ReentryVerdict = { allowed: true } | { allowed: false; possibleFromMs: number | null };

/** `lastEndedMs`: when they last came to an end in it; null where they never did. */
export const mayReenter = (rule: Reentry, lastEndedMs: number | null, nowMs: number): ReentryVerdict => {
  if (lastEndedMs === null || rule === 'afterEnd') return { allowed: true };
  if (rule === 'never') return { allowed: false, possibleFromMs: null };
  const possibleFromMs = lastEndedMs + rule.afterDays * DAY_MS;
  return possibleFromMs <= nowMs ? { allowed: true } : { allowed: false, possibleFromMs };
};
