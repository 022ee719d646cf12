/** The stretches of time in which a zone's offset from UTC stays the same. */
import { Temporal } from 'temporal-polyfill';

/** From `fromMs` (inclusive) to `toMs` (exclusive), in epoch milliseconds, local time is UTC + `offsetMs`. */
export interface OffsetSpan {
  fromMs: number;
  toMs: number;
  offsetMs: number;
}

/** No zone has ever moved its clocks by more than 24 hours: so far from a change every local time is unique. */
const MARGIN_MS = 25 * 3_600_000;

/** Zones whose spans are kept; there are about 600 names, so the bound is for misspelt capitals only. */
const ZONES_MAX = 1000;
const spansByZone = new Map<string, OffsetSpan[]>();

/** The span that the instant lies in. Throws a RangeError for an unknown zone. */
export function offsetSpanAt(epochMs: number, timeZone: string): OffsetSpan {
  let spans = spansByZone.get(timeZone);
  const known = spans?.find((span) => epochMs >= span.fromMs && epochMs < span.toMs);
  if (known) return known;
  const span = findSpan(epochMs, timeZone);
  if (!spans) {
    if (spansByZone.size >= ZONES_MAX) spansByZone.clear();
    spans = [];
    spansByZone.set(timeZone, spans);
  }
  spans.push(span);
  return span;
}

/** Whether the clock shows what it shows at this instant, somewhere in the span, only once. */
export function isFarFromChange(epochMs: number, { fromMs, toMs }: OffsetSpan): boolean {
  return epochMs >= fromMs + MARGIN_MS && epochMs < toMs - MARGIN_MS;
}

function findSpan(epochMs: number, timeZone: string): OffsetSpan {
  const at = Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(timeZone);
  const next = at.getTimeZoneTransition('next');
  // 'previous' is strictly before, and `at` may be the first instant of its span: look from one instant later.
  const previous = at.add({ nanoseconds: 1 }).getTimeZoneTransition('previous');
  return {
    fromMs: previous?.epochMilliseconds ?? -Infinity,
    toMs: next?.epochMilliseconds ?? Infinity,
    offsetMs: at.offsetNanoseconds / 1e6,
  };
}
