/** How a simulated coachee is reached: as services/deliveries.ts finds the best route, from what the persona says. */
import type { ChannelKind } from '../../channels/deliveries.ts';
import type { OutgoingMessage } from '../messages.ts';
import type { KnownOutcome } from '../turns.ts';
import { fallsInto, type Persona } from './persona.ts';

/** By which channel it goes, or what becomes of it where none takes it. */
export type SimulatedRoute = { channel: ChannelKind } | { channel: null; outcome: KnownOutcome };

const UNREACHABLE = 'The coachee has no channel that takes messages.';
const NO_ADDRESS = 'The coachee has no email address.';

/** `afterMs`: milliseconds from the start. */
export function simulatedRoute(
  persona: Persona,
  message: OutgoingMessage | undefined,
  afterMs: number,
): SimulatedRoute {
  const { channels, deliveryPolicy, channelFailures } = persona;
  if (!channels && !channelFailures) return { channel: message?.email ? 'email' : 'web' };
  const reachedOn = channels ?? ['web', 'email'];
  if (message?.email && !reachedOn.includes('email')) {
    return { channel: null, outcome: { outcome: 'dropped', reason: NO_ADDRESS } };
  }
  const wished = (deliveryPolicy?.channels ?? []).filter((one) => reachedOn.includes(one));
  const inOrder = message?.email ? (['email'] as const) : [...new Set([...wished, ...reachedOn])];
  const failing = (channelFailures ?? []).filter((one) => fallsInto([one], afterMs)).map(({ channel }) => channel);
  const channel = inOrder.find((one) => !failing.includes(one));
  return channel ? { channel } : { channel: null, outcome: { outcome: 'failed', reason: UNREACHABLE } };
}
