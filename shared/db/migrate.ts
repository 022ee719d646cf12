/** Brings the database to the newest schema: `migrate(ownerUrl)` connects as the owner of the tables, not as the app. */
import { Migrator } from '@mikro-orm/migrations';
import { MikroORM } from '@mikro-orm/postgresql';
import { Migration20261123000001_foundation } from './migrations/Migration20261123000001_foundation.ts';
import { Migration20261123000002_roles } from './migrations/Migration20261123000002_roles.ts';
import { Migration20261123000010_sign_in } from './migrations/Migration20261123000010_sign_in.ts';
import { Migration20261123000020_join_code_uses } from './migrations/Migration20261123000020_join_code_uses.ts';
import { Migration20261123000040_crash_safety } from './migrations/Migration20261123000040_crash_safety.ts';
import { Migration20261123000050_program_language } from './migrations/Migration20261123000050_program_language.ts';
import { Migration20261123000060_journeys_at_depth } from './migrations/Migration20261123000060_journeys_at_depth.ts';
import { Migration20261123000070_program_slugs } from './migrations/Migration20261123000070_program_slugs.ts';
import { Migration20261123000080_ways_in } from './migrations/Migration20261123000080_ways_in.ts';
import { Migration20261123000100_migrations } from './migrations/Migration20261123000100_migrations.ts';
import { Migration20261123000110_habits } from './migrations/Migration20261123000110_habits.ts';
import { ormOptions } from './orm.ts';

const migrations = [
  Migration20261123000001_foundation,
  Migration20261123000002_roles,
  Migration20261123000010_sign_in,
  Migration20261123000020_join_code_uses,
  Migration20261123000040_crash_safety,
  Migration20261123000050_program_language,
  Migration20261123000060_journeys_at_depth,
  Migration20261123000070_program_slugs,
  Migration20261123000080_ways_in,
  Migration20261123000100_migrations,
  Migration20261123000110_habits,
];

/** An ORM of the tables' owner, for migrations and for checking that entities and schema agree. */
export const createOwnerOrm = (ownerUrl: string): MikroORM =>
  new MikroORM({
    ...ormOptions({ databaseUrl: ownerUrl, poolSize: 2 }),
    extensions: [Migrator],
    // What was run is given back; it needs no second telling.
    logger: () => {},
    schemaGenerator: { ignoreSchema: ['directory'] },
    migrations: {
      migrationsList: migrations.map((migration) => ({ name: migration.name, class: migration })),
      snapshot: false,
    },
  });

/** Runs what has not been run yet, in order; gives the names of what it ran. Throws where the database refuses. */
export const migrate = async (ownerUrl: string): Promise<string[]> => {
  const orm = createOwnerOrm(ownerUrl);
  try {
    const done = await orm.migrator.up();
    return done.map((one) => one.name);
  } finally {
    await orm.close(true);
  }
};
