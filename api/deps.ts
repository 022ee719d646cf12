/** What the API's routes and middleware are given; api/main.ts makes it, tests make it of the same real parts. */
import type { Redis } from 'ioredis';
import type { Registry } from 'prom-client';
import type { Config } from '../shared/config.ts';
import type { TelegramBots } from '../shared/contracts/telegram-bot.ts';
import type { Orm } from '../shared/db/orm.ts';
import type { JourneyRef } from '../shared/domain/journeys/enrollments.ts';
import type { EventVerdict, JourneyEvent } from '../shared/domain/journeys/messages.ts';
import type { Logger } from '../shared/logger.ts';
import type { Vault } from '../shared/services/secrets.ts';
import type { TelegramInboundDeps } from '../shared/services/telegram-replies.ts';

/** The journeys' runs, as temporal/start/journeys.ts reaches them. */
export interface JourneyRuns {
  /** Starts the run of an enrollment; starting it again changes nothing. */
  start(ref: JourneyRef): Promise<void>;
  /** Tells a run that something happened. Throws CairnError `notFound` where there is no run, `unavailable` where it cannot answer. */
  send(enrollmentId: string, event: JourneyEvent): Promise<EventVerdict>;
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
  /** Hands a committed inbound message to its conversation; safe to repeat, and healed by the reconcile where it fails. */
  handInbound: TelegramInboundDeps['handInbound'];
  telegramBots: TelegramBots;
  /** Throws when Temporal does not answer. */
  pingTemporal: () => Promise<void>;
  vault: Vault;
  logger: Logger;
  metrics: Registry;
  lifecycle: Lifecycle;
}
