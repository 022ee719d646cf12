import type { WorkflowInfo } from '@temporalio/workflow';

const MAX_AGE_MS = 30 * 24 * 60 * 60 * 1000;
/** Far below the server's warning at 10 MiB: a small history replays in milliseconds when a sleeping journey wakes. */
const MAX_HISTORY_BYTES = 512 * 1024;
const MAX_HISTORY_EVENTS = 2000;

/** Whether a run is due for continue-as-new: monthly, when its history has grown, or when the server says so. */
export const shouldStartAfresh = (
  info: Pick<WorkflowInfo, 'continueAsNewSuggested' | 'historySize' | 'historyLength' | 'runStartTime'>,
): boolean =>
  info.continueAsNewSuggested ||
  info.historySize > MAX_HISTORY_BYTES ||
  info.historyLength > MAX_HISTORY_EVENTS ||
  Date.now() - info.runStartTime.getTime() > MAX_AGE_MS;
