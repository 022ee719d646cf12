/** Programs as files: out in JSON or YAML, and in again. */
import { z } from 'zod';
import { programId } from '../../shared/contracts/ids.ts';
import { canonicalDefinition, FILE_TYPES, toProgramFile } from '../../shared/contracts/program-files.ts';
import { exportQuery, programDefinition, programImport } from '../../shared/contracts/programs.ts';
import { getContent } from '../../shared/services/program-versions.ts';
import { importProgram } from '../../shared/services/programs.ts';
import { type Route, reply, route } from '../http/route.ts';
import { policy } from './policy.ts';
import { presentProgram } from './presenter.ts';
import { etagOf, revisionOf } from './revision.ts';

const tag = 'programs';
const REPLACED = 200;

export const programFileRoutes = (): Route[] => [
  route({
    method: 'get',
    path: '/v1/programs/:id/export',
    tag,
    summary: 'Get the draft or a version as a file',
    description:
      'The bytes depend on the content alone: what was exported, imported and exported again is the same file, in both formats.',
    role: policy.read,
    params: z.object({ id: programId }),
    query: exportQuery,
    reply: programDefinition,
    produces: Object.values(FILE_TYPES),
    handle: async ({ em, params: { id }, query: { format, version } }) => {
      const definition = await getContent(em, id, version);
      const name = `${definition.slug ?? id}.${format}`;
      return reply(canonicalDefinition(definition), {
        text: toProgramFile(definition, format),
        headers: { 'Content-Type': FILE_TYPES[format], 'Content-Disposition': `attachment; filename="${name}"` },
      });
    },
  }),
  route({
    method: 'post',
    path: '/v1/programs/import',
    tag,
    summary: 'Make a program of a file, or replace the draft of the one that has its slug',
    description:
      'JSON, or YAML of 512 KiB at most, whose errors name line and column. `If-Match: "<revision>"` as for saving the draft. The status is 200 in ' +
      'place of 201 where the program was there.',
    role: policy.edit,
    body: programDefinition,
    consumes: ['json', 'yaml'],
    status: 201,
    reply: programImport,
    problems: [409],
    handle: async ({ em, caller, body, request }) => {
      const revision = revisionOf(request.ctx.get('If-Match'));
      const { program, draft, created } = await importProgram(em, caller.creatorId, body, revision);
      const { revision: now, findings } = draft;
      const headers = { ETag: etagOf(now), ...(created && { Location: `/v1/programs/${program.id}` }) };
      const answer = { program: presentProgram(program), created, revision: now, findings };
      return reply(answer, { headers, ...(!created && { status: REPLACED }) });
    },
  }),
];
