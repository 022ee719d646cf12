/** Branded ids: every entity's id is a UUID (version 7, so that ids sort by time), and none passes for another's. */
import { v7 } from 'uuid';
import { z } from 'zod';

export const creatorId = z.uuid().brand<'CreatorId'>();
export const userId = z.uuid().brand<'UserId'>();
export const apiKeyId = z.uuid().brand<'ApiKeyId'>();
export const programId = z.uuid().brand<'ProgramId'>();
export const programVersionId = z.uuid().brand<'ProgramVersionId'>();
export const goldenTraceId = z.uuid().brand<'GoldenTraceId'>();
export const coacheeId = z.uuid().brand<'CoacheeId'>();
export const enrollmentId = z.uuid().brand<'EnrollmentId'>();
export const channelId = z.uuid().brand<'ChannelId'>();
export const identityId = z.uuid().brand<'IdentityId'>();
export const messageId = z.uuid().brand<'MessageId'>();
export const deliveryId = z.uuid().brand<'DeliveryId'>();
export const inboundId = z.uuid().brand<'InboundId'>();
export const checkInId = z.uuid().brand<'CheckInId'>();
export const reviewId = z.uuid().brand<'ReviewId'>();
export const cohortId = z.uuid().brand<'CohortId'>();
export const enrollmentImportId = z.uuid().brand<'EnrollmentImportId'>();
export const migrationId = z.uuid().brand<'MigrationId'>();
export const habitId = z.uuid().brand<'HabitId'>();
export const coacheeHabitId = z.uuid().brand<'CoacheeHabitId'>();
export const vacationId = z.uuid().brand<'VacationId'>();
export const reminderRuleId = z.uuid().brand<'ReminderRuleId'>();
export const reminderFireId = z.uuid().brand<'ReminderFireId'>();
export const alertId = z.uuid().brand<'AlertId'>();

export type CreatorId = z.infer<typeof creatorId>;
export type UserId = z.infer<typeof userId>;
export type ApiKeyId = z.infer<typeof apiKeyId>;
export type ProgramId = z.infer<typeof programId>;
export type ProgramVersionId = z.infer<typeof programVersionId>;
export type GoldenTraceId = z.infer<typeof goldenTraceId>;
export type CoacheeId = z.infer<typeof coacheeId>;
export type EnrollmentId = z.infer<typeof enrollmentId>;
export type ChannelId = z.infer<typeof channelId>;
export type IdentityId = z.infer<typeof identityId>;
export type MessageId = z.infer<typeof messageId>;
export type DeliveryId = z.infer<typeof deliveryId>;
export type InboundId = z.infer<typeof inboundId>;
export type CheckInId = z.infer<typeof checkInId>;
export type ReviewId = z.infer<typeof reviewId>;
export type CohortId = z.infer<typeof cohortId>;
export type EnrollmentImportId = z.infer<typeof enrollmentImportId>;
export type MigrationId = z.infer<typeof migrationId>;
export type HabitId = z.infer<typeof habitId>;
export type CoacheeHabitId = z.infer<typeof coacheeHabitId>;
export type VacationId = z.infer<typeof vacationId>;
export type ReminderRuleId = z.infer<typeof reminderRuleId>;
export type ReminderFireId = z.infer<typeof reminderFireId>;
export type AlertId = z.infer<typeof alertId>;

/** A new id of the given brand, sorting after every id made earlier: `newId<EnrollmentId>()`. */
export const newId = <Id extends string>(): Id => v7() as Id;
