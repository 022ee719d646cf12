/**
 * A slot, a local date and time of day, as an instant (docs/decisions/0024-slots-of-local-time.md). All of it is arithmetic
 * on the spans of a zone's offset: far from a change one span says it, near one its neighbours are asked too.
 */
import { DAY_MS, dateOf, dayOf, timeOfDayMs } from './local-dates.ts';
import { isFarFromChange, type OffsetSpan, offsetSpanAt } from './offset-spans.ts';

/**
 * What stands between a slot and the one instant at which a clock shows it. `gap`: clocks skip it; `overlap`: they show it
 * twice; `absent`: they skip the whole date (Pacific/Apia, 30 December 2011).
 */
export type SlotTrouble = 'gap' | 'overlap' | 'absent';

/** `atMs`, in epoch milliseconds: of a slot that is skipped the later instant, of one that comes twice the first. */
export interface ResolvedSlot {
  atMs: number;
  resolved: SlotTrouble | null;
}

/** `date` is `YYYY-MM-DD`, `time` is `HH:MM`. Throws a RangeError for an unknown zone and for a date that is none. */
export function resolveSlot(date: string, time: string, timeZone: string): ResolvedSlot {
  const dayMs = dayOf(date) * DAY_MS;
  const wallMs = dayMs + timeOfDayMs(time);
  const span = offsetSpanAt(wallMs, timeZone);
  const atMs = wallMs - span.offsetMs;
  return isFarFromChange(atMs, span) ? { atMs, resolved: null } : resolveNearChange(dayMs, wallMs, timeZone);
}

/** What a clock there shows: `{ date: '2026-03-02', time: '09:00' }`. Throws a RangeError for an unknown zone. */
export function localAt(epochMs: number, timeZone: string): { date: string; time: string } {
  const localMs = epochMs + offsetSpanAt(epochMs, timeZone).offsetMs;
  const day = Math.floor(localMs / DAY_MS);
  const minute = Math.floor((localMs - day * DAY_MS) / 60_000);
  return { date: dateOf(day), time: `${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}` };
}

function resolveNearChange(dayMs: number, wallMs: number, timeZone: string): ResolvedSlot {
  const spans = spansAround(wallMs, timeZone);
  const [first, ...others] = spans.filter((span) => shows(span, wallMs)).map(({ offsetMs }) => wallMs - offsetMs);
  if (first !== undefined) return { atMs: first, resolved: others.length > 0 ? 'overlap' : null };
  // Of those that end before the clock comes to the slot the last: it would have come to it at this instant.
  const before = spans.findLast(({ toMs, offsetMs }) => toMs + offsetMs <= wallMs) ?? spans[0];
  if (!before) throw new Error('A zone without an offset');
  const exists = spans.some(
    (span) => span.fromMs + span.offsetMs < dayMs + DAY_MS && span.toMs + span.offsetMs > dayMs,
  );
  return { atMs: wallMs - before.offsetMs, resolved: exists ? 'gap' : 'absent' };
}

/** In their order; an instant that shows the slot is less than two days from it, read as UTC. */
function spansAround(wallMs: number, timeZone: string): OffsetSpan[] {
  const spans = [offsetSpanAt(wallMs - 2 * DAY_MS, timeZone)];
  for (let last = spans[0]; last && last.toMs < wallMs + 2 * DAY_MS; ) {
    last = offsetSpanAt(last.toMs, timeZone);
    spans.push(last);
  }
  return spans;
}

function shows({ fromMs, toMs, offsetMs }: OffsetSpan, wallMs: number): boolean {
  const atMs = wallMs - offsetMs;
  return atMs >= fromMs && atMs < toMs;
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}
