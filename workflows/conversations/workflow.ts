/**
 * A coachee's side of the talk: takes what came in, joins a burst, keeps the order, and has it routed to the journey that asked. Lives
 * for as long as something comes in; the next message starts the next one.
 */
import { condition, proxyActivities, setHandler, sleep } from '@temporalio/workflow';
import type { ConversationActivities } from '../../activities/conversations/activities.ts';
import type { JourneyActivities } from '../../activities/journeys/activities.ts';
import { repeatable, sendOnce } from '../activity-options.ts';
import { type ConversationArgs, inboundSignal } from './messages.ts';

const { routeInbound } = proxyActivities<Pick<ConversationActivities, 'routeInbound'>>(repeatable);
const { sendMessage } = proxyActivities<Pick<JourneyActivities, 'sendMessage'>>(sendOnce);

/** A burst is taken as whole after this many extensions, so that someone who never stops typing is still heard. */
const MAX_EXTENSIONS = 5;

export async function conversation({ creatorId, coacheeId, burstMs }: ConversationArgs): Promise<number> {
  const queue: string[] = [];
  const seen = new Set<string>();
  let routed = 0;
  setHandler(inboundSignal, ({ inboundId }) => {
    if (!seen.has(inboundId)) queue.push(inboundId);
    seen.add(inboundId);
  });

  while (queue.length > 0) {
    await settle(queue, burstMs);
    const inboundIds = queue.splice(0);
    const { replies } = await routeInbound.executeWithOptions(
      { ...repeatable, summary: inboundIds.length === 1 ? 'Route a message' : `Route ${inboundIds.length} messages` },
      [{ creatorId, coacheeId, inboundIds }],
    );
    for (const key of replies) await say(creatorId, key);
    routed += inboundIds.length;
  }
  return routed;
}

/** Waits until nothing more has come for `burstMs`. */
async function settle(queue: string[], burstMs: number): Promise<void> {
  for (let extension = 0; extension < MAX_EXTENSIONS; extension += 1) {
    const before = queue.length;
    const more = await condition(() => queue.length > before, burstMs, { summary: 'Wait for the rest of the message' });
    if (!more) return;
  }
}

/** Sends an answer of ours; a channel that says 'later' is waited for. */
async function say(creatorId: string, key: string): Promise<void> {
  for (;;) {
    const result = await sendMessage.executeWithOptions({ ...sendOnce, summary: 'Answer the coachee' }, [
      { creatorId, key },
    ]);
    if (result.outcome !== 'deferred') return;
    if (result.afterMs > 0) await sleep(result.afterMs, { summary: 'The channel asks to wait' });
  }
}
