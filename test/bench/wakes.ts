/**
 * Bench `wakes`: from a timer that fired to the message that is recorded as sent, over a no-op's from its timer to its one activity. Both
 * kinds sleep and wake side by side, a few a second, as they come in a day.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { v7 } from 'uuid';
import type { EnrollmentId } from '../../shared/contracts/ids.ts';
import { journeyId } from '../../temporal/ids.ts';
import { type Coaching, openCoaching } from './coaching.ts';
import { type BenchLine, comparedAsSpeed, median } from './line.ts';
import { NOOP_QUEUE } from './noop/protocol.ts';
import { note, RUNS } from './turns.ts';
import { each, type World } from './world.ts';

const COUNT = 50;
const EVERY_MS = 100;
/** Longer than it takes to start them all: nothing but wakes is going on when they wake. */
const SLEEP_SECONDS = 8;

export const benchWakes = async (world: World): Promise<BenchLine[]> => {
  const coaching = await openCoaching(world);
  const subject: number[] = [];
  const baseline: number[] = [];
  for (let run = 0; run <= RUNS; run += 1) {
    const wakes = await wakesOf(world, coaching);
    note(`run ${run} of ${RUNS}: ${wakes.journeyMs.toFixed(1)} ms over ${wakes.noopMs.toFixed(1)} ms`);
    if (run === 0) continue;
    subject.push(wakes.journeyMs);
    baseline.push(wakes.noopMs);
  }
  return [comparedAsSpeed({ bench: 'wakes', subject, baseline, unit: 'ms' })];
};

/** Median milliseconds from the timer to what it was for, of journeys and of no-ops. */
const wakesOf = async (world: World, coaching: Coaching): Promise<{ journeyMs: number; noopMs: number }> => {
  const ran = world.noop.ran(COUNT);
  const { enrollments, noops } = await startAll(world, coaching);
  const ranAt = await ran;
  const sentAt = await coaching.sentAt(enrollments);
  const after = (workflowId: string, atMs = Number.NaN) => firedAt(world.temporal, workflowId).then((ms) => atMs - ms);
  const journeyMs = await each(COUNT, (i) => {
    const id = enrollments[i] as EnrollmentId;
    return after(journeyId(id), sentAt.get(id));
  });
  const noopMs = await each(COUNT, (i) => after(noops[i] as string, ranAt.get(noops[i] as string)));
  return { journeyMs: median(journeyMs), noopMs: median(noopMs) };
};

const startAll = async ({ temporal }: World, coaching: Coaching) => {
  const programId = await coaching.publish([
    { type: 'wait', key: 'a-while', for: { seconds: SLEEP_SECONDS } },
    { type: 'message', key: 'hello', text: 'Good morning {{coachee.name}}, how was your night?' },
    { type: 'wait', key: 'a-month', for: { days: 30 } },
  ]);
  const enrollments: EnrollmentId[] = [];
  const noops: string[] = [];
  for (const coacheeId of await coaching.coachees(COUNT)) {
    const next = sleep(EVERY_MS);
    enrollments.push(await coaching.enroll(programId, coacheeId));
    const workflowId = `noop/${v7()}`;
    await temporal.workflow.start('noopWake', { taskQueue: NOOP_QUEUE, workflowId, args: [SLEEP_SECONDS * 1000] });
    noops.push(workflowId);
    await next;
  }
  return { enrollments, noops };
};

/** When the workflow's first timer fired, Unix milliseconds. */
const firedAt = async (temporal: Client, workflowId: string): Promise<number> => {
  const { events } = await temporal.workflow.getHandle(workflowId).fetchHistory();
  const fired = events?.find((event) => event.timerFiredEventAttributes)?.eventTime;
  if (!fired) throw new Error(`No timer of ${workflowId} has fired`);
  return Number(fired.seconds) * 1000 + (fired.nanos ?? 0) / 1e6;
};
