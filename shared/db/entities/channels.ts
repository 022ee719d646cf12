/** Channels of a creator, coachees' addresses on them, the codes people join by, and the ledger of sends. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type {
  ChannelId,
  CoacheeId,
  CohortId,
  DeliveryId,
  EnrollmentId,
  IdentityId,
  MessageId,
  ProgramId,
} from '../../contracts/ids.ts';
import type { ChannelKind, DeliveryStatus } from '../../domain/channels/deliveries.ts';
import { createdAt, creatorColumn, tenantPolicy } from './tenancy.ts';

export const Channel = defineEntity({
  name: 'Channel',
  tableName: 'channels',
  properties: {
    id: p.uuid().$type<ChannelId>().primary(),
    creatorId: creatorColumn(),
    kind: p.text().$type<ChannelKind>(),
    name: p.text(),
    /** What is not secret, by kind: telegram `{botId, botUsername, mode: 'webhook' | 'polling', timeZone?}`, email `{fromEmail, fromName?}`. */
    settings: p.json().$type<Record<string, string>>(),
    /** Encrypted JSON (shared/services/secrets.ts): telegram `{token, webhookSecret}`, email `{apiKey}`. Null where there is none. */
    secret: p.text().nullable().lazy(),
    disabledAt: p.datetime().fieldName('disabled_at').nullable(),
    createdAt: createdAt(),
  },
  indexes: [
    { name: 'channels_creator', properties: ['creatorId', 'id'] },
    { name: 'channels_kind', properties: ['kind'] },
  ],
  policies: tenantPolicy('channels'),
});
export type Channel = InferEntity<typeof Channel>;

/** A coachee's address on a channel. */
export const Identity = defineEntity({
  name: 'Identity',
  tableName: 'identities',
  properties: {
    id: p.uuid().$type<IdentityId>().primary(),
    creatorId: creatorColumn(),
    channelId: () => p.manyToOne(Channel).mapToPk().fieldName('channel_id').deleteRule('cascade'),
    coacheeId: p.uuid().$type<CoacheeId>().fieldName('coachee_id'),
    /** Telegram: the chat id; web: the SHA-256 of the coachee's session token; email: the address, in small letters. */
    address: p.text(),
    /** When the provider said that this address no longer takes messages. */
    blockedAt: p.datetime().fieldName('blocked_at').nullable(),
    /** When the coachee last wrote from it: the freshest is where messages go. */
    lastInboundAt: p.datetime().fieldName('last_inbound_at').nullable(),
    createdAt: createdAt(),
  },
  uniques: [{ name: 'identities_address', properties: ['channelId', 'address'] }],
  indexes: [{ name: 'identities_coachee', properties: ['coacheeId'] }],
  policies: tenantPolicy('identities'),
});
export type Identity = InferEntity<typeof Identity>;

/**
 * A code that a link or `/start` carries. With `coacheeId` it is personal: it ties one more channel to that coachee, and starts the
 * enrollment that waits for it, if any. Without, everyone who opens it joins the program as a new coachee.
 */
export const JoinCode = defineEntity({
  name: 'JoinCode',
  tableName: 'join_codes',
  properties: {
    code: p.text().primary(),
    creatorId: creatorColumn(),
    programId: p.uuid().$type<ProgramId>().fieldName('program_id').nullable(),
    coacheeId: p.uuid().$type<CoacheeId>().fieldName('coachee_id').nullable(),
    enrollmentId: p.uuid().$type<EnrollmentId>().fieldName('enrollment_id').nullable(),
    /** The cohort of that program that whoever joins by it is put in. */
    cohortId: p.uuid().$type<CohortId>().fieldName('cohort_id').nullable(),
    /** Set: whoever joins by it is enrolled as a test at this pace, in milliseconds per day. */
    testMsPerDay: p.integer().fieldName('test_ms_per_day').nullable(),
    expiresAt: p.datetime().fieldName('expires_at').nullable(),
    createdAt: createdAt(),
  },
  indexes: [
    { name: 'join_codes_program', properties: ['programId'] },
    { name: 'join_codes_coachee', properties: ['coacheeId'] },
  ],
  policies: tenantPolicy('join_codes'),
});
export type JoinCode = InferEntity<typeof JoinCode>;

/** A personal code opens each channel once; a second address that brings it is turned away. */
export const JoinCodeUse = defineEntity({
  name: 'JoinCodeUse',
  tableName: 'join_code_uses',
  properties: {
    code: p.text().primary(),
    channelId: p.uuid().$type<ChannelId>().fieldName('channel_id').primary(),
    creatorId: creatorColumn(),
    identityId: p.uuid().$type<IdentityId>().fieldName('identity_id'),
    createdAt: createdAt(),
  },
  policies: tenantPolicy('join_code_uses'),
});
export type JoinCodeUse = InferEntity<typeof JoinCodeUse>;

/** The ledger (design rule 4): one row per outward message, reserved before the provider is called. */
export const Delivery = defineEntity({
  name: 'Delivery',
  tableName: 'deliveries',
  properties: {
    id: p.uuid().$type<DeliveryId>().primary(),
    creatorId: creatorColumn(),
    /** `<workflowId>/<stepKey>/<occurrence>`. */
    key: p.text().unique(),
    messageId: p.uuid().$type<MessageId>().fieldName('message_id'),
    enrollmentId: p.uuid().$type<EnrollmentId>().fieldName('enrollment_id').nullable(),
    coacheeId: p.uuid().$type<CoacheeId>().fieldName('coachee_id'),
    channelId: p.uuid().$type<ChannelId>().fieldName('channel_id').nullable(),
    identityId: p.uuid().$type<IdentityId>().fieldName('identity_id').nullable(),
    /** A channel that it goes by only where there is no other. */
    notBy: p.uuid().$type<ChannelId>().fieldName('not_by').nullable(),
    status: p.text().$type<DeliveryStatus>(),
    providerMessageId: p.text().fieldName('provider_message_id').nullable(),
    /** Why it was not sent, or why nobody can know, in plain language. */
    reason: p.text().nullable(),
    /** How often the provider was called. */
    attempts: p.integer().default(0),
    isTest: p.boolean().fieldName('is_test').default(false),
    reservedAt: p.datetime().fieldName('reserved_at').nullable(),
    settledAt: p.datetime().fieldName('settled_at').nullable(),
    createdAt: createdAt(),
  },
  indexes: [
    { name: 'deliveries_creator_status', properties: ['creatorId', 'status', 'id'] },
    { name: 'deliveries_enrollment', properties: ['enrollmentId', 'id'] },
  ],
  policies: tenantPolicy('deliveries'),
});
export type Delivery = InferEntity<typeof Delivery>;
