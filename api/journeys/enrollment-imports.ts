/** Imports: a file's people begin to live a program. */
import { z } from 'zod';
import {
  enrollmentImport,
  enrollmentImportBody,
  enrollmentImportQuery,
  enrollmentImportReply,
  enrollmentImportRowPage,
  enrollmentImportWithErrors,
  importRowQuery,
} from '../../shared/contracts/enrollment-imports.ts';
import { pageQuery } from '../../shared/contracts/http.ts';
import { enrollmentImportId } from '../../shared/contracts/ids.ts';
import { forecast } from '../../shared/services/enrollment-forecast.ts';
import { countRows } from '../../shared/services/enrollment-import-rows.ts';
import {
  cancelImport,
  createImport,
  getImport,
  listFaultyRows,
  listImportRows,
} from '../../shared/services/enrollment-imports.ts';
import { readNewcomers } from '../../shared/services/newcomers-csv.ts';
import type { AppParts } from '../app-parts.ts';
import { type Route, reply, route } from '../http/route.ts';
import { policy } from './policy.ts';
import { presentImport, presentImportRow, presentRowErrors } from './presenter.ts';

const tag = 'journeys';
const params = z.object({ id: enrollmentImportId });

export const enrollmentImportRoutes = ({ config: { publicUrl }, startImport }: AppParts): Route[] => [
  route({
    method: 'post',
    path: '/v1/enrollment-imports',
    tag,
    summary: 'Enroll the people of a CSV file',
    description:
      'Good rows come in although others are bad. It goes on by itself; what became of each row is told at `/rows`.',
    role: policy.enroll,
    query: enrollmentImportQuery,
    body: enrollmentImportBody,
    consumes: ['csv'],
    status: 201,
    reply: enrollmentImportReply,
    problems: [404, 409],
    handle: async ({ em, caller: { creatorId }, query: { programId, cohortId = null, dryRun }, body }) => {
      const rows = await readNewcomers(body);
      if (dryRun)
        return reply({ import: null, forecast: await forecast(em, { programId, cohortId, rows }) }, { status: 200 });
      const made = await createImport(em, { creatorId, programId, cohortId, rows });
      return reply(
        { import: presentImport(made, await countRows(em, made.id)), forecast: null },
        {
          headers: { Location: `/v1/enrollment-imports/${made.id}` },
          after: () => startImport({ creatorId, importId: made.id }),
        },
      );
    },
  }),
  route({
    method: 'get',
    path: '/v1/enrollment-imports/:id',
    tag,
    summary: 'Get an import, with a page of what is wrong with its rows',
    role: policy.read,
    params,
    query: pageQuery,
    reply: enrollmentImportWithErrors,
    handle: async ({ em, params: { id }, query }) => {
      const { items, nextCursor } = await listFaultyRows(em, id, query);
      const found = presentImport(await getImport(em, id), await countRows(em, id));
      return reply({ ...found, errors: { items: items.flatMap(presentRowErrors), nextCursor } });
    },
  }),
  route({
    method: 'get',
    path: '/v1/enrollment-imports/:id/rows',
    tag,
    summary: 'List an import’s rows and what became of them',
    // It carries personal links.
    role: policy.enroll,
    params,
    query: importRowQuery,
    reply: enrollmentImportRowPage,
    handle: async ({ em, params: { id }, query: { status, ...page } }) => {
      const { items, nextCursor } = await listImportRows(em, id, { ...page, ...(status && { status: [status] }) });
      return reply({ items: items.map((row) => presentImportRow(row, publicUrl)), nextCursor });
    },
  }),
  route({
    method: 'post',
    path: '/v1/enrollment-imports/:id/cancel',
    tag,
    summary: 'Cancel an import',
    description: 'Those who were enrolled stay enrolled; the rows that wait are left alone.',
    role: policy.enroll,
    params,
    reply: enrollmentImport,
    problems: [409],
    handle: async ({ em, params: { id } }) => reply(presentImport(await cancelImport(em, id), await countRows(em, id))),
  }),
];
