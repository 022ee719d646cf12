import { defineQuery } from '@temporalio/workflow';
import type { ImportProgress } from '../../shared/domain/journeys/enrollment-imports.ts';

export interface EnrollmentImportArgs {
  v: 1;
  creatorId: string;
  importId: string;
}

/** How many rows of the file are where. */
export const progressQuery = defineQuery<ImportProgress>('progress');
