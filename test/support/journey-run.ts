/** Drives a real journey on a time-skipping server, as a coachee and a creator would. */

import { Message } from '../../shared/db/entities/conversations.ts';
import { Enrollment, TimelineEntry } from '../../shared/db/entities/journeys.ts';
import type { EventVerdict } from '../../shared/domain/journeys/messages.ts';
import type { JourneyProgress } from '../../shared/domain/journeys/run.ts';
import { journeyId } from '../../temporal/ids.ts';
import { startJourney } from '../../temporal/start/journeys.ts';
import { type GivenCreator, givenCoachee, givenCreator, givenEnrollment, givenProgram } from './factories.ts';
import { soon } from './soon.ts';
import type { Stage } from './stage.ts';

export interface StartedJourney extends GivenCreator {
  enrollmentId: Enrollment['id'];
  coacheeId: Enrollment['coacheeId'];
  progress: () => Promise<JourneyProgress>;
  /** Waits until `wanted` holds, skipping no time; fails after ten real seconds. */
  until: (wanted: (progress: JourneyProgress) => boolean) => Promise<JourneyProgress>;
  /**
   * Waits until the journey sleeps at that step, by its row and its history: the time-skipping server never answers a query that meets a run just as
   * it continues as new, and skips no time from then on.
   */
  untilAsleep: (stepKey: string) => Promise<void>;
  tell: (name: string, payload?: object) => Promise<EventVerdict>;
  /**
   * Hands in a signal, again while no run takes it: between one run and the next the time-skipping server knows of neither for a moment, where a real
   * one closes and starts in a single transaction. The payload's id makes the repeat harmless.
   */
  signal: (name: string, payload: { id: string; [field: string]: unknown }) => Promise<void>;
  /** The journey's result; the server's clock skips ahead meanwhile. */
  result: () => Promise<string>;
  texts: () => Promise<string[]>;
  timeline: () => Promise<TimelineEntry[]>;
  enrollment: () => Promise<Enrollment>;
}

export interface JourneyOptions {
  name?: string;
  timeZone?: string;
  testMsPerDay?: number;
  creator?: GivenCreator;
  /** A coachee of `creator` who lives in another program already; a new one unless named. */
  coacheeId?: Enrollment['coacheeId'];
  /** One that is published already; by default a new one. */
  program?: Pick<Enrollment, 'programId' | 'programVersionId' | 'programVersion'>;
}

/** Publishes `steps`, enrolls a coachee on the web chat and starts the journey. */
export const startedJourney = async (
  { orm, world }: Stage,
  definition: object,
  {
    name = 'Mira',
    timeZone = 'Europe/Berlin',
    testMsPerDay,
    creator,
    coacheeId: known,
    program: published,
  }: JourneyOptions = {},
): Promise<StartedJourney> => {
  const owner = creator ?? (await givenCreator(orm));
  const program = published ?? (await givenProgram(owner, definition));
  const coacheeId = known ?? (await givenCoachee(owner, owner.webChannelId, { name, timeZone })).coacheeId;
  const enrollmentId = await givenEnrollment(
    owner,
    program,
    coacheeId,
    testMsPerDay === undefined ? {} : { testMsPerDay },
  );
  await startJourney(world.client, {
    creatorId: owner.creatorId,
    enrollmentId,
    programId: program.programId,
    programVersion: program.programVersion,
    isTest: testMsPerDay !== undefined,
  });
  const handle = world.client.workflow.getHandle(journeyId(enrollmentId));
  const progress = () => handle.query<JourneyProgress>('progress');
  return {
    ...owner,
    enrollmentId,
    coacheeId,
    progress,
    until: (wanted) => polled(progress, wanted),
    untilAsleep: async (stepKey) => {
      const look = async () => ({
        stepKey: (await owner.em().findOneOrFail(Enrollment, { id: enrollmentId })).stepKey,
        asleep: (await handle.fetchHistory()).events?.at(-1)?.timerStartedEventAttributes != null,
      });
      await polled(look, (now) => now.stepKey === stepKey && now.asleep);
    },
    tell: (name, payload = {}) => handle.executeUpdate<EventVerdict, [object]>(name, { args: [payload] }),
    signal: (name, payload) => soon(() => handle.signal(name, payload)),
    result: () => handle.result(),
    texts: async () => {
      const rows = await owner.em().find(Message, { coacheeId, direction: 'out' }, { orderBy: { seq: 'asc' } });
      return rows.filter(({ seq }) => seq !== null).map(({ text }) => text);
    },
    timeline: () => owner.em().find(TimelineEntry, { enrollmentId }, { orderBy: { id: 'asc' } }),
    enrollment: () => owner.em().findOneOrFail(Enrollment, { id: enrollmentId }),
  };
};

/** Looks until `wanted` holds; fails after ten real seconds. */
const polled = async <Seen>(look: () => Promise<Seen>, wanted: (seen: Seen) => boolean): Promise<Seen> => {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const now = await look();
    if (wanted(now)) return now;
    if (Date.now() > deadline) throw new Error(`Still ${JSON.stringify(now)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

/** The journey has asked and waits for the answer. */
export const asked = ({ awaitingReply, doing }: JourneyProgress) => awaitingReply && doing.startsWith('Waiting');

/** The journey sleeps at `stepKey`. */
export const sleepingAt = (stepKey: string) => (progress: JourneyProgress) =>
  progress.stepKey === stepKey && progress.doing.startsWith('Waiting');
