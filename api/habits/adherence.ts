/** How much of what was asked was done, over people. */
import { adherencePage, adherenceQuery } from '../../shared/contracts/coachee-habits.ts';
import { adherence } from '../../shared/services/adherence.ts';
import { type Route, reply, route } from '../http/route.ts';
import { policy } from './policy.ts';

export const adherenceRoutes = (): Route[] => [
  route({
    method: 'get',
    path: '/v1/adherence',
    tag: 'habits',
    summary: 'How much of what was asked was done',
    description:
      'Over days from `from` to `to`, the last 30 unless named. Days that were excused, skipped, free or on vacation do not count; tests are left out. ' +
      'People of a program or cohort are those who were in it at some time of that range, each of them once.',
    role: policy.read,
    query: adherenceQuery,
    reply: adherencePage,
    handle: async ({ em, query }) => {
      const { items, nextCursor } = await adherence(em, query, Date.now());
      return reply({ items: items.map((one) => ({ ...one, adherence: one.done / one.counted })), nextCursor });
    },
  }),
];
