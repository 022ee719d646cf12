import type { JourneyStatus } from './state.ts';

/** `invited`: enrolled, but without a channel to reach the coachee on; the journey starts when one is opened. */
export type EnrollmentStatus = 'invited' | JourneyStatus;

/** What a journey needs to know of its enrollment: carried in the workflow's arguments. */
export interface JourneyRef {
  creatorId: string;
  enrollmentId: string;
}
