/**
 * The time a journey lives in. A test enrollment has a pace: so many real milliseconds to a day of waiting. Only waiting
 * for a time is compressed, what is done in between takes the time it takes; so virtual time is real time plus an offset that grows.
 */
const DAY_MS = 86_400_000;

/** Whoever tries their own program still reads and types at a person's speed: a question's timeout leaves them this much. */
export const REPLY_AT_LEAST_MS = 30_000;

/** `msPerDay` null: real time. Both in milliseconds; `offsetMs` begins at 0. */
export interface JourneyClock {
  offsetMs: number;
  msPerDay: number | null;
}

/** A wait under way, in epoch milliseconds: slept in real time from `sinceMs` to `endsMs`, which is `dueAtMs` of the journey's time. */
export interface PacedWait {
  sinceMs: number;
  endsMs: number;
  dueAtMs: number;
}

/** The journey's time at the real instant `realNowMs`, in epoch milliseconds. */
export function virtualNow(clock: JourneyClock, realNowMs: number): number {
  return realNowMs + clock.offsetMs;
}

/** How long to sleep, in whole real milliseconds, until `dueAtMs` of the journey's time; 0 when it is past. `forReply`: it is a question's timeout. */
export function realWaitMs(clock: JourneyClock, realNowMs: number, dueAtMs: number, forReply = false): number {
  const virtualMs = Math.max(0, dueAtMs - virtualNow(clock, realNowMs));
  if (clock.msPerDay === null) return virtualMs;
  const pacedMs = Math.ceil((virtualMs * clock.msPerDay) / DAY_MS);
  return forReply ? Math.max(pacedMs, Math.min(virtualMs, REPLY_AT_LEAST_MS)) : pacedMs;
}

/**
 * The clock after a wait that ended at `endedMs`, slept to its end or cut short by a reply. A wait that came to its end ends at
 * `dueAtMs` exactly, however late the timer fired. Null, a wait for a person alone, takes the time it takes.
 */
export function afterWait(clock: JourneyClock, wait: PacedWait | null, endedMs: number): JourneyClock {
  if (clock.msPerDay === null || wait === null) return clock;
  const startMs = virtualNow(clock, wait.sinceMs);
  const wholeMs = wait.endsMs - wait.sinceMs;
  const passed = wholeMs <= 0 ? 1 : Math.min(1, Math.max(0, endedMs - wait.sinceMs) / wholeMs);
  const endMs = startMs + Math.round(passed * Math.max(0, wait.dueAtMs - startMs));
  return { ...clock, offsetMs: endMs - endedMs };
}
