/** A coachee who talks: stores what they say as a channel does, and hands it to their real conversation. */
import { WorkflowNotFoundError } from '@temporalio/client';
import { type CoacheeId, type InboundId, newId } from '../../shared/contracts/ids.ts';
import { Identity } from '../../shared/db/entities/channels.ts';
import { InboundMessage, Message } from '../../shared/db/entities/conversations.ts';
import type { InboundContent } from '../../shared/domain/conversations/inbound.ts';
import { receiveInbound } from '../../shared/services/conversations.ts';
import { conversationId } from '../../temporal/ids.ts';
import { handInbound } from '../../temporal/start/conversations.ts';
import type { GivenCreator } from './factories.ts';
import type { TimeSkippingWorld } from './time-skipping.ts';

/** So long that a burst stays one on a busy machine; the server's clock skips it. */
const BURST_MS = 5_000;

export interface Talk {
  /** Stores a message and gives its id; nobody is told yet. */
  receive: (content: string | InboundContent) => Promise<InboundId>;
  /** Hands stored messages over, one after the other. */
  hand: (inboundIds: InboundId[], burstMs?: number) => Promise<void>;
  /** Waits until the conversation has ended. */
  over: () => Promise<void>;
  /** All of it: says it in one burst and waits until it is dealt with. */
  say: (...contents: (string | InboundContent)[]) => Promise<InboundId[]>;
  /** A press of the button `value` on the newest of our messages that bears it. */
  press: (value: string) => Promise<InboundContent>;
  /** What the coachee was told, in order. */
  heard: () => Promise<string[]>;
  /** Those of the messages that no conversation took in. */
  unread: () => Promise<InboundId[]>;
}

/** Lets a coachee of the web chat talk. */
export const talkOf = (
  { client, sleep }: TimeSkippingWorld,
  { creatorId, coacheeId, webChannelId: channelId, em }: GivenCreator & { coacheeId: CoacheeId },
): Talk => {
  const sentMessages = () =>
    em().find(Message, { coacheeId, direction: 'out', seq: { $ne: null } }, { orderBy: { seq: 'asc' } });
  const talk: Talk = {
    receive: async (said) => {
      const { id: identityId } = await em().findOneOrFail(Identity, { coacheeId, channelId });
      const content: InboundContent = typeof said === 'string' ? { kind: 'text', text: said } : said;
      const externalId = newId<string>();
      return (await receiveInbound(em(), { channelId, identityId, coacheeId, externalId, content })).inboundId;
    },
    hand: async (inboundIds, burstMs = BURST_MS) => {
      for (const inboundId of inboundIds) {
        const ref = { creatorId, coacheeId, inboundId };
        // The time-skipping server's signal-with-start is not one step: it may meet a conversation that is just ending.
        await handInbound(client, ref, burstMs).catch((error: unknown) => {
          if (!(error instanceof WorkflowNotFoundError)) throw error;
          return handInbound(client, ref, burstMs);
        });
      }
    },
    // Not by its result: while one is awaited the clock runs ahead, and through the journeys' own waits.
    over: async () => {
      const handle = client.workflow.getHandle(conversationId(coacheeId));
      const deadline = Date.now() + 10_000;
      for (;;) {
        await sleep(BURST_MS);
        if ((await handle.describe()).status.name !== 'RUNNING') return;
        if (Date.now() > deadline) throw new Error('the conversation goes on and on');
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    say: async (...contents) => {
      const inboundIds: InboundId[] = [];
      for (const content of contents) inboundIds.push(await talk.receive(content));
      await talk.hand(inboundIds);
      await talk.over();
      return inboundIds;
    },
    press: async (value) => {
      const bears = ({ buttons }: Message) => buttons.some((button) => 'value' in button && button.value === value);
      const message = (await sentMessages()).findLast(bears);
      const button = message?.buttons.find((one) => 'value' in one && one.value === value);
      if (!message || !button) throw new Error(`no message bears the button ${value}`);
      return { kind: 'button', messageId: message.id, value, label: button.label };
    },
    heard: async () => (await sentMessages()).map(({ text }) => text),
    unread: async () =>
      (await em().find(InboundMessage, { coacheeId, handledAt: null }, { orderBy: { id: 'asc' } })).map(({ id }) => id),
  };
  return talk;
};
