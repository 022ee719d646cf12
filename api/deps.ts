/** What the API's routes and middleware are given; api/main.ts makes it, tests make it of the same real parts. */
import type { Redis } from 'ioredis';
import type { Registry } from 'prom-client';
import type { Config } from '../shared/config.ts';
import type { Orm } from '../shared/db/orm.ts';
import type { JourneyRef } from '../shared/domain/journeys/enrollments.ts';
import type { EventVerdict, JourneyEvent } from '../shared/domain/journeys/messages.ts';
import type { Logger } from '../shared/logger.ts';
import type { Vault } from '../shared/services/secrets.ts';
import type { JourneyStart, SendableEvent, SentVerdict } from '../temporal/start/journeys.ts';

/** The journeys' runs, as temporal/start/journeys.ts reaches them. */
export interface JourneyRuns {
  /** Starts the run of a committed enrollment; starting it again changes nothing. */
  start(start: JourneyStart): Promise<void>;
  /** Tells a run that something happened. Throws CairnError `unavailable` where it cannot be reached. */
  send(enrollmentId: string, event: SendableEvent): Promise<SentVerdict>;
  /** Throws CairnError `notFound` where there is no run, `unavailable` where it cannot answer. */
  progress(enrollmentId: string): Promise<JourneyProgress>;
}

/** Whether the process is on its way out: then /readyz says so and connections are not kept open. */
export interface Lifecycle {
  draining: boolean;
}

export interface ApiDeps {
  config: Config;
  orm: Orm;
  redis: Redis;
  runs: JourneyRuns;
  /** Throws when Temporal does not answer. */
  pingTemporal: () => Promise<void>;
  vault: Vault;
  logger: Logger;
  metrics: Registry;
  lifecycle: Lifecycle;
}
