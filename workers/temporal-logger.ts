import { DefaultLogger, type Logger as TemporalLogger } from '@temporalio/worker';
import type { Logger } from '../shared/logger.ts';

const LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** Temporal's own log lines go the way of ours, without the payloads that its failures may carry. */
export const temporalLogger = (logger: Logger): TemporalLogger =>
  new DefaultLogger('INFO', ({ level, message, meta }) => {
    const { error, ...rest } = (meta ?? {}) as Record<string, unknown>;
    logger[LEVELS[level]]({ ...rest, ...(error instanceof Error ? { reason: error.message } : {}) }, message);
  });
