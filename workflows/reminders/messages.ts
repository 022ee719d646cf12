import { defineQuery, defineSignal } from '@temporalio/workflow';

export interface RemindersArgs {
  v: 1;
  creatorId: string;
  coacheeId: string;
  /** Of the run before: when sends that had to wait may be tried again, by key, in epoch milliseconds. */
  carried?: { retryAtMs: Record<string, number> };
}

export interface RemindersProgress {
  doing: string;
  /** ISO 8601; null: nothing is to come. */
  nextAt: string | null;
}

/** Something was changed that reminders go by: rules, habits, check-ins, the coachee's time zone or wishes. */
export const changedSignal = defineSignal<[]>('changed');
export const progressQuery = defineQuery<RemindersProgress>('progress');
