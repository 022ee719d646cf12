/** Takes in what a coachee says in the web chat. */
import type { MessageId } from '../../shared/contracts/ids.ts';
import type { SayContent } from '../../shared/contracts/realtime.ts';
import { Message } from '../../shared/db/entities/conversations.ts';
import { forCreator } from '../../shared/db/orm.ts';
import { type InboundContent, storableText } from '../../shared/domain/conversations/inbound.ts';
import { CairnError } from '../../shared/errors.ts';
import { announce, receiveInbound, webExternalId } from '../../shared/services/conversations.ts';
import type { WebSession } from '../../shared/services/web-chat.ts';
import type { RealtimeDeps } from './attach.ts';

/**
 * Stores the message, once for its `clientId`; gives its number. When it returns the message is safe: what follows is healed by the reconcile and the
 * slow poll. Throws CairnError `invalid` for what can never be taken.
 */
export const say = async (
  deps: RealtimeDeps,
  session: WebSession,
  { clientId, content }: { clientId: string; content: SayContent },
): Promise<number> => {
  const { creatorId, coacheeId, identityId, channelId } = session;
  const em = forCreator(deps.orm, creatorId);
  const { inboundId, seq } = await receiveInbound(em, {
    ...{ channelId, identityId, coacheeId },
    externalId: webExternalId(identityId, clientId),
    content: await asInbound(deps, session, content),
  });
  const ref = { creatorId, coacheeId, inboundId };
  deps
    .handInbound(ref)
    .catch((err: unknown) => deps.logger.warn({ err, ...ref }, 'an inbound message waits for the reconcile'));
  announce(deps.redis, coacheeId).catch((err: unknown) => deps.logger.warn({ err }, 'no hint to web chats'));
  return seq;
};

const asInbound = async (deps: RealtimeDeps, session: WebSession, content: SayContent): Promise<InboundContent> => {
  if (content.kind === 'text') {
    const text = storableText(content.text).trim();
    if (text === '') throw new CairnError('invalid', 'There is nothing in this message.');
    return { kind: 'text', text };
  }
  const { creatorId, coacheeId } = session;
  const id = content.messageId as MessageId;
  const message = await forCreator(deps.orm, creatorId).findOne(Message, { id, coacheeId, direction: 'out' });
  const button = message?.buttons.find((one) => 'value' in one && one.value === content.value);
  if (!button) throw new CairnError('invalid', 'This answer is no longer there.');
  return { kind: 'button', messageId: id, value: content.value, label: button.label };
};
