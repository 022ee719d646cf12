/** Enrollments: a coachee begins to live a program. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { z } from 'zod';
import { type CreatorId, enrollmentId } from '../../shared/contracts/ids.ts';
import {
  type CreateEnrollmentRequest,
  createEnrollmentRequest,
  enrollment,
  enrollmentPage,
  enrollmentQuery,
  newEnrollment,
} from '../../shared/contracts/journeys.ts';
import type { Coachee } from '../../shared/db/entities/journeys.ts';
import { createCoachee, getCoachee } from '../../shared/services/coachees.ts';
import { createPersonalCode } from '../../shared/services/join-codes.ts';
import { enroll, getEnrollment, listEnrollments } from '../../shared/services/journeys.ts';
import { enrollOnTags } from '../../shared/services/triggers.ts';
import type { AppParts } from '../app-parts.ts';
import { type Route, reply, route } from '../http/route.ts';
import { policy } from './policy.ts';
import { presentEnrollment, presentJoinCode } from './presenter.ts';
import { startActive } from './start-run.ts';

const tag = 'journeys';

export const enrollmentRoutes = (parts: AppParts): Route[] => [
  route({
    method: 'get',
    path: '/v1/enrollments',
    tag,
    summary: 'List enrollments, the newest first',
    role: policy.read,
    query: enrollmentQuery,
    reply: enrollmentPage,
    handle: async ({ em, query }) => {
      const { items, nextCursor } = await listEnrollments(em, query);
      return reply({ items: items.map(presentEnrollment), nextCursor });
    },
  }),
  route({
    method: 'post',
    path: '/v1/enrollments',
    tag,
    summary: 'Enroll a coachee in a program',
    description:
      'In the newest version, which it stays with. A coachee who is on no channel yet is invited: the journey begins when they open `joinLink`.',
    role: policy.enroll,
    body: createEnrollmentRequest,
    status: 201,
    reply: newEnrollment,
    problems: [404, 409],
    handle: async ({ em, caller: { creatorId }, body }) => {
      const { programId, cohortId, test = null } = body;
      const person = await coacheeFor(em, creatorId, body);
      const { id: coacheeId } = person;
      const made = await enroll(em, { programId, coacheeId, test, cohortId });
      const { enrolled } = await enrollOnTags(em, person, body.coachee ? [] : person.tags);
      const invited = made.status === 'invited';
      const code = invited ? await createPersonalCode(em, { creatorId, coacheeId, enrollmentId: made.id }) : null;
      return reply(
        { enrollment: presentEnrollment(made), joinLink: code && presentJoinCode(code, parts.config.publicUrl) },
        {
          headers: { Location: `/v1/enrollments/${made.id}` },
          after: () => startActive(parts, [made, ...enrolled]),
        },
      );
    },
  }),
  route({
    method: 'get',
    path: '/v1/enrollments/:id',
    tag,
    summary: 'Get an enrollment',
    role: policy.read,
    params: z.object({ id: enrollmentId }),
    reply: enrollment,
    handle: async ({ em, params: { id } }) => reply(presentEnrollment(await getEnrollment(em, id))),
  }),
];

const coacheeFor = async (
  em: EntityManager,
  creatorId: CreatorId,
  { coacheeId, coachee, test }: CreateEnrollmentRequest,
): Promise<Coachee> =>
  // The schema lets exactly one of the two through.
  coachee ? createCoachee(em, creatorId, coachee, test !== undefined) : getCoachee(em, coacheeId as Coachee['id']);
