/** Named options, each with the reason for its numbers. */
import type { ActivityOptions, LocalActivityOptions } from '@temporalio/workflow';
import { COACH_QUEUE } from '../temporal/queues.ts';

/**
 * A decision: a few Postgres statements in one transaction, run inside the workflow task so that a step costs no extra round trip to
 * the server. 10 s is far above its normal milliseconds and below the minute after which the server would take the task away. A
 * database that is away is waited for with growing pauses; past 20 s the pause becomes a timer in the history.
 */
export const decideOnce: LocalActivityOptions = {
  startToCloseTimeout: '10 seconds',
  localRetryThreshold: '20 seconds',
  retry: { initialInterval: '100 milliseconds', backoffCoefficient: 2, maximumInterval: '1 minute' },
};

/**
 * One send. 20 s leaves a provider's call its own 10 s and the ledger the rest. A second attempt never calls the provider
 * blindly: it finds the reservation and settles it (design rule 4), so retrying is safe and goes on until Postgres answers.
 */
export const sendOnce: ActivityOptions = {
  startToCloseTimeout: '20 seconds',
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '1 minute' },
};

/**
 * A creator's webhook: 40 s covers the longest timeout a step may ask for (30 s). Five attempts over about a minute ride out a restart of
 * their server; after that the program's own failure branch decides.
 */
export const callWebhookPatiently: ActivityOptions = {
  startToCloseTimeout: '40 seconds',
  retry: { initialInterval: '2 seconds', backoffCoefficient: 3, maximumAttempts: 5 },
};

/**
 * A text of the model's: 90 s leaves a call its own 60 s. Three attempts ride out a model that is being loaded; a coachee who waits for longer than
 * ten minutes, because the queue is long or nothing works on it, is sent the fallback.
 */
export const askModel: ActivityOptions = {
  taskQueue: COACH_QUEUE,
  startToCloseTimeout: '90 seconds',
  scheduleToCloseTimeout: '10 minutes',
  retry: { initialInterval: '5 seconds', backoffCoefficient: 2, maximumAttempts: 3 },
};

/**
 * A batch of an import: a hundred rows of some 20 ms each, and ten times that on a busy day. It reports after every row, so that the batch of a worker
 * that is gone goes on elsewhere after 10 s; a row that was enrolled is left alone.
 */
export const enrollBatch: ActivityOptions = {
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '10 seconds',
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '30 seconds' },
};

/** Database work and calls to other runs, safe to repeat: retried until it is done. */
export const repeatable: ActivityOptions = {
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '30 seconds' },
};

/**
 * A batch of journeys to be moved: ten at a time, each of which may keep us waiting for the eleven seconds that a journey's answer takes at most. A batch
 * that is begun again tells some journeys twice, which changes nothing; that its worker is gone is known after six seconds without a sign of life.
 */
export const moveJourneys: ActivityOptions = {
  startToCloseTimeout: '3 minutes',
  heartbeatTimeout: '6 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
};
