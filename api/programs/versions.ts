/** Published versions of a program, and what differs between them and the draft. */
import { z } from 'zod';
import { pageOf, pageQuery } from '../../shared/contracts/http.ts';
import { programId } from '../../shared/contracts/ids.ts';
import {
  diffQuery,
  programDiff,
  programVersion,
  programVersionWithDefinition,
} from '../../shared/contracts/programs.ts';
import { diffProgram, getVersion, listVersions } from '../../shared/services/program-versions.ts';
import { type Route, reply, route } from '../http/route.ts';
import { policy } from './policy.ts';
import { presentFullVersion, presentVersion } from './presenter.ts';

const tag = 'programs';
const params = z.object({ id: programId });

export const versionRoutes = (): Route[] => [
  route({
    method: 'get',
    path: '/v1/programs/:id/versions',
    tag,
    summary: 'List published versions, the newest first',
    role: policy.read,
    params,
    query: pageQuery,
    reply: pageOf('ProgramVersion', programVersion),
    handle: async ({ em, params: { id }, query }) => {
      const { items, nextCursor } = await listVersions(em, id, query);
      return reply({ items: items.map(({ version, title }) => presentVersion(version, title)), nextCursor });
    },
  }),
  route({
    method: 'get',
    path: '/v1/programs/:id/versions/:number',
    tag,
    summary: 'Get a version with its definition',
    role: policy.read,
    params: params.extend({ number: z.coerce.number().pipe(z.int32().min(1)) }),
    reply: programVersionWithDefinition,
    handle: async ({ em, params: { id, number } }) => reply(presentFullVersion(await getVersion(em, id, number))),
  }),
  route({
    method: 'get',
    path: '/v1/programs/:id/diff',
    tag,
    summary: 'What differs between two versions, or a version and the draft',
    description:
      'Steps are matched by key, fields compared down to the one that differs; each change is also said in a sentence.',
    role: policy.read,
    params,
    query: diffQuery,
    reply: programDiff,
    problems: [409],
    handle: async ({ em, params: { id }, query }) => reply({ programId: id, ...(await diffProgram(em, id, query)) }),
  }),
];
