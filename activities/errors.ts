/** Translates our errors at the activities' border: what a retry cannot cure fails for good, everything else is retried. */

import { NotFoundError } from '@mikro-orm/core';
import { ApplicationFailure } from '@temporalio/common';
import { CairnError, FAILURE } from '../shared/errors.ts';

/** Wraps every activity of `activities` so that permanent errors leave as non-retryable ApplicationFailures. */
export const translated = <A extends Record<string, (input: never) => Promise<unknown>>>(activities: A): A => {
  const wrapped = Object.entries(activities).map(([name, run]) => [
    name,
    async (input: never) => {
      try {
        return await run(input);
      } catch (error) {
        throw translate(error);
      }
    },
  ]);
  return Object.fromEntries(wrapped) as A;
};

const PERMANENT = new Set(['invalid', 'forbidden', 'notFound', 'gone', 'conflict']);

const translate = (error: unknown): unknown => {
  if (error instanceof NotFoundError) return ApplicationFailure.nonRetryable(error.message, FAILURE.missing);
  if (error instanceof CairnError && PERMANENT.has(error.type)) {
    return ApplicationFailure.nonRetryable(
      error.message,
      error.type === 'notFound' ? FAILURE.missing : FAILURE.refused,
    );
  }
  return error;
};
