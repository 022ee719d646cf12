/** What a migration does to journeys: it tells them, batch by batch; their own decisions write down what became of them. */
import { heartbeat } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { CreatorId, EnrollmentId, MigrationId } from '../../shared/contracts/ids.ts';
import { forCreator, type Orm } from '../../shared/db/orm.ts';
import { type Counts, type MigrationStatus, reasonToStop } from '../../shared/domain/migrations/status.ts';
import {
  beginMigration,
  countsOf,
  getMigration,
  nextItems,
  noteStatus,
  settleUntold,
} from '../../shared/services/migrations.ts';
import { type SentVerdict, sendJourneyEvent } from '../../temporal/start/journeys.ts';
import { translated } from '../errors.ts';

export interface MigrationDeps {
  orm: Orm;
  temporal: Client;
}

export interface MigrationRef {
  creatorId: string;
  migrationId: string;
}

export interface Terms {
  /** How many journeys are moved first. */
  canary: number;
  canaryPauseSeconds: number;
  undoWithinHours: number;
}

export interface Batch {
  counts: Counts;
  /** Nothing of it is left. */
  isLast: boolean;
  /** Why the migration is to stop. */
  stop: string | null;
}

/** Some seconds of work: a migration that is to stop does so after the batch in hand. */
const BATCH = 100;
/** Journeys told at once: as many decisions as a worker's share of the database takes. */
const AT_ONCE = 10;

export const createMigrationActivities = ({ orm, temporal }: MigrationDeps) => {
  const emOf = ({ creatorId }: MigrationRef) => forCreator(orm, creatorId as CreatorId);
  const idOf = ({ migrationId }: MigrationRef) => migrationId as MigrationId;

  const takeBatch = async (ref: MigrationRef, which: { canary: boolean; undo: boolean }): Promise<Batch> => {
    const { canary, undo } = which;
    const migrationId = idOf(ref);
    const status = undo ? 'moved' : 'planned';
    const told = await nextItems(emOf(ref), migrationId, { status, canary, most: BATCH });
    const verdicts = await alive(() => eachOf(told, (enrollmentId) => tell(enrollmentId, migrationId, undo)));
    const ended = told.filter((_, index) => verdicts[index] === 'ended');
    const em = emOf(ref);
    await em.transactional((tx) => settleUntold(tx, migrationId, { told, ended, status }));
    const counts = await countsOf(emOf(ref), migrationId);
    const { stopAt } = await getMigration(emOf(ref), migrationId);
    const isLast = (await nextItems(emOf(ref), migrationId, { status, canary, most: 1 })).length === 0;
    return { counts, isLast, stop: undo ? null : reasonToStop(counts, stopAt) };
  };

  const tell = (enrollmentId: EnrollmentId, migrationId: MigrationId, undo: boolean): Promise<SentVerdict> => {
    const id = `${migrationId}/${enrollmentId}${undo ? '/undo' : ''}`;
    return sendJourneyEvent(temporal, enrollmentId, { type: 'migrate', id, migrationId, ...(undo && { undo }) });
  };

  return translated({
    openMigration: async (ref: MigrationRef): Promise<Terms> => {
      const { canary, canaryPauseSeconds, undoWithinHours } = await beginMigration(emOf(ref), idOf(ref));
      return { canary, canaryPauseSeconds, undoWithinHours };
    },
    /** Moves the next journeys, of the canary cohort only where so asked. Safe to repeat: a journey is moved once. */
    moveBatch: (ref: MigrationRef & { canary: boolean }): Promise<Batch> =>
      takeBatch(ref, { canary: ref.canary, undo: false }),
    /** Moves the next journeys back. */
    undoBatch: (ref: MigrationRef): Promise<Batch> => takeBatch(ref, { canary: false, undo: true }),
    reportMigration: async (ref: MigrationRef & { status: MigrationStatus; why: string | null }): Promise<void> => {
      await emOf(ref).transactional((tx) => noteStatus(tx, idOf(ref), ref.status, ref.why));
    },
  });
};

export type MigrationActivities = ReturnType<typeof createMigrationActivities>;

const SIGN_EVERY_MS = 1_000;

/** Gives signs of life while `work` goes on. */
const alive = async <Result>(work: () => Promise<Result>): Promise<Result> => {
  const signs = setInterval(() => heartbeat(), SIGN_EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(signs);
  }
};

/** Does `work` for each, some at a time; gives the results in order. */
const eachOf = async <Item, Result>(items: Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> => {
  const results: Result[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index] as Item);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return results;
};
