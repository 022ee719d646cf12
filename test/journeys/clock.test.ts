import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterWait, type JourneyClock, realWaitMs, virtualNow } from '../../shared/domain/journeys/clock.ts';

const DAY_MS = 86_400_000;
const NOW_MS = Date.UTC(2026, 2, 1);
const pace = fc.integer({ min: 1, max: DAY_MS });
const offset = fc.integer({ min: 0, max: 400 * DAY_MS });
const clock = fc.record({ offsetMs: offset, msPerDay: pace });
const span = fc.integer({ min: 0, max: 30 * DAY_MS });

describe('the clock of a test enrollment', () => {
  it('sleeps two seconds for a day at that pace, and then a day has passed', () => {
    const start: JourneyClock = { offsetMs: 0, msPerDay: 2000 };
    const dueAtMs = NOW_MS + DAY_MS;
    expect(realWaitMs(start, NOW_MS, dueAtMs)).toBe(2000);
    const after = afterWait(start, NOW_MS, NOW_MS + 2000, dueAtMs);
    expect(virtualNow(after, NOW_MS + 2000)).toBe(dueAtMs);
    // What is done between waits takes the time it takes.
    expect(virtualNow(after, NOW_MS + 2500)).toBe(dueAtMs + 500);
  });

  it('a wait that a reply cuts short has passed in part', () => {
    const after = afterWait({ offsetMs: 0, msPerDay: 2000 }, NOW_MS, NOW_MS + 500, NOW_MS + DAY_MS);
    expect(virtualNow(after, NOW_MS + 500)).toBe(NOW_MS + DAY_MS / 4);
  });

  it('a wait for a person alone passes at the same pace', () => {
    const after = afterWait({ offsetMs: 0, msPerDay: 2000 }, NOW_MS, NOW_MS + 4000, null);
    expect(virtualNow(after, NOW_MS + 4000)).toBe(NOW_MS + 2 * DAY_MS);
  });

  it('a wait slept to its end ends when it was due, however late the timer fired', () => {
    fc.assert(
      fc.property(clock, span, fc.integer({ min: 0, max: 60_000 }), (before, waitMs, lateMs) => {
        const dueAtMs = virtualNow(before, NOW_MS) + waitMs;
        const endedMs = NOW_MS + realWaitMs(before, NOW_MS, dueAtMs) + lateMs;
        expect(virtualNow(afterWait(before, NOW_MS, endedMs, dueAtMs), endedMs)).toBe(dueAtMs);
      }),
    );
  });

  it('never goes back, nor past what is due', () => {
    fc.assert(
      fc.property(clock, span, span, (before, sleptMs, waitMs) => {
        const startMs = virtualNow(before, NOW_MS);
        const nowMs = virtualNow(afterWait(before, NOW_MS, NOW_MS + sleptMs, startMs + waitMs), NOW_MS + sleptMs);
        expect(nowMs).toBeGreaterThanOrEqual(startMs);
        expect(nowMs).toBeLessThanOrEqual(startMs + waitMs);
      }),
    );
  });

  it('two parts of a wait are as long as the whole, give or take a rounding', () => {
    fc.assert(
      fc.property(clock, fc.nat(100_000), fc.nat(100_000), (before, firstMs, secondMs) => {
        const middleMs = NOW_MS + firstMs;
        const endMs = middleMs + secondMs;
        const parts = afterWait(afterWait(before, NOW_MS, middleMs, null), middleMs, endMs, null);
        const whole = afterWait(before, NOW_MS, endMs, null);
        expect(Math.abs(parts.offsetMs - whole.offsetMs)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('the clock of a real enrollment', () => {
  it('is real time, whatever is waited for', () => {
    fc.assert(
      fc.property(span, span, (sleptMs, waitMs) => {
        const real: JourneyClock = { offsetMs: 0, msPerDay: null };
        expect(realWaitMs(real, NOW_MS, NOW_MS + waitMs)).toBe(waitMs);
        expect(afterWait(real, NOW_MS, NOW_MS + sleptMs, NOW_MS + waitMs)).toBe(real);
        expect(realWaitMs(real, NOW_MS, NOW_MS - 1 - waitMs)).toBe(0);
      }),
    );
  });
});
