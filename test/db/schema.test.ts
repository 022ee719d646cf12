import { afterAll, expect, test } from 'vitest';
import { createOwnerOrm } from '../../shared/db/migrate.ts';

const ownerUrl = process.env.DATABASE_OWNER_URL;
if (!ownerUrl) throw new Error('Tests need a stack: run `npm test`. Missing: DATABASE_OWNER_URL');
const orm = createOwnerOrm(ownerUrl);
afterAll(() => orm.close(true));

test('the migrated schema is what the entities say', async () => {
  expect(await orm.schema.getUpdateSchemaSQL({ wrap: false })).toBe('');
});
