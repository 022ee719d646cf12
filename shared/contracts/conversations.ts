/** Conversations and deliveries over HTTP. */
import { z } from 'zod';
import { DELIVERY_STATUSES } from '../domain/channels/deliveries.ts';
import { instant, pageOf, pageQuery } from './http.ts';
import { channelId, coacheeId, deliveryId, enrollmentId, messageId } from './ids.ts';
import { messageButton, messageMedia } from './messages.ts';

export const message = z
  .object({
    id: messageId,
    direction: z.enum(['in', 'out']),
    text: z.string(),
    buttons: z.array(messageButton),
    media: z.array(messageMedia),
    subject: z.string().nullable().meta({ description: 'Set when it goes by email and no other way' }),
    seq: z.int().meta({ description: 'Order within the conversation, from 1' }),
    at: instant,
    localTime: z.string().nullable().meta({ description: 'Of the journey that sent it, for the coachee' }),
    enrollmentId: enrollmentId.nullable(),
    stepKey: z.string().nullable(),
    channelId: channelId.nullable(),
    isTest: z.boolean(),
  })
  .meta({ id: 'Message' });
export const messagePage = pageOf('Message', message);

export const conversation = z
  .object({
    coacheeId,
    name: z.string(),
    isTest: z.boolean(),
    lastMessage: message,
  })
  .meta({ id: 'Conversation' });
export const conversationPage = pageOf('Conversation', conversation);

export const delivery = z
  .object({
    id: deliveryId,
    messageId,
    enrollmentId: enrollmentId.nullable(),
    coacheeId,
    channelId: channelId.nullable(),
    status: z.enum(DELIVERY_STATUSES).meta({
      id: 'DeliveryStatus',
      description:
        '`ambiguous`: an attempt died between the call and its record, so nobody can know; it is not tried again',
    }),
    reason: z.string().nullable(),
    attempts: z.int(),
    isTest: z.boolean(),
    createdAt: instant,
    reservedAt: instant.nullable(),
    settledAt: instant.nullable(),
  })
  .meta({ id: 'Delivery' });
export const deliveryPage = pageOf('Delivery', delivery);
export const deliveryQuery = pageQuery.extend({
  status: z.enum(DELIVERY_STATUSES).optional(),
  enrollmentId: enrollmentId.optional(),
});
export type DeliveryQuery = z.output<typeof deliveryQuery>;
