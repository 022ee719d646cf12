/**
 * How a tenant's transaction begins: without waiting. `begin` and the tenant go to Postgres in one message, and the first statement
 * follows at once on the same connection (pg's `pipeline`). Postgres takes them in order: where the beginning fails, the transaction is aborted, or the
 * connection lost, and it refuses what follows; nothing runs for another tenant (decisions/0017).
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { PostgreSqlConnection, PostgreSqlDriver } from '@mikro-orm/postgresql';
import { CompiledQuery, type Driver, type PostgresDialect } from 'kysely';

type BeginOptions = NonNullable<Parameters<PostgreSqlConnection['begin']>[0]>;
type Variables = NonNullable<BeginOptions['sessionContext']>['variables'];

/** The statement that sets the tenant of the transaction that is being opened. */
const opening = new AsyncLocalStorage<string>();

/** Changes how `driver` opens transactions that have a tenant, and how it ends those that fail. */
const withoutWaiting = (driver: Driver): Driver => {
  const { beginTransaction, rollbackTransaction } = driver;
  return Object.assign(driver, {
    beginTransaction: async (connection, settings) => {
      const setTenant = opening.getStore();
      if (setTenant === undefined) return beginTransaction.call(driver, connection, settings);
      const begin = settings.accessMode ? `start transaction ${settings.accessMode}` : 'begin';
      // Where it fails, so do the statements after it.
      void connection.executeQuery(CompiledQuery.raw(`${begin}; ${setTenant}`)).catch(() => {});
    },
    // Where it fails the connection is lost, and Postgres rolls back by itself; Kysely would keep such a connection from the pool for ever.
    rollbackTransaction: (connection) => rollbackTransaction.call(driver, connection).catch(() => {}),
  } satisfies Partial<Driver>);
};

class TenantConnection extends PostgreSqlConnection {
  override createKyselyDialect(overrides: Parameters<PostgreSqlConnection['createKyselyDialect']>[0]): PostgresDialect {
    const dialect = super.createKyselyDialect({ ...overrides, pipeline: true });
    const createDriver = dialect.createDriver.bind(dialect);
    dialect.createDriver = () => withoutWaiting(createDriver());
    return dialect;
  }

  override begin(options: BeginOptions = {}): ReturnType<PostgreSqlConnection['begin']> {
    const { sessionContext, ...rest } = options;
    if (options.ctx || !sessionContext?.variables) return super.begin(options);
    return opening.run(this.setting(sessionContext.variables), () => super.begin(rest));
  }

  private setting(variables: Variables = {}): string {
    const settings = Object.keys(variables).map(() => 'set_config(?, ?, true)');
    return this.platform.formatQuery(`select ${settings.join(', ')}`, Object.entries(variables).flat());
  }
}

/** MikroORM's driver for Postgres, with transactions that begin as said above. */
export class TenantDriver extends PostgreSqlDriver {
  protected override readonly connection = new TenantConnection(this.config);
}
