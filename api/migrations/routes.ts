/** Moving people who are inside: running journeys go over to another version of their program. */
import { z } from 'zod';
import { pageQuery } from '../../shared/contracts/http.ts';
import { migrationId, programId } from '../../shared/contracts/ids.ts';
import {
  migration,
  migrationItemPage,
  migrationItemQuery,
  migrationOrder,
  migrationRequest,
  preview,
  previewRequest,
} from '../../shared/contracts/migrations.ts';
import type { MigrationStatus } from '../../shared/domain/migrations/status.ts';
import { conflict } from '../../shared/errors.ts';
import { audit } from '../../shared/services/audit.ts';
import { planMigration, previewMigration } from '../../shared/services/migration-plans.ts';
import { countsOf, getMigration, listItems } from '../../shared/services/migrations.ts';
import { by } from '../accounts/actor.ts';
import type { AppParts } from '../app-parts.ts';
import { type Route, reply, route } from '../http/route.ts';
import { policy } from '../programs/policy.ts';
import { presentItem, presentMigration, presentPreview } from './presenter.ts';

const tag = 'migrations';
const ofProgram = z.object({ id: programId });
const params = z.object({ id: migrationId });
const TAKEN = 202;

export const migrationRoutes = ({ migrations }: AppParts): Route[] => [
  route({
    method: 'post',
    path: '/v1/programs/:id/migrations/preview',
    tag,
    summary: 'Where the running journeys of a version would land in another one',
    description:
      'Counted, and listed page by page. A journey stays at its step where the new version has one of that key and kind; else it is a conflict, until `mapping` says what becomes of it. Nothing is changed.',
    role: policy.edit,
    params: ofProgram,
    query: pageQuery,
    body: previewRequest,
    reply: preview,
    handle: async ({ em, params: { id }, query, body }) =>
      reply(presentPreview(await previewMigration(em, id, body, query))),
  }),
  route({
    method: 'post',
    path: '/v1/programs/:id/migrations',
    tag,
    summary: 'Move the running journeys of a version to another one',
    description:
      'A canary cohort first, then the others; it stops by itself when too many fail, and can be undone within its window. What was sent is not sent again. Refused (409, with `conflicts`) while journeys stand at steps that need a mapping, and while another migration of the program is at work.',
    role: policy.edit,
    params: ofProgram,
    body: migrationRequest,
    status: TAKEN,
    reply: migration,
    problems: [409],
    handle: async ({ em, caller, params: { id }, body }) => {
      const made = await planMigration(em, caller.creatorId, id, body);
      const { fromVersion, toVersion } = made;
      const detail = { fromVersion, toVersion, programId: id };
      await audit(em, { ...by(caller), action: 'migration.started', subject: `migration/${made.id}`, detail });
      return reply(presentMigration(made, await countsOf(em, made.id)), {
        headers: { Location: `/v1/migrations/${made.id}` },
        after: () => migrations.start({ creatorId: caller.creatorId, migrationId: made.id }),
      });
    },
  }),
  route({
    method: 'get',
    path: '/v1/migrations/:id',
    tag,
    summary: 'How far a migration is',
    role: policy.read,
    params,
    reply: migration,
    handle: async ({ em, params: { id } }) =>
      reply(presentMigration(await getMigration(em, id), await countsOf(em, id))),
  }),
  route({
    method: 'get',
    path: '/v1/migrations/:id/items',
    tag,
    summary: 'What became of each journey',
    role: policy.read,
    params,
    query: migrationItemQuery,
    reply: migrationItemPage,
    handle: async ({ em, params: { id }, query }) => {
      const { items, nextCursor } = await listItems(em, id, query);
      return reply({ items: items.map(presentItem), nextCursor });
    },
  }),
  route({
    method: 'post',
    path: '/v1/migrations/:id/:order',
    tag,
    summary: 'Let a migration proceed, pause, resume, stop or be undone',
    description:
      'Taken (202) and seen to after the batch in hand. `undo` takes every moved journey back: just to where it was, or, where it has moved on since, to the step of the same key if the old version has one.',
    role: policy.edit,
    params: params.extend({ order: migrationOrder }),
    status: TAKEN,
    reply: migration,
    problems: [409, 503],
    transaction: false,
    handle: async ({ em, caller, params: { id, order } }) => {
      const row = await getMigration(em, id);
      if (!POSSIBLE[order].includes(row.status)) {
        throw conflict(`A migration that is ${row.status} cannot take ${order}.`, { migrationStatus: row.status });
      }
      if (!row.runStartedAt) await migrations.start({ creatorId: caller.creatorId, migrationId: id });
      await migrations.order(id, order);
      await audit(em, { ...by(caller), action: `migration.${order}`, subject: `migration/${id}` });
      return reply(presentMigration(row, await countsOf(em, id)));
    },
  }),
];

const AT_WORK: MigrationStatus[] = ['planned', 'canary', 'waiting', 'moving', 'paused'];
const POSSIBLE: Record<z.output<typeof migrationOrder>, MigrationStatus[]> = {
  proceed: ['planned', 'canary', 'waiting'],
  pause: [...AT_WORK, 'undoing'],
  resume: [...AT_WORK, 'undoing'],
  stop: AT_WORK,
  undo: [...AT_WORK, 'done', 'stopped'],
};
