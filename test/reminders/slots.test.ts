/** Which slots are due: whatever a coachee's zones, each owed slot once and none lost. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { datesBetween, nextDate } from '../../shared/calendar/recurrence.ts';
import { localAt, resolveSlot } from '../../shared/calendar/slots.ts';
import { addDays, datesFrom } from '../../shared/domain/habits/days.ts';
import type { RuleCursor } from '../../shared/domain/reminders/fires.ts';
import type { ReminderRule } from '../../shared/domain/reminders/rule.ts';
import { dueSlots, type OwedRule, type Slot, slotKey } from '../../shared/domain/reminders/slots.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const calendar = { datesBetween, nextDate, resolveSlot, localAt };

const owed = (id: string, rule: ReminderRule, anchor: string): OwedRule => ({
  ...{ id, revision: 1, rule, anchors: [anchor], notBefore: null },
  asks: () => true,
});

/** Lives through looks as the workflow does: at each change of zone, and whenever the next slot is due. */
const live = (
  rules: OwedRule[],
  moves: { atMs: number; timeZone: string }[],
  endMs: number,
  spreadMs: (date: string) => number = () => 0,
) => {
  const settled = new Set<string>();
  const fired: (Slot & { lookedAtMs: number })[] = [];
  let cursors: Record<string, RuleCursor> = {};
  const repeats: string[] = [];
  const look = (nowMs: number, timeZone: string): number | null => {
    const today = localAt(nowMs, timeZone).date;
    const [oldest = today] = [today, ...Object.values(cursors).map(({ settledBefore }) => settledBefore)].sort();
    // As they are read from the table: what is older is not looked at again.
    const known = new Set([...settled].filter((key) => (key.split('|')[1] ?? '') >= oldest));
    const seen = dueSlots({
      ...{ rules, cursors, settled: known, nowMs, untilMs: nowMs, timeZone, spreadMs, calendar },
    });
    cursors = seen.cursors;
    for (const slot of seen.due) {
      const key = slotKey(slot.ruleId, slot.date, slot.time);
      if (settled.has(key)) repeats.push(key);
      settled.add(key);
      fired.push({ ...slot, lookedAtMs: nowMs });
    }
    return seen.next?.atMs ?? null;
  };
  for (const [index, { atMs, timeZone }] of moves.entries()) {
    const untilMs = moves[index + 1]?.atMs ?? endMs;
    let nowMs: number | null = atMs;
    while (nowMs !== null && nowMs < untilMs) {
      const next = look(nowMs, timeZone);
      if (next !== null && next <= nowMs) throw new Error('The next slot is not after now');
      nowMs = next;
    }
  }
  return { fired, repeats, settled };
};

const ZONES = Intl.supportedValuesOf('timeZone').filter((zone) => !zone.startsWith('Etc/'));
const startMs = Date.parse('2026-01-15T12:00:00Z');

