/**
 * Moves the running journeys of a program to another version: a canary cohort first, then, after a pause or when told to, the others, batch by batch.
 * It stops when too many fail, and takes all of them back when told so within the window.
 */
import {
  condition,
  continueAsNew,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Batch, MigrationActivities, MigrationRef } from '../../activities/migrations/activities.ts';
import type { MigrationStatus } from '../../shared/domain/migrations/status.ts';
import { moveJourneys, repeatable } from '../activity-options.ts';
import {
  type MigrationArgs,
  type MigrationProgress,
  migrationProgressQuery,
  type Orders,
  takeOrders,
} from './messages.ts';

const { openMigration, reportMigration } = proxyActivities<MigrationActivities>(repeatable);
const { moveBatch, undoBatch } = proxyActivities<MigrationActivities>(moveJourneys);

const HOUR_MS = 3_600_000;

/** What the parts of the story share. */
interface Course {
  args: MigrationArgs;
  ref: MigrationRef;
  orders: Orders;
  progress: MigrationProgress;
}

export async function migration(args: MigrationArgs): Promise<MigrationProgress> {
  const { creatorId, migrationId, carried } = args;
  const ref = { creatorId, migrationId };
  const orders = takeOrders(carried?.orders);
  const progress: MigrationProgress = carried?.progress ?? { status: 'planned', counts: null };
  const course: Course = { args, ref, orders, progress };
  setHandler(migrationProgressQuery, () => progress);

  const { canary, canaryPauseSeconds, undoWithinHours } = await openMigration(ref);
  if (progress.status !== 'undoing') {
    const hasCanary = canary > 0 && !orders.proceed;
    let why = hasCanary ? await takeAll(course, 'canary', () => moveBatch({ ...ref, canary: true })) : null;
    if (why === null && hasCanary && !orders.proceed) {
      await report(course, 'waiting');
      await condition(() => orders.proceed || orders.stop, canaryPauseSeconds * 1000);
      orders.proceed = true;
    }
    why ??= await takeAll(course, 'moving', () => moveBatch({ ...ref, canary: false }));
    await report(course, why === null ? 'done' : 'stopped', why);
    if (!orders.undo) await condition(() => orders.undo, undoWithinHours * HOUR_MS);
  }
  if (orders.undo) {
    await takeAll(course, 'undoing', () => undoBatch(ref));
    await report(course, 'undone');
  }
  return progress;
}

/** Takes batch after batch until none is left; gives why that came to an early end, or null. */
async function takeAll(course: Course, status: MigrationStatus, take: () => Promise<Batch>): Promise<string | null> {
  const { args, orders, progress } = course;
  const isStopped = () => orders.stop && status !== 'undoing';
  for (;;) {
    if (orders.paused && !isStopped()) {
      await report(course, 'paused');
      await condition(() => !orders.paused || isStopped());
    }
    if (isStopped()) return 'It was stopped.';
    await report(course, status);
    const { counts, isLast, stop } = await take();
    progress.counts = counts;
    if (stop !== null) return stop;
    if (isLast) return null;
    if (!workflowInfo().continueAsNewSuggested) continue;
    await continueAsNew<typeof migration>({ ...args, carried: { orders, progress } });
  }
}

async function report({ ref, progress }: Course, status: MigrationStatus, why: string | null = null): Promise<void> {
  if (progress.status === status) return;
  progress.status = status;
  setCurrentDetails(why ?? status);
  await reportMigration.executeWithOptions({ ...repeatable, summary: `Report: ${status}` }, [{ ...ref, status, why }]);
}
