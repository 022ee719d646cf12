/** Every workflow, as one bundle. */
export { conversation } from './conversations/workflow.ts';
export { enrollmentImport } from './enrollment-imports/workflow.ts';
export { journey } from './journeys/workflow.ts';
export { migration } from './migrations/workflow.ts';
export { reconcile } from './reconcile/workflow.ts';
export { reminders } from './reminders/workflow.ts';
