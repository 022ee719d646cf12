/**
 * A coachee's reminders, all of them: looks what is due (in a local activity, which also writes it down), sends it, and sleeps until there is something to do
 * again. Lives for as long as any habit or rule is left; the next change starts the next one.
 */
import {
  condition,
  continueAsNew,
  proxyActivities,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { JourneyActivities } from '../../activities/journeys/activities.ts';
import type { ReminderActivities } from '../../activities/reminders/activities.ts';
import { sendQueueOf } from '../../temporal/queues.ts';
import { decideOnce, sendOnce } from '../activity-options.ts';
import { shouldStartAfresh } from '../renewal.ts';
import { changedSignal, progressQuery, type RemindersArgs } from './messages.ts';

const { settle } = proxyLocalActivities<Pick<ReminderActivities, 'settle'>>(decideOnce);
const { sendMessage } = proxyActivities<Pick<JourneyActivities, 'sendMessage'>>(sendOnce);

type Settled = Awaited<ReturnType<typeof settle>>;

export async function reminders(args: RemindersArgs): Promise<string> {
  const { creatorId, coacheeId } = args;
  const retryAtMs: Record<string, number> = { ...args.carried?.retryAtMs };
  let changed = false;
  let settled: Settled | null = null;
  setHandler(changedSignal, () => {
    changed = true;
  });
  setHandler(progressQuery, () => ({
    doing: settled?.doing ?? 'Starting',
    nextAt: settled?.nextAtMs == null ? null : new Date(settled.nextAtMs).toISOString(),
  }));

  for (;;) {
    changed = false;
    settled = await settle({ creatorId, coacheeId, nowMs: Date.now() });
    setCurrentDetails(settled.doing);
    await sendAll(creatorId, settled.sends, retryAtMs);
    const nextAtMs = earliest(settled.nextAtMs, Object.values(retryAtMs));
    if (!changed) {
      if (nextAtMs === null) return settled.doing;
      if (shouldStartAfresh(workflowInfo())) await continueAsNew<typeof reminders>({ ...args, carried: { retryAtMs } });
      await sleepUntil(nextAtMs, settled.doing, () => changed);
    }
  }
}

/** Tries every send whose time has come, once; notes when one that has to wait may be tried again. */
async function sendAll(creatorId: string, sends: Settled['sends'], retryAtMs: Record<string, number>): Promise<void> {
  const wanted = new Set(sends.map(({ key }) => key));
  for (const key of Object.keys(retryAtMs)) if (!wanted.has(key)) delete retryAtMs[key];
  for (const { key, kind, summary } of sends) {
    if ((retryAtMs[key] ?? 0) > Date.now()) continue;
    delete retryAtMs[key];
    const options = { ...sendOnce, taskQueue: sendQueueOf(kind), summary };
    const result = await sendMessage.executeWithOptions(options, [{ creatorId, key }]);
    if (result.outcome === 'deferred') retryAtMs[key] = Date.now() + result.afterMs;
  }
}

async function sleepUntil(atMs: number, summary: string, changed: () => boolean): Promise<void> {
  if (atMs > Date.now()) await condition(changed, atMs - Date.now(), { summary });
}

const earliest = (atMs: number | null, others: number[]): number | null => {
  const known = atMs === null ? others : [atMs, ...others];
  return known.length === 0 ? null : Math.min(...known);
};
