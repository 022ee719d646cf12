/** Branded ids: a UUID of one kind cannot be passed for one of another. */
import { z } from 'zod';

export const creatorId = z.uuid().brand<'CreatorId'>();
export const userId = z.uuid().brand<'UserId'>();
export const programId = z.uuid().brand<'ProgramId'>();
export const programVersionId = z.uuid().brand<'ProgramVersionId'>();
export const coacheeId = z.uuid().brand<'CoacheeId'>();
export const enrollmentId = z.uuid().brand<'EnrollmentId'>();
export const channelId = z.uuid().brand<'ChannelId'>();
/** A coachee's address on a channel. */
export const identityId = z.uuid().brand<'IdentityId'>();
export const messageId = z.uuid().brand<'MessageId'>();
export const deliveryId = z.uuid().brand<'DeliveryId'>();
/** A message that came in. */
export const inboundId = z.uuid().brand<'InboundId'>();
export const apiKeyId = z.uuid().brand<'ApiKeyId'>();

export type CreatorId = z.output<typeof creatorId>;
export type UserId = z.output<typeof userId>;
export type ProgramId = z.output<typeof programId>;
export type ProgramVersionId = z.output<typeof programVersionId>;
export type CoacheeId = z.output<typeof coacheeId>;
export type EnrollmentId = z.output<typeof enrollmentId>;
export type ChannelId = z.output<typeof channelId>;
export type IdentityId = z.output<typeof identityId>;
export type MessageId = z.output<typeof messageId>;
export type DeliveryId = z.output<typeof deliveryId>;
export type InboundId = z.output<typeof inboundId>;
export type ApiKeyId = z.output<typeof apiKeyId>;
