/**
 * The time a journey lives in. A test enrollment has a pace: so many real milliseconds to a day of waiting. Only waiting
 * is compressed, what is done in between takes the time it takes; so virtual time is real time plus an offset that grows.
 */
const DAY_MS = 86_400_000;

/** `msPerDay` null: real time. Both in milliseconds; `offsetMs` begins at 0. */
export interface JourneyClock {
  offsetMs: number;
  msPerDay: number | null;
}

/** The journey's time at the real instant `realNowMs`, in epoch milliseconds. */
export function virtualNow(clock: JourneyClock, realNowMs: number): number {
  return realNowMs + clock.offsetMs;
}

/** How long to sleep, in whole real milliseconds, until `dueAtMs` of the journey's time; 0 when it is past. */
export function realWaitMs(clock: JourneyClock, realNowMs: number, dueAtMs: number): number {
  const virtualMs = Math.max(0, dueAtMs - virtualNow(clock, realNowMs));
  return clock.msPerDay === null ? virtualMs : Math.ceil((virtualMs * clock.msPerDay) / DAY_MS);
}

/**
 * The clock after a wait from `startedRealMs` to `endedRealMs`, slept to its end or cut short by a reply. A wait that came
 * to its end ends at `dueAtMs` exactly, however late the timer fired; null: it waited for a person alone.
 */
export function afterWait(
  clock: JourneyClock,
  startedRealMs: number,
  endedRealMs: number,
  dueAtMs: number | null,
): JourneyClock {
  if (clock.msPerDay === null) return clock;
  const sleptMs = Math.max(0, endedRealMs - startedRealMs);
  const startMs = virtualNow(clock, startedRealMs);
  const passedMs = Math.round((sleptMs * DAY_MS) / clock.msPerDay);
  const endMs = dueAtMs === null ? startMs + passedMs : Math.min(startMs + passedMs, Math.max(dueAtMs, startMs));
  return { ...clock, offsetMs: endMs - endedRealMs };
}
