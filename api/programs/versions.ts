/** Published versions of a program. */
import { z } from 'zod';
import { pageOf, pageQuery } from '../../shared/contracts/http.ts';
import { programId } from '../../shared/contracts/ids.ts';
import { programVersion, programVersionWithDefinition, publishRequest } from '../../shared/contracts/programs.ts';
import { audit } from '../../shared/services/audit.ts';
import { getVersion, listVersions, publish } from '../../shared/services/programs.ts';
import { by } from '../accounts/actor.ts';
import { type Route, reply, route } from '../http/route.ts';
import { policy } from './policy.ts';
import { presentFullVersion, presentVersion } from './presenter.ts';

const tag = 'programs';
const params = z.object({ id: programId });
const OLD_VERSION = 200;

export const versionRoutes = (): Route[] => [
  route({
    method: 'post',
    path: '/v1/programs/:id/publish',
    tag,
    summary: 'Publish the draft as a version, which never changes',
    description:
      'Lint errors block it (422, with `findings`). An unchanged draft gives the newest version again, with status 200 in place of 201.',
    role: policy.edit,
    params,
    body: publishRequest,
    status: 201,
    reply: programVersion,
    problems: [409],
    handle: async ({ em, caller, params: { id }, body }) => {
      const { version, definition, isNew } = await publish(em, id, {
        revision: body.revision ?? null,
        note: body.note ?? '',
        publishedBy: caller.kind === 'user' ? caller.id : null,
      });
      if (!isNew) return reply(presentVersion(version, definition.title), { status: OLD_VERSION });
      const detail = { version: version.version };
      await audit(em, { ...by(caller), action: 'program.published', subject: `program/${id}`, detail });
      return reply(presentVersion(version, definition.title));
    },
  }),
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
];
