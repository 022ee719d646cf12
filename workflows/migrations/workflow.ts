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
import type { Batch, MigrationActivities } from '../../activities/migrations/activities.ts';
import type { MigrationStatus } from '../../shared/domain/migrations/status.ts';
import { moveJourneys, repeatable } from '../activity-options.ts';
import { type MigrationArgs, type MigrationProgress, migrationProgressQuery, takeOrders } from './messages.ts';

const { openMigration, reportMigration } = proxyActivities<MigrationActivities>(repeatable);
const { moveBatch, undoBatch } = proxyActivities<MigrationActivities>(moveJourneys);

const HOUR_MS = 3_600_000;

export async function migration(args: MigrationArgs): Promise<MigrationProgress> {
  const { creatorId, migrationId, carried } = args;
  const ref = { creatorId, migrationId };
  const orders = takeOrders(carried?.orders);
  const progress: MigrationProgress = carried?.progress ?? { status: 'planned', counts: null };
  setHandler(migrationProgressQuery, () => progress);

  const report = async (status: MigrationStatus, why: string | null = null): Promise<void> => {
    if (progress.status === status) return;
    progress.status = status;
    setCurrentDetails(why ?? status);
    await reportMigration.executeWithOptions({ ...repeatable, summary: `Report: ${status}` }, [
      { ...ref, status, why },
    ]);
  };

  /** Takes batch after batch until none is left; gives why that came to an early end, or null. */
  const takeAll = async (status: MigrationStatus, take: () => Promise<Batch>): Promise<string | null> => {
    const mayStop = status !== 'undoing';
    for (;;) {
      if (orders.paused && !(mayStop && orders.stop)) {
        await report('paused');
        await condition(() => !orders.paused || (mayStop && orders.stop));
      }
      if (mayStop && orders.stop) return 'It was stopped.';
      await report(status);
      const { counts, isLast, stop } = await take();
      progress.counts = counts;
      if (stop !== null) return stop;
      if (isLast) return null;
      if (workflowInfo().continueAsNewSuggested)
        await continueAsNew<typeof migration>({ ...args, carried: { orders, progress } });
    }
  };

  const { canary, canaryPauseSeconds, undoWithinHours } = await openMigration(ref);
  const isOver = () => progress.status === 'done' || progress.status === 'stopped' || progress.status === 'undoing';
  if (!isOver()) {
    let why = canary > 0 && !orders.proceed ? await takeAll('canary', () => moveBatch({ ...ref, canary: true })) : null;
    if (why === null && canary > 0 && !orders.proceed) {
      await report('waiting');
      await condition(() => orders.proceed || orders.stop, canaryPauseSeconds * 1000);
      orders.proceed = true;
    }
    why ??= await takeAll('moving', () => moveBatch({ ...ref, canary: false }));
    await report(why === null ? 'done' : 'stopped', why);
  }
  if (!orders.undo) await condition(() => orders.undo, undoWithinHours * HOUR_MS);
  if (orders.undo) {
    await takeAll('undoing', () => undoBatch(ref));
    await report('undone');
  }
  return progress;
}
