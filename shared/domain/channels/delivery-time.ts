/** When a message may go, by the wishes of the coachee it is for. */
import { timeIn } from '../journeys/calendar.ts';
import type { WaitRule } from '../journeys/state.ts';
import type { DeliveryPolicy } from './delivery-policy.ts';

export interface Moment {
  /** What the coachee's clock shows: `Mon 2026-03-02T09:00:00+01:00`. */
  local: string;
  /** Messages that this local day has brought already, of all programs. */
  sentToday: number;
}

const NEXT_DAY = '00:00';

/**
 * Until when a message that time brings must wait, and why, in plain words; null: it may go. What the coachee asked for by their own word is never held up.
 * Quiet hours whose ends are the same are none.
 */
export const postponement = (
  { quietHours, maxPerDay }: DeliveryPolicy,
  { local, sentToday }: Moment,
): { rule: WaitRule; why: string } | null => {
  if (maxPerDay !== undefined && sentToday >= maxPerDay) {
    const why = `The coachee has had ${sentToday} messages today, and wants ${maxPerDay} at most.`;
    return { rule: { kind: 'localTime', time: NEXT_DAY }, why };
  }
  if (!quietHours || !isWithin(quietHours, timeIn(local))) return null;
  const { from, to } = quietHours;
  return { rule: { kind: 'localTime', time: to }, why: `The coachee is not to be disturbed from ${from} to ${to}.` };
};

/** Times compare as texts; `from` belongs to the quiet hours, `to` does not. */
const isWithin = ({ from, to }: { from: string; to: string }, time: string): boolean =>
  from <= to ? time >= from && time < to : time >= from || time < to;
