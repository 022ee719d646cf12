/** Brings the database of this environment to the newest schema; `npm start` and `npm test` run it. */
import { migrate } from '../shared/db/migrate.ts';

const ownerUrl = process.env.DATABASE_OWNER_URL;
if (!ownerUrl) throw new Error('DATABASE_OWNER_URL is not set: the role that owns the tables runs the migrations');
for (const name of await migrate(ownerUrl)) console.log(name);
