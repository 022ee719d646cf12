import type { SearchAttributeUpdatePair } from '@temporalio/common';
import { upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { JourneyRun } from '../../shared/domain/journeys/run.ts';
import { searchAttributes } from '../../temporal/search-attributes.ts';

/** Shows where a journey stands in the server's search, where that changed since it was last shown. */
export const showInSearch = ({ state, effect, version }: JourneyRun): void => {
  const { typedSearchAttributes: shown } = workflowInfo();
  const { stepKey, status, dueAt, programVersion } = searchAttributes;
  const due = effect.kind === 'wait' && effect.dueAtMs !== null ? new Date(effect.dueAtMs) : null;
  const pairs: SearchAttributeUpdatePair[] = [];
  if (shown.get(stepKey) !== (state.at ?? undefined)) pairs.push({ key: stepKey, value: state.at });
  if (shown.get(status) !== state.status) pairs.push({ key: status, value: state.status });
  if (shown.get(dueAt)?.getTime() !== due?.getTime()) pairs.push({ key: dueAt, value: due });
  const lives = version === undefined ? undefined : String(version);
  if (lives !== undefined && shown.get(programVersion) !== lives) pairs.push({ key: programVersion, value: lives });
  if (pairs.length > 0) upsertSearchAttributes(pairs);
};
