/** Workflow ids have one home. Keys of outward effects begin with them, so none may ever change. */

export const journeyId = (enrollmentId: string) => `journey/${enrollmentId}`;
export const enrollmentImportWorkflowId = (importId: string) => `enrollment-import/${importId}`;
export const migrationRunId = (migrationId: string) => `migration/${migrationId}`;
export const remindersId = (coacheeId: string) => `reminders/${coacheeId}`;
export const conversationId = (coacheeId: string) => `conversation/${coacheeId}`;

/** The key of one outward effect; survives retry, reset and continue-as-new (design rule 3). */
export const effectKey = (workflowId: string, stepKey: string, occurrence: number) =>
  `${workflowId}/${stepKey}/${occurrence}`;

/** The journey's effect that a key names. */
export const refOfEffectKey = (key: string) => {
  const [, enrollmentId = '', stepKey = '', occurrence = ''] = key.split('/');
  return { enrollmentId, stepKey, occurrence: Number(occurrence) };
};
