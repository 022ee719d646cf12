/** Cohorts of a program. */
import { z } from 'zod';
import {
  changeCohortRequest,
  cohort,
  cohortPage,
  cohortWithFigures,
  createCohortRequest,
} from '../../shared/contracts/cohorts.ts';
import { pageQuery } from '../../shared/contracts/http.ts';
import { cohortId, programId } from '../../shared/contracts/ids.ts';
import { changeCohort, createCohort, getCohort, listCohorts, placesTaken } from '../../shared/services/cohorts.ts';
import { figuresOfCohort } from '../../shared/services/timeline.ts';
import type { AppParts } from '../app-parts.ts';
import { type Route, reply, route } from '../http/route.ts';
import { policy } from './policy.ts';
import { presentCohort } from './presenter.ts';

const tag = 'programs';
const ofProgram = z.object({ id: programId });
const params = z.object({ id: cohortId });

export const cohortRoutes = ({ runs }: AppParts): Route[] => [
  route({
    method: 'get',
    path: '/v1/programs/:id/cohorts',
    tag,
    summary: 'List cohorts, the newest first',
    role: policy.read,
    params: ofProgram,
    query: pageQuery,
    reply: cohortPage,
    handle: async ({ em, params: { id }, query }) => {
      const { items, nextCursor } = await listCohorts(em, id, query);
      return reply({ items: items.map(presentCohort), nextCursor });
    },
  }),
  route({
    method: 'post',
    path: '/v1/programs/:id/cohorts',
    tag,
    summary: 'Make a cohort',
    description: 'Those in a fixed one take their first step on its day, at its time, in their own time zone.',
    role: policy.invite,
    params: ofProgram,
    body: createCohortRequest,
    status: 201,
    reply: cohort,
    handle: async ({ em, caller, params: { id }, body }) => {
      const made = presentCohort(await createCohort(em, caller.creatorId, id, body));
      return reply(made, { headers: { Location: `/v1/cohorts/${made.id}` } });
    },
  }),
  route({
    method: 'get',
    path: '/v1/cohorts/:id',
    tag,
    summary: 'Get a cohort, and how many in it stand where',
    role: policy.read,
    params,
    reply: cohortWithFigures,
    handle: async ({ em, params: { id } }) => {
      const found = await getCohort(em, id);
      const enrollments = { ...(await figuresOfCohort(em, id)), taken: await placesTaken(em, id) };
      return reply({ ...presentCohort(found), enrollments });
    },
  }),
  route({
    method: 'patch',
    path: '/v1/cohorts/:id',
    tag,
    summary: 'Change a cohort, close it or open it again',
    description: 'A fixed one’s start may move while it is ahead; journeys that wait for it wait for the new one.',
    role: policy.invite,
    params,
    body: changeCohortRequest,
    reply: cohort,
    problems: [409],
    handle: async ({ em, params: { id }, body }) => {
      const { cohort: changed, concerned } = await changeCohort(em, id, body);
      return reply(presentCohort(changed), { after: () => runs.nudge(concerned) });
    },
  }),
];
