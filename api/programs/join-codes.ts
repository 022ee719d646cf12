/** Links that everyone may open to join a program, and its figures. */
import { z } from 'zod';
import { pageQuery } from '../../shared/contracts/http.ts';
import { programId } from '../../shared/contracts/ids.ts';
import {
  createJoinCodeRequest,
  programFigures,
  programJoinLink,
  programJoinLinkPage,
} from '../../shared/contracts/journeys.ts';
import { createProgramCode, listProgramCodes } from '../../shared/services/join-codes.ts';
import { figuresOfProgram } from '../../shared/services/timeline.ts';
import type { AppParts } from '../app-parts.ts';
import { type Route, reply, route } from '../http/route.ts';
import { presentProgramCode } from '../journeys/presenter.ts';
import { policy } from './policy.ts';

const tag = 'programs';
const params = z.object({ id: programId });

export const joinCodeRoutes = ({ config: { publicUrl } }: AppParts): Route[] => [
  route({
    method: 'get',
    path: '/v1/programs/:id/join-codes',
    tag,
    summary: 'List links to join by',
    role: policy.invite,
    params,
    query: pageQuery,
    reply: programJoinLinkPage,
    handle: async ({ em, params: { id }, query }) => {
      const { items, nextCursor } = await listProgramCodes(em, id, query);
      return reply({ items: items.map((code) => presentProgramCode(code, publicUrl)), nextCursor });
    },
  }),
  route({
    method: 'post',
    path: '/v1/programs/:id/join-codes',
    tag,
    summary: 'Make a link that everyone may join by',
    role: policy.invite,
    params,
    body: createJoinCodeRequest,
    status: 201,
    reply: programJoinLink,
    handle: async ({ em, caller, params: { id }, body }) => {
      const { cohortId = null, testMsPerDay = null } = body;
      const code = await createProgramCode(em, { creatorId: caller.creatorId, programId: id, cohortId, testMsPerDay });
      return reply(presentProgramCode(code, publicUrl));
    },
  }),
  route({
    method: 'get',
    path: '/v1/programs/:id/figures',
    tag,
    summary: 'How many enrollments stand where, tests not counted',
    role: policy.read,
    params,
    reply: programFigures,
    handle: async ({ em, params: { id } }) => reply({ programId: id, enrollments: await figuresOfProgram(em, id) }),
  }),
];
