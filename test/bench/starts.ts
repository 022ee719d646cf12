/**
 * Bench `starts`: enrollments a second through the API, until the first message of each is recorded as sent, over no-op workflows a second
 * on the same server, started and run.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 } from 'uuid';
import { type Coaching, openCoaching } from './coaching.ts';
import { type BenchLine, compared } from './line.ts';
import { NOOP_QUEUE } from './noop/protocol.ts';
import { inTurns } from './turns.ts';
import { each, type World } from './world.ts';

const COUNT = 200;
/** What a run leaves to be done behind it (visibility, the second decision) is not the next one's burden. */
const SETTLE_MS = 1_500;

export const benchStarts = async (world: World): Promise<BenchLine[]> => {
  const coaching = await openCoaching(world);
  const { subject, baseline } = await inTurns({
    subject: () => enrollmentsPerSecond(coaching),
    baseline: () => noopsPerSecond(world),
    between: () => sleep(SETTLE_MS),
  });
  return [compared({ bench: 'starts', subject, baseline, unit: 'starts/s' })];
};

const enrollmentsPerSecond = async (coaching: Coaching): Promise<number> => {
  const programId = await coaching.publish([
    { type: 'message', key: 'hello', text: 'Hello {{coachee.name}}, good that you are here.' },
    { type: 'wait', key: 'a-month', for: { days: 30 } },
    { type: 'message', key: 'goodbye', text: 'That was it.' },
  ]);
  const coachees = await coaching.coachees(COUNT);
  const begunMs = Date.now();
  const enrollments = await each(COUNT, (index) => coaching.enroll(programId, coachees[index] as (typeof coachees)[0]));
  const sentAt = await coaching.sentAt(enrollments);
  return perSecond(Math.max(...sentAt.values()) - begunMs);
};

const noopsPerSecond = async ({ temporal, noop }: World): Promise<number> => {
  const ran = noop.ran(COUNT);
  const begunMs = Date.now();
  await each(COUNT, () => temporal.workflow.start('noop', { taskQueue: NOOP_QUEUE, workflowId: `noop/${v7()}` }));
  return perSecond(Math.max(...(await ran).values()) - begunMs);
};

const perSecond = (tookMs: number): number => (COUNT * 1000) / tookMs;
