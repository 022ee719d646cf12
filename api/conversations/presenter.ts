/** From rows to what the API shows of conversations. */
import type { z } from 'zod';
import type { conversation, delivery, message } from '../../shared/contracts/conversations.ts';
import type { Delivery } from '../../shared/db/entities/channels.ts';
import type { Message } from '../../shared/db/entities/conversations.ts';
import type { ConversationRow } from '../../shared/services/conversation-lists.ts';

export const presentMessage = (row: Message): z.input<typeof message> => ({
  id: row.id,
  direction: row.direction,
  text: row.text,
  buttons: row.buttons,
  media: row.media ?? [],
  subject: row.subject ?? null,
  seq: row.seq ?? 0,
  at: (row.at ?? row.createdAt).toISOString(),
  localTime: row.localTime ?? null,
  enrollmentId: row.enrollmentId ?? null,
  stepKey: row.stepKey ?? null,
  channelId: row.channelId ?? null,
  isTest: row.isTest,
});

export const presentConversation = ({ coachee, lastMessage }: ConversationRow): z.input<typeof conversation> => ({
  coacheeId: coachee.id,
  name: coachee.name,
  isTest: coachee.isTest,
  lastMessage: presentMessage(lastMessage),
});

export const presentDelivery = (row: Delivery): z.input<typeof delivery> => ({
  id: row.id,
  messageId: row.messageId,
  enrollmentId: row.enrollmentId ?? null,
  coacheeId: row.coacheeId,
  channelId: row.channelId ?? null,
  status: row.status,
  reason: row.reason ?? null,
  attempts: row.attempts,
  isTest: row.isTest,
  createdAt: row.createdAt.toISOString(),
  reservedAt: row.reservedAt?.toISOString() ?? null,
  settledAt: row.settledAt?.toISOString() ?? null,
});
