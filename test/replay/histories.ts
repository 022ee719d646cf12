/** How a run's history is kept: one JSON file a run, readable in a diff. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import proto, { type temporal } from '@temporalio/proto';

const { History } = proto.temporal.api.history.v1;
type RunHistory = temporal.api.history.v1.IHistory;

const FOLDER = fileURLToPath(new URL('./histories/', import.meta.url));

/** Names of the recorded runs: `<shape>.<run>.json`, runs counted from 1 through continue-as-new. */
export const recordedRuns = async (): Promise<string[]> => (await readdir(FOLDER)).sort();

export const keepRun = async (file: string, workflowId: string, history: RunHistory): Promise<void> => {
  const json = History.toObject(History.fromObject(history), { longs: String, enums: String, bytes: String });
  await writeFile(`${FOLDER}${file}`, `${JSON.stringify({ workflowId, history: json }, withoutTheMachine, 1)}\n`);
};

/** Where it was recorded says nothing to a replay, and belongs to nobody else. */
const withoutTheMachine = (name: string, value: unknown): unknown => {
  if (name === 'identity') return 'worker';
  return name === 'stackTrace' ? '' : value;
};

export const readRun = async (file: string): Promise<{ workflowId: string; history: RunHistory }> => {
  const { workflowId, history } = JSON.parse(await readFile(`${FOLDER}${file}`, 'utf8'));
  return { workflowId, history: History.fromObject(history) };
};
