/** How a coachee wants to be written to: never in their quiet hours, so often a day at most, and where first. */
import type { ChannelKind } from './deliveries.ts';

export interface DeliveryPolicy {
  /** Local times (HH:MM); `from` after `to` spans midnight. What time brings waits for `to`; what a coachee asked for does not. */
  quietHours?: { from: string; to: string } | undefined;
  /** Messages that time brings, of all programs together, on one local day. */
  maxPerDay?: number | undefined;
  /** The channels to try, in this order; others come after them, the one that was used last first. */
  channels?: ChannelKind[] | undefined;
}
