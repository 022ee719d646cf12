/**
 * Bench `migrate`: sleeping journeys moved to the next version of their program, from the request to the last of them, over as many updates that do nothing
 * to workflows that do nothing, as many at once as a migration tells.
 */
import { v7 } from 'uuid';
import type { ProgramId } from '../../shared/contracts/ids.ts';
import type { ProgramDefinitionInput } from '../../shared/contracts/programs.ts';
import { type Coaching, openCoaching } from './coaching.ts';
import { type BenchLine, compared } from './line.ts';
import { NOOP_QUEUE } from './noop/protocol.ts';
import { inTurns } from './turns.ts';
import { each, type World } from './world.ts';

const COUNT = 200;
/** As activities/migrations does. */
const LANES = 10;

export const benchMigrate = async (world: World): Promise<BenchLine[]> => {
  const coaching = await openCoaching(world);
  const programId = await coaching.publish(stepsOf(30));
  const coachees = await coaching.coachees(COUNT);
  const enrollments = await each(COUNT, (i) => coaching.enroll(programId, coachees[i] as (typeof coachees)[number]));
  await coaching.sentAt(enrollments);
  const workflowIds = await each(COUNT, () => startListener(world));
  let version = 1;
  const measured = await inTurns({
    subject: () => moveAll(coaching, programId, version++),
    baseline: () => pokeAll(world, workflowIds),
    between: async () => {},
  });
  return [compared({ bench: 'migrate', ...measured, unit: 'journeys/s' })];
};

/** Each version waits a day longer, so that every wait is counted anew. */
const stepsOf = (days: number): ProgramDefinitionInput['steps'] => [
  { type: 'message', key: 'hello', text: 'Good morning {{coachee.name}}, how was your night?' },
  { type: 'wait', key: 'a-while', for: { days } },
];

const moveAll = async (coaching: Coaching, programId: ProgramId, version: number): Promise<number> => {
  await coaching.republish(programId, stepsOf(30 + version));
  const startedAtMs = performance.now();
  await coaching.migrate(programId, version);
  return perSecond(startedAtMs);
};

const startListener = async ({ temporal }: World): Promise<string> => {
  const workflowId = `noop/${v7()}`;
  await temporal.workflow.start('noopListener', { taskQueue: NOOP_QUEUE, workflowId });
  return workflowId;
};

const pokeAll = async ({ temporal }: World, workflowIds: string[]): Promise<number> => {
  const left = workflowIds.values();
  const lane = async () => {
    for (const workflowId of left) await temporal.workflow.getHandle(workflowId).executeUpdate('poke');
  };
  const startedAtMs = performance.now();
  await Promise.all(Array.from({ length: LANES }, lane));
  return perSecond(startedAtMs);
};

const perSecond = (startedAtMs: number): number => (COUNT * 1000) / (performance.now() - startedAtMs);
