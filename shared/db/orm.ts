/** How this process talks to Postgres: one MikroORM, and one EntityManager fork per request and per activity. */
import { type EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { CreatorId } from '../contracts/ids.ts';
import { entities } from './entities/index.ts';
import { CREATOR_SETTING } from './entities/tenancy.ts';
import { TenantDriver } from './tenant-connection.ts';

export type Orm = MikroORM;

export interface OrmOptions {
  /** Connection string of the role that row-level security binds (or of the owner, for migrations). */
  databaseUrl: string;
  /** Connections kept at most; default 10. */
  poolSize?: number;
}

const CONNECTION_WITHIN_MS = 15_000;

export const ormOptions = ({ databaseUrl, poolSize = 10 }: OrmOptions) => ({
  driver: TenantDriver,
  entities,
  clientUrl: databaseUrl,
  pool: { min: 0, max: poolSize },
  // A connection that cannot be had fails the request instead of holding it for ever.
  driverOptions: { connectionTimeoutMillis: CONNECTION_WITHIN_MS },
  discovery: { checkDuplicateFieldNames: true },
});

/** Makes the process's ORM; it connects with its first query. */
export const createOrm = (options: OrmOptions): Orm => new MikroORM(ormOptions(options));

/**
 * A fresh EntityManager that sees and writes only rows of `creatorId`: every transaction it opens sets the tenant for Postgres's
 * row-level security, and a plain read gets a short transaction of its own.
 */
export const forCreator = (orm: Orm, creatorId: CreatorId): EntityManager => {
  const em = orm.em.fork();
  em.setSessionContext({ variables: { [CREATOR_SETTING]: creatorId } });
  return em;
};

/**
 * Runs `read` in one read-only transaction of `em`, a fresh one of `forCreator`: all its queries see the same moment, and Postgres refuses to
 * write. What is changed in entities is not saved.
 */
export const reading = async <T>(em: EntityManager, read: () => Promise<T>): Promise<T> => {
  await em.begin({ readOnly: true });
  try {
    const found = await read();
    // It has nothing to lose, so nobody waits for its end; the connection does, before it serves the next one.
    void em.rollback().catch(() => {});
    return found;
  } catch (error) {
    await em.rollback();
    throw error;
  }
};

/** A fresh EntityManager without a tenant: it finds no tenant row; for the directory functions (shared/db/directory.ts). */
export const withoutCreator = (orm: Orm): EntityManager => orm.em.fork();
