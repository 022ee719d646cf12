/** A database that no other test reaches into, on the stack's Postgres: for what looks for work over all creators. */
import { migrate } from '../../shared/db/migrate.ts';
import { createOrm } from '../../shared/db/orm.ts';
import { soon } from './soon.ts';

/** Creates and migrates it: `name` in small letters, digits and `_`. Drop it at the end. */
export const createDatabase = async (name: string): Promise<{ appUrl: string; drop: () => Promise<void> }> => {
  const { DATABASE_OWNER_URL = '', DATABASE_URL = '' } = process.env;
  const ofName = (url: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href;
  const asOwner = async (statement: string) => {
    const orm = createOrm({ databaseUrl: DATABASE_OWNER_URL, poolSize: 1 });
    await orm.em
      .fork()
      .execute(statement)
      .finally(() => orm.close(true));
  };
  await asOwner(`create database ${name}`);
  await migrate(ofName(DATABASE_OWNER_URL));
  // Sessions of killed workers end a moment after them.
  return { appUrl: ofName(DATABASE_URL), drop: () => soon(() => asOwner(`drop database ${name}`)) };
};
