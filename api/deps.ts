/** What the API's routes and middleware are given; api/main.ts makes it, tests make it of the same real parts. */
import type { Redis } from 'ioredis';
import type { Registry } from 'prom-client';
import type { Config } from '../shared/config.ts';
import type { CheckEmailKey } from '../shared/contracts/email-account.ts';
import type { TelegramBots } from '../shared/contracts/telegram-bot.ts';
import type { Orm } from '../shared/db/orm.ts';
import type { JourneyProgress } from '../shared/domain/journeys/run.ts';
import type { Logger } from '../shared/logger.ts';
import type { ScheduleRef } from '../shared/services/reminder-schedules.ts';
import type { Vault } from '../shared/services/secrets.ts';
import type { TelegramInboundDeps } from '../shared/services/telegram-replies.ts';
import type { EnrollmentImportRef } from '../temporal/start/enrollment-imports.ts';
import type { JourneyStart, SendableEvent, SentVerdict } from '../temporal/start/journeys.ts';
import type { MigrationOrder, MigrationStart } from '../temporal/start/migrations.ts';
import type { Simulator } from './programs/simulator.ts';

/** The journeys' runs, as temporal/start/journeys.ts reaches them. */
export interface JourneyRuns {
  /** Starts the run of a committed enrollment; starting it again changes nothing. */
  start(start: JourneyStart): Promise<void>;
  /** Tells a run that something happened. Throws CairnError `unavailable` where it cannot be reached. */
  send(enrollmentId: string, event: SendableEvent): Promise<SentVerdict>;
  /** Lets journeys look again at what they wait for. Throws where they cannot be reached: the reconcile tells them then. */
  nudge(enrollmentIds: string[]): Promise<void>;
  /** Throws CairnError `notFound` where there is no run, `unavailable` where it cannot answer. */
  progress(enrollmentId: string): Promise<JourneyProgress>;
}

/** Migrations' runs, as temporal/start/migrations.ts reaches them. */
export interface MigrationRuns {
  /** Starts the run of a committed migration; starting it again changes nothing. */
  start(start: MigrationStart): Promise<void>;
  /** Throws CairnError `conflict` where it is over, `unavailable` where it cannot be reached. */
  order(migrationId: string, order: MigrationOrder): Promise<void>;
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
  /** Starts the run of a committed import; safe to repeat, and healed by the reconcile where it fails. */
  startImport: (ref: EnrollmentImportRef) => Promise<void>;
  migrations: MigrationRuns;
  /** Lets a coachee's reminders look again, starting them where they do not run. Throws where they cannot be reached: the reconcile tells them then. */
  nudgeReminders: (ref: ScheduleRef) => Promise<void>;
  /** Hands a committed inbound message to its conversation; safe to repeat, and healed by the reconcile where it fails. */
  handInbound: TelegramInboundDeps['handInbound'];
  telegramBots: TelegramBots;
  checkEmailKey: CheckEmailKey;
  /** Throws when Temporal does not answer. */
  pingTemporal: () => Promise<void>;
  vault: Vault;
  simulator: Simulator;
  logger: Logger;
  metrics: Registry;
  lifecycle: Lifecycle;
}
