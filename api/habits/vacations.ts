/** Days on which a coachee is away. */
import { z } from 'zod';
import { vacation, vacationRequest, vacations } from '../../shared/contracts/coachee-habits.ts';
import { coacheeId, vacationId } from '../../shared/contracts/ids.ts';
import { audit } from '../../shared/services/audit.ts';
import { addVacation, listVacations, removeVacation } from '../../shared/services/vacations.ts';
import { by } from '../accounts/actor.ts';
import type { AppParts } from '../app-parts.ts';
import { type Route, reply, route } from '../http/route.ts';
import { policy } from './policy.ts';
import { presentVacation } from './presenter.ts';
import { tellOfCoachee } from './tell.ts';

const tag = 'habits';
const params = z.object({ id: coacheeId });

export const vacationRoutes = (parts: AppParts): Route[] => [
  route({
    method: 'get',
    path: '/v1/coachees/:id/vacations',
    tag,
    summary: 'List a coachee’s vacations, the earliest first',
    role: policy.read,
    params,
    reply: vacations,
    handle: async ({ em, params: { id } }) => reply({ items: (await listVacations(em, id)).map(presentVacation) }),
  }),
  route({
    method: 'post',
    path: '/v1/coachees/:id/vacations',
    tag,
    summary: 'Send a coachee on vacation',
    description: 'Nothing is asked on those days and nothing is missed, on those that are past neither.',
    role: policy.coach,
    params,
    body: vacationRequest,
    status: 201,
    reply: vacation,
    problems: [409],
    handle: async ({ em, caller, params: { id }, body }) => {
      const { vacation: added, concerned } = await addVacation(em, id, body, Date.now());
      await audit(em, { ...by(caller), action: 'vacation.added', subject: `coachee/${id}`, detail: body });
      return reply(presentVacation(added), {
        after: () => tellOfCoachee(parts, { creatorId: caller.creatorId, coacheeId: id }, concerned),
      });
    },
  }),
  route({
    method: 'delete',
    path: '/v1/coachees/:id/vacations/:vacationId',
    tag,
    summary: 'Take a vacation back',
    role: policy.coach,
    params: params.extend({ vacationId }),
    handle: async ({ em, caller, params: { id, vacationId: of } }) => {
      const concerned = await removeVacation(em, id, of, Date.now());
      const detail = { vacationId: of };
      await audit(em, { ...by(caller), action: 'vacation.removed', subject: `coachee/${id}`, detail });
      return reply(undefined, {
        after: () => tellOfCoachee(parts, { creatorId: caller.creatorId, coacheeId: id }, concerned),
      });
    },
  }),
];
