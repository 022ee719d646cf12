/**
 * Row-level security for tenant tables. The app connects as a role that cannot bypass it and names the creator it works
 * for in a transaction-scoped setting; a query that forgets to finds nothing (design section 4).
 */
import { p } from '@mikro-orm/core';
import type { CreatorId } from '../../contracts/ids.ts';

/** The setting that the policies read; set by `forCreator` in shared/db/orm.ts. */
export const CREATOR_SETTING = 'app.creator_id';

const currentCreator = `nullif(current_setting('${CREATOR_SETTING}', true), '')::uuid`;

/** A policy that shows and accepts only rows of the current creator; `column` names the tenant column. */
export const tenantPolicy = (table: string, column = 'creator_id') => [
  { name: `${table}_tenant`, using: `${column} = ${currentCreator}`, check: `${column} = ${currentCreator}` },
];

export const creatorColumn = () => p.uuid().$type<CreatorId>().fieldName('creator_id');

export const createdAt = () => p.datetime().fieldName('created_at').defaultRaw('now()');

export const updatedAt = () =>
  p
    .datetime()
    .fieldName('updated_at')
    .defaultRaw('now()')
    .onUpdate(() => new Date());
