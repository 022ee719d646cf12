/** Programs and their drafts. */
import { z } from 'zod';
import { pageOf } from '../../shared/contracts/http.ts';
import { programId } from '../../shared/contracts/ids.ts';
import {
  createProgramRequest,
  lintRequest,
  lintResponse,
  program,
  programDraft,
  programQuery,
  putDraftRequest,
} from '../../shared/contracts/programs.ts';
import { isPublishable, lint } from '../../shared/domain/journeys/lint/lint.ts';
import { createProgram, getDraft, getProgram, listPrograms, saveDraft } from '../../shared/services/programs.ts';
import { type Route, reply, route } from '../http/route.ts';
import { policy } from './policy.ts';
import { presentDraft, presentProgram } from './presenter.ts';
import { etagOf, revisionOf } from './revision.ts';

const tag = 'programs';
const params = z.object({ id: programId });

export const programRoutes = (): Route[] => [
  route({
    method: 'get',
    path: '/v1/programs',
    tag,
    summary: 'List programs, or the one of a slug',
    role: policy.read,
    query: programQuery,
    reply: pageOf('Program', program),
    handle: async ({ em, query }) => {
      const { items, nextCursor } = await listPrograms(em, query);
      return reply({ items: items.map(presentProgram), nextCursor });
    },
  }),
  route({
    method: 'post',
    path: '/v1/programs',
    tag,
    summary: 'Make a program with its first draft',
    role: policy.edit,
    body: createProgramRequest,
    status: 201,
    reply: program,
    problems: [409],
    handle: async ({ em, caller, body }) => {
      const made = presentProgram(await createProgram(em, caller.creatorId, body.definition));
      return reply(made, { headers: { Location: `/v1/programs/${made.id}` } });
    },
  }),
  route({
    method: 'get',
    path: '/v1/programs/:id',
    tag,
    summary: 'Get a program',
    role: policy.read,
    params,
    reply: program,
    handle: async ({ em, params: { id } }) => reply(presentProgram(await getProgram(em, id))),
  }),
  route({
    method: 'get',
    path: '/v1/programs/:id/draft',
    tag,
    summary: 'Get the draft, with what lint says of it',
    role: policy.read,
    params,
    reply: programDraft,
    handle: async ({ em, params: { id } }) => {
      const draft = await getDraft(em, id);
      return reply(presentDraft(draft), { headers: { ETag: etagOf(draft.revision) } });
    },
  }),
  route({
    method: 'put',
    path: '/v1/programs/:id/draft',
    tag,
    summary: 'Save the draft',
    description:
      'Name the revision that you edited, as `revision` or as `If-Match: "<revision>"`: where somebody else has saved meanwhile, a 409 gives ' +
      'both revisions, both drafts and what differs between them. Without either, the draft is overwritten.',
    role: policy.edit,
    params,
    body: putDraftRequest,
    reply: programDraft,
    problems: [409],
    handle: async ({ em, params: { id }, body, request }) => {
      const draft = await saveDraft(em, id, body.definition, body.revision ?? revisionOf(request.ctx.get('If-Match')));
      return reply(presentDraft(draft), { headers: { ETag: etagOf(draft.revision) } });
    },
  }),
  route({
    method: 'post',
    path: '/v1/programs/:id/lint',
    tag,
    summary: 'Lint the draft, or the definition that is sent along',
    role: policy.read,
    params,
    body: lintRequest,
    reply: lintResponse,
    handle: async ({ em, params: { id }, body }) => {
      await getProgram(em, id);
      const findings = body.definition ? lint(body.definition) : (await getDraft(em, id)).findings;
      return reply({ publishable: isPublishable(findings), findings });
    },
  }),
];
