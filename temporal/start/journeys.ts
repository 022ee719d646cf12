/** Starts journeys and speaks to them. Everything here is safe to repeat. */
import {
  type Client,
  ServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import type { EffectAnswer, EventVerdict, JourneyEvent } from '../../shared/domain/journeys/messages.ts';
import type { JourneyProgress } from '../../shared/domain/journeys/run.ts';
import { CairnError } from '../../shared/errors.ts';
import type { JourneyArgs } from '../../workflows/journeys/messages.ts';
import { journeyId } from '../ids.ts';
import { fairShare, JOURNEYS_QUEUE } from '../queues.ts';
import { searchAttributes } from '../search-attributes.ts';

export interface JourneyStart {
  creatorId: string;
  enrollmentId: string;
  programId: string;
  programVersion: number;
  isTest: boolean;
}

/**
 * Starts the journey of a committed enrollment row, or does nothing where it was started before. Throws ServiceError when the server cannot
 * be reached: the reconcile starts it later.
 */
export const startJourney = async (client: Client, start: JourneyStart): Promise<void> => {
  const { creatorId, enrollmentId, programId, programVersion, isTest } = start;
  const args: JourneyArgs = { v: 1, creatorId, enrollmentId };
  try {
    await client.workflow.start('journey', {
      workflowId: journeyId(enrollmentId),
      taskQueue: JOURNEYS_QUEUE,
      priority: fairShare(creatorId),
      args: [args],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowIdConflictPolicy: 'USE_EXISTING',
      staticSummary: isTest ? 'Journey (test enrollment)' : 'Journey',
      typedSearchAttributes: [
        { key: searchAttributes.creatorId, value: creatorId },
        { key: searchAttributes.programId, value: programId },
        { key: searchAttributes.programVersion, value: String(programVersion) },
        { key: searchAttributes.status, value: 'active' },
        { key: searchAttributes.isTest, value: isTest },
      ],
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
};

/** Continue-as-new may close the run that an update was on its way to; the next one takes it. */
const ATTEMPTS = 4;
const PAUSE_MS = 150;

/** A server answers in milliseconds; one that is away would be tried for half a minute. */
const SERVER_WITHIN_MS = 3_000;
/** A worker that is busy, or has to replay the run first, may need some seconds. */
const WORKER_WITHIN_MS = 8_000;

/** What may be told from outside; the rest is the run's own. */
export type SendableEvent = Exclude<JourneyEvent, { type: 'start' } | EffectAnswer>;

/** What a caller learns: the machine's verdict, or `queued` where no worker answered in time and the event waits in the run as a signal. */
export type SentVerdict = EventVerdict | 'queued';

/**
 * Tells a running journey that something happened and waits for what becomes of it. The event's id makes a repeat harmless, so an event that no worker took within
 * `timeoutMs` is left as a signal: it is durable, and taken once. Gives `ended` for a journey that is over; throws CairnError `unavailable` when the server is away,
 * a few seconds after `timeoutMs` at the latest.
 */
export const sendJourneyEvent = async (
  client: Client,
  enrollmentId: string,
  event: SendableEvent,
  timeoutMs = WORKER_WITHIN_MS,
): Promise<SentVerdict> => {
  const handle = handleOf(client, enrollmentId);
  const { name, payload } = asUpdate(event);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await client.withDeadline(Date.now() + timeoutMs, () =>
        handle.executeUpdate<EventVerdict, [unknown]>(name, { args: [payload], updateId: event.id }),
      );
    } catch (error) {
      if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return leaveAsSignal(client, enrollmentId, event);
      if (!(error instanceof WorkflowNotFoundError)) throw unavailable(error);
      if (attempt >= ATTEMPTS || !(await isRunning(client, enrollmentId))) return 'ended';
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * attempt));
    }
  }
};

/** Lets a journey look again at what it waits for; one that is over has nothing to look at. Throws ServiceError when the server cannot be reached. */
export const nudgeJourney = async (client: Client, enrollmentId: string): Promise<void> => {
  try {
    await soon(client, () => handleOf(client, enrollmentId).signal('changed', {}));
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
};

/** Where a journey stands, from the run itself. Throws CairnError `notFound` when there is no run (yet), `unavailable` when nobody answers. */
export const queryProgress = async (
  client: Client,
  enrollmentId: string,
  timeoutMs = WORKER_WITHIN_MS,
): Promise<JourneyProgress> => {
  try {
    return await soon(client, () => handleOf(client, enrollmentId).query<JourneyProgress>('progress'), timeoutMs);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw new CairnError('notFound', 'This enrollment has no journey yet.');
    throw unavailable(error);
  }
};

const handleOf = (client: Client, enrollmentId: string) => client.workflow.getHandle(journeyId(enrollmentId));

const soon = <T>(client: Client, call: () => Promise<T>, withinMs = SERVER_WITHIN_MS): Promise<T> =>
  client.withDeadline(Date.now() + withinMs, call);

const asUpdate = (event: SendableEvent): { name: string; payload: object } => {
  if (event.type === 'signal') return { name: event.name, payload: { id: event.id, payload: event.payload } };
  const { type, ...payload } = event;
  return { name: type, payload };
};

const leaveAsSignal = async (client: Client, enrollmentId: string, event: SendableEvent): Promise<SentVerdict> => {
  const { name, payload } = asUpdate(event);
  try {
    await soon(client, () => handleOf(client, enrollmentId).signal(name, payload));
    return 'queued';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'ended';
    throw unavailable(error);
  }
};

const isRunning = async (client: Client, enrollmentId: string): Promise<boolean> => {
  try {
    const { status } = await soon(client, () => handleOf(client, enrollmentId).describe());
    return status.name === 'RUNNING' || status.name === 'CONTINUED_AS_NEW';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw unavailable(error);
  }
};

const unavailable = (error: unknown): unknown =>
  error instanceof ServiceError
    ? new CairnError('unavailable', 'The journey cannot be reached right now; nothing was changed. Please try again.')
    : error;
