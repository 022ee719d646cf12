/** Run by a schedule every minute: finds rows without runs and inbound messages without a reader, and brings them together (design rule 5). */
import { proxyActivities } from '@temporalio/workflow';
import type { ReconcileActivities } from '../../activities/reconcile/activities.ts';
import { repeatable } from '../activity-options.ts';

const { startUnstarted, handUnread, dropExpired } = proxyActivities<ReconcileActivities>(repeatable);

export async function reconcile(): Promise<{ started: number; handed: number }> {
  const started = await startUnstarted.executeWithOptions(
    { ...repeatable, summary: 'Start runs of enrollments that have none' },
    [],
  );
  const handed = await handUnread.executeWithOptions(
    { ...repeatable, summary: 'Hand over messages that nobody read' },
    [],
  );
  await dropExpired.executeWithOptions({ ...repeatable, summary: 'Delete what its retention has passed' }, []);
  return { started, handed };
}
