/** What was said: messages as people see them, and the inbox of what came in. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { ChannelId, CoacheeId, EnrollmentId, IdentityId, InboundId, MessageId } from '../../contracts/ids.ts';
import type { InboundContent } from '../../domain/conversations/inbound.ts';
import type { MessageButton, MessageMedia } from '../../domain/journeys/messages.ts';
import { createdAt, creatorColumn, tenantPolicy } from './tenancy.ts';

export const Message = defineEntity({
  name: 'Message',
  tableName: 'messages',
  properties: {
    id: p.uuid().$type<MessageId>().primary(),
    creatorId: creatorColumn(),
    coacheeId: p.uuid().$type<CoacheeId>().fieldName('coachee_id'),
    direction: p.text().$type<'in' | 'out'>(),
    text: p.text(),
    buttons: p.json().$type<MessageButton[]>(),
    media: p.json().$type<MessageMedia[]>().nullable(),
    /** Set when it goes by email and no other way. */
    subject: p.text().nullable(),
    enrollmentId: p.uuid().$type<EnrollmentId>().fieldName('enrollment_id').nullable(),
    stepKey: p.text().fieldName('step_key').nullable(),
    occurrence: p.integer().nullable(),
    channelId: p.uuid().$type<ChannelId>().fieldName('channel_id').nullable(),
    /**
     * Order within the coachee's conversation, from 1; null while planned. Taken under a lock per coachee, so that
     * a reader who has seen n has seen everything before it.
     */
    seq: p.integer().nullable(),
    isTest: p.boolean().fieldName('is_test').default(false),
    /** When it was sent or received. */
    at: p.datetime().nullable(),
    /** `at` for the coachee: local time of the journey that sent it, ISO 8601 with offset; null outside a journey. */
    localTime: p.text().fieldName('local_time').nullable(),
    createdAt: createdAt(),
  },
  uniques: [{ name: 'messages_order', properties: ['coacheeId', 'seq'] }],
  indexes: [
    { name: 'messages_creator', properties: ['creatorId', 'id'] },
    { name: 'messages_enrollment', properties: ['enrollmentId'] },
  ],
  policies: tenantPolicy('messages'),
});
export type Message = InferEntity<typeof Message>;

/** Everything that a channel brought in, once each; kept 8 days for deduplication. */
export const InboundMessage = defineEntity({
  name: 'InboundMessage',
  tableName: 'inbound_messages',
  properties: {
    id: p.uuid().$type<InboundId>().primary(),
    creatorId: creatorColumn(),
    channelId: p.uuid().$type<ChannelId>().fieldName('channel_id'),
    /** The provider's id of the update: telegram `update_id`, web the page's own id of the message. */
    externalId: p.text().fieldName('external_id'),
    identityId: p.uuid().$type<IdentityId>().fieldName('identity_id'),
    coacheeId: p.uuid().$type<CoacheeId>().fieldName('coachee_id'),
    content: p.json().$type<InboundContent>(),
    /** When a conversation took it in; a row without it for long is handed over again by the reconcile. */
    handledAt: p.datetime().fieldName('handled_at').nullable(),
    /** The journey that took it, written with its decision: where routing is repeated after a crash, it is not offered again. */
    takenBy: p.uuid().$type<EnrollmentId>().fieldName('taken_by').nullable(),
    createdAt: createdAt(),
  },
  uniques: [{ name: 'inbound_messages_once', properties: ['channelId', 'externalId'] }],
  indexes: [
    { name: 'inbound_messages_coachee', properties: ['coacheeId', 'id'] },
    {
      name: 'inbound_messages_unread',
      expression: 'create index inbound_messages_unread on inbound_messages (created_at) where handled_at is null',
    },
  ],
  policies: tenantPolicy('inbound_messages'),
});
export type InboundMessage = InferEntity<typeof InboundMessage>;
