/**
 * What clocks on a wall show, read off `Intl.DateTimeFormat` and nothing else: the judge of shared/calendar, which is built on
 * Temporal and on spans of offsets. Wall times are written as if they were UTC, in epoch milliseconds.
 */
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export type Trouble = 'gap' | 'overlap' | 'absent' | null;
type Clock = (epochMs: number) => number;

export const wallClock = (timeZone: string): Clock => {
  const two = '2-digit' as const;
  const parts = { year: 'numeric', month: two, day: two, hour: two, minute: two, second: two } as const;
  const format = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', ...parts });
  return (epochMs) => {
    const [month = 0, day = 0, year = 0, hour, minute, second] = (format.format(epochMs).match(/\d+/g) ?? []).map(
      Number,
    );
    return Date.UTC(year, month - 1, day, hour, minute, second);
  };
};

/** The instants in [fromMs, toMs) from which on the clock is ahead of UTC by more or less than before, to the second. */
export const changesOf = (clock: Clock, fromMs: number, toMs: number, stepMs: number): number[] => {
  const changes: number[] = [];
  let aheadMs = clock(fromMs) - fromMs;
  for (let atMs = fromMs + stepMs; atMs < toMs + stepMs; atMs += stepMs) {
    const nowAheadMs = clock(atMs) - atMs;
    if (nowAheadMs === aheadMs) continue;
    const before = aheadMs;
    changes.push(firstInstant(atMs - stepMs, atMs, (ms) => clock(ms) - ms !== before));
    aheadMs = nowAheadMs;
  }
  return changes;
};

/** The first whole second after `fromMs`, where `is` is false, and up to `toMs`, where it is true. */
const firstInstant = (fromMs: number, toMs: number, is: (epochMs: number) => boolean): number => {
  let [no, yes] = [fromMs / 1000, toMs / 1000];
  while (yes - no > 1) {
    const middle = Math.floor((no + yes) / 2);
    if (is(middle * 1000)) yes = middle;
    else no = middle;
  }
  return yes * 1000;
};

/** Where slots of the days around an instant belong: looks at the clock of every half hour there, once. */
export const slotsAround = (clock: Clock, aroundMs: number) => {
  const ahead = new Set<number>();
  for (let ms = aroundMs - 5 * DAY_MS; ms < aroundMs + 5 * DAY_MS; ms += HOUR_MS / 2) ahead.add(clock(ms) - ms);
  return (wallMs: number): { atMs: number; resolved: Trouble } => {
    const shown = [...ahead].map((ms) => wallMs - ms).filter((atMs) => clock(atMs) === wallMs);
    if (shown.length > 0) return { atMs: Math.min(...shown), resolved: shown.length > 1 ? 'overlap' : null };
    const jumpMs = firstInstant(wallMs - 2 * DAY_MS, wallMs + 2 * DAY_MS, (ms) => clock(ms) > wallMs);
    const lastShownMs = clock(jumpMs - 1000);
    const dayMs = Math.floor(wallMs / DAY_MS) * DAY_MS;
    const skipsDate = lastShownMs < dayMs && clock(jumpMs) >= dayMs + DAY_MS;
    // As long after the jump as the slot is after what the clock would have shown there.
    return { atMs: jumpMs + (wallMs - lastShownMs - 1000), resolved: skipsDate ? 'absent' : 'gap' };
  };
};