describe('a coachee who moves', () => {
  it('10,000 times: no slot twice, none lost, and none before its local time', () => {
    let moves = 0;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.nat()), { minLength: 24, maxLength: 30 }),
        fc.uniqueArray(
          fc
            .tuple(fc.nat({ max: 23 }), fc.constantFrom('00', '15', '30', '59'))
            .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${minute}`),
          { minLength: 1, maxLength: 3 },
        ),
        fc.boolean(),
        fc.nat({ max: 365 }),
        (hops, times, spreads, dayOfYear) => {
          const beginMs = startMs + dayOfYear * DAY_MS;
          let atMs = beginMs;
          const route = [{ atMs, timeZone: 'Europe/Berlin' }];
          for (const [hours, index] of hops) {
            atMs += hours * HOUR_MS + (index % 60) * 60_000;
            route.push({ atMs, timeZone: ZONES[index % ZONES.length] ?? 'UTC' });
          }
          moves += hops.length;
          const endMs = atMs + 3 * DAY_MS;
          const zone = route.at(-1)?.timeZone ?? 'UTC';
          const rule: ReminderRule = { times: [...times].sort() };
          const spreadMs = (date: string) => (spreads ? (Number(date.slice(-2)) % 15) * 60_000 : 0);
          const { fired, repeats, settled } = live(
            [owed('r', rule, localAt(beginMs, 'UTC').date)],
            route,
            endMs,
            spreadMs,
          );
          expect(repeats).toEqual([]);
          // Everything that the coachee's clock has passed, from when it began, has been settled.
          const began = localAt(beginMs, 'Europe/Berlin');
          const passed = localAt(endMs - 15 * 60_000, zone);
          for (const date of datesFrom(began.date, addDays(passed.date, -1))) {
            for (const time of times) {
              if (`${date}T${time}` < `${began.date}T${began.time}`) continue;
              expect(settled.has(slotKey('r', date, time)), `${date} ${time}`).toBe(true);
            }
          }
          for (const { atMs: due, lookedAtMs } of fired) expect(lookedAtMs).toBeGreaterThanOrEqual(due);
        },
      ),
      { numRuns: 420 },
    );
    expect(moves).toBeGreaterThanOrEqual(10_000);
  });

  it('is told at the moment of the slot, whoever else looks in between', () => {
    const { fired } = live(
      [owed('r', { times: ['09:00'] }, '2026-01-15')],
      [{ atMs: startMs, timeZone: 'Asia/Tokyo' }],
      startMs + 5 * DAY_MS,
    );
    expect(fired.map(({ date, lookedAtMs }) => [date, new Date(lookedAtMs).toISOString()])).toEqual(
      [16, 17, 18, 19, 20].map((day) => [`2026-01-${day}`, `2026-01-${day}T00:00:00.000Z`]),
    );
  });
});

describe('a rule', () => {
  const zone = { atMs: startMs, timeZone: 'Europe/Berlin' };

  it('owes nothing of before it was made, nor of before its habit was taken up', () => {
    const { fired } = live(
      [{ ...owed('r', { times: ['08:00'] }, '2026-01-15'), notBefore: '2026-01-18T00:00' }],
      [zone],
      startMs + 5 * DAY_MS,
    );
    expect(fired.map(({ date }) => date)).toEqual(['2026-01-18', '2026-01-19', '2026-01-20']);
  });

  it('whose times are changed owes what lies ahead', () => {
    const at = (rule: OwedRule, cursors: Record<string, RuleCursor>, nowMs: number) =>
      dueSlots({
        ...{
          rules: [rule],
          cursors,
          settled: new Set(),
          nowMs,
          untilMs: nowMs,
          timeZone: 'UTC',
          spreadMs: () => 0,
          calendar,
        },
      });
    const before = owed('r', { times: ['18:00'] }, '2026-01-15');
    const { cursors } = at(before, {}, startMs);
    const changed = { ...before, revision: 2, rule: { times: ['09:00'] } };
    const after = at(changed, cursors, startMs + HOUR_MS);
    expect(after.due).toEqual([]);
    expect(after.next).toMatchObject({ date: '2026-01-16', time: '09:00' });
  });

  it('of rare dates is found far ahead, and one that has none is over', () => {
    const next = (rule: ReminderRule) =>
      dueSlots({
        ...{
          rules: [owed('r', rule, '2026-01-15')],
          cursors: {},
          settled: new Set(),
          nowMs: startMs,
          untilMs: startMs,
        },
        ...{ timeZone: 'UTC', spreadMs: () => 0, calendar },
      }).next;
    expect(next({ times: ['09:00'], rrule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29' })?.date).toBe('2028-02-29');
    expect(next({ times: ['09:00'], date: { on: '2026-03-01', plusDays: -3 } })?.date).toBe('2026-02-26');
    expect(next({ times: ['09:00'], endDate: '2026-01-14' })).toBeNull();
  });

  it('keeps its order of instants where clocks are put forward', () => {
    // In Berlin 02:30 of 29 March is 03:30, after 03:00 of the same night.
    const beginMs = Date.parse('2026-03-28T12:00:00Z');
    const { fired } = live(
      [owed('r', { times: ['02:30', '03:00'] }, '2026-03-28')],
      [{ ...zone, atMs: beginMs }],
      beginMs + DAY_MS,
    );
    expect(fired.map(({ time, lookedAtMs }) => `${time} ${new Date(lookedAtMs).toISOString()}`)).toEqual([
      '03:00 2026-03-29T01:00:00.000Z',
      '02:30 2026-03-29T01:30:00.000Z',
    ]);
  });

  it('names a date that a zone skips', () => {
    const beginMs = Date.parse('2011-12-29T12:00:00Z');
    const { fired } = live(
      [owed('r', { times: ['09:00'] }, '2011-12-28')],
      [{ atMs: beginMs, timeZone: 'Pacific/Apia' }],
      beginMs + 3 * DAY_MS,
    );
    expect(fired.map(({ date, resolved }) => [date, resolved])).toEqual([
      ['2011-12-29', null],
      ['2011-12-30', 'absent'],
      ['2011-12-31', null],
      ['2012-01-01', null],
    ]);
  });
});
