import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterWait,
  type JourneyClock,
  type PacedWait,
  REPLY_AT_LEAST_MS,
  realWaitMs,
  virtualNow,
} from '../../shared/domain/journeys/clock.ts';

const DAY_MS = 86_400_000;
const NOW_MS = Date.UTC(2026, 2, 1);
const pace = fc.integer({ min: 1, max: DAY_MS });
const offset = fc.integer({ min: 0, max: 400 * DAY_MS });
const clock = fc.record({ offsetMs: offset, msPerDay: pace });
const span = fc.integer({ min: 0, max: 30 * DAY_MS });

/** A wait of `waitMs` journey time that begins now, as a shell sleeps it. */
const waitOf = (clock: JourneyClock, waitMs: number, forReply = false): PacedWait => {
  const dueAtMs = virtualNow(clock, NOW_MS) + waitMs;
  return { sinceMs: NOW_MS, endsMs: NOW_MS + realWaitMs(clock, NOW_MS, dueAtMs, forReply), dueAtMs };
};

const TWO_SECONDS_A_DAY: JourneyClock = { offsetMs: 0, msPerDay: 2000 };

describe('the clock of a test enrollment', () => {
  it('sleeps two seconds for a day at that pace, and then a day has passed', () => {
    const wait = waitOf(TWO_SECONDS_A_DAY, DAY_MS);
    expect(wait.endsMs).toBe(NOW_MS + 2000);
    const after = afterWait(TWO_SECONDS_A_DAY, wait, NOW_MS + 2000);
    expect(virtualNow(after, NOW_MS + 2000)).toBe(NOW_MS + DAY_MS);
    // What is done between waits takes the time it takes.
    expect(virtualNow(after, NOW_MS + 2500)).toBe(NOW_MS + DAY_MS + 500);
  });

  it('a wait that something cuts short has passed in part', () => {
    const after = afterWait(TWO_SECONDS_A_DAY, waitOf(TWO_SECONDS_A_DAY, DAY_MS), NOW_MS + 500);
    expect(virtualNow(after, NOW_MS + 500)).toBe(NOW_MS + DAY_MS / 4);
  });

  it('a wait for a person alone takes the time it takes', () => {
    expect(afterWait(TWO_SECONDS_A_DAY, null, NOW_MS + 4000)).toBe(TWO_SECONDS_A_DAY);
  });

  it('leaves a person half a minute for an answer, and its timeout is exact all the same', () => {
    const wait = waitOf(TWO_SECONDS_A_DAY, DAY_MS, true);
    expect(wait.endsMs).toBe(NOW_MS + REPLY_AT_LEAST_MS);
    const half = NOW_MS + REPLY_AT_LEAST_MS / 2;
    expect(virtualNow(afterWait(TWO_SECONDS_A_DAY, wait, half), half)).toBe(NOW_MS + DAY_MS / 2);
    expect(virtualNow(afterWait(TWO_SECONDS_A_DAY, wait, wait.endsMs), wait.endsMs)).toBe(NOW_MS + DAY_MS);
  });

  it('never makes a timeout longer than it really is', () => {
    fc.assert(
      fc.property(clock, span, (before, waitMs) => {
        const { sinceMs, endsMs } = waitOf(before, waitMs, true);
        expect(endsMs - sinceMs).toBeLessThanOrEqual(waitMs);
      }),
    );
  });

  it('a wait slept to its end ends when it was due, however late the timer fired', () => {
    fc.assert(
      fc.property(
        clock,
        span,
        fc.boolean(),
        fc.integer({ min: 0, max: 60_000 }),
        (before, waitMs, forReply, lateMs) => {
          const wait = waitOf(before, waitMs, forReply);
          const endedMs = wait.endsMs + lateMs;
          expect(virtualNow(afterWait(before, wait, endedMs), endedMs)).toBe(wait.dueAtMs);
        },
      ),
    );
  });

  it('never goes back, nor past what is due', () => {
    fc.assert(
      fc.property(clock, span, span, fc.boolean(), (before, sleptMs, waitMs, forReply) => {
        const wait = waitOf(before, waitMs, forReply);
        const nowMs = virtualNow(afterWait(before, wait, NOW_MS + sleptMs), NOW_MS + sleptMs);
        expect(nowMs).toBeGreaterThanOrEqual(virtualNow(before, NOW_MS));
        expect(nowMs).toBeLessThanOrEqual(wait.dueAtMs);
      }),
    );
  });

  it('two parts of a wait are as long as the whole, give or take a rounding', () => {
    fc.assert(
      fc.property(clock, span, fc.nat(100_000), fc.nat(100_000), (before, waitMs, firstMs, secondMs) => {
        const wait = waitOf(before, waitMs);
        const middleMs = NOW_MS + firstMs;
        const endMs = middleMs + secondMs;
        const first = afterWait(before, wait, middleMs);
        const parts = afterWait(first, { ...wait, sinceMs: middleMs }, endMs);
        expect(Math.abs(parts.offsetMs - afterWait(before, wait, endMs).offsetMs)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('the clock of a real enrollment', () => {
  it('is real time, whatever is waited for', () => {
    fc.assert(
      fc.property(span, span, fc.boolean(), (sleptMs, waitMs, forReply) => {
        const real: JourneyClock = { offsetMs: 0, msPerDay: null };
        const wait = waitOf(real, waitMs, forReply);
        expect(wait.endsMs).toBe(NOW_MS + waitMs);
        expect(afterWait(real, wait, NOW_MS + sleptMs)).toBe(real);
        expect(realWaitMs(real, NOW_MS, NOW_MS - 1 - waitMs, forReply)).toBe(0);
      }),
    );
  });
});
