/** What a person of the team should look at. */
import { z } from 'zod';
import { alertId, userId } from '../../shared/contracts/ids.ts';
import { alert, alertPage, alertQuery } from '../../shared/contracts/reminder-rules.ts';
import { listAlerts, resolveAlert } from '../../shared/services/alerts.ts';
import { type Route, reply, route } from '../http/route.ts';
import { policy } from './policy.ts';
import { presentAlert } from './reminder-presenter.ts';

const tag = 'habits';

export const alertRoutes = (): Route[] => [
  route({
    method: 'get',
    path: '/v1/alerts',
    tag,
    summary: 'List alerts: the open ones first',
    role: policy.read,
    query: alertQuery,
    reply: alertPage,
    handle: async ({ em, query }) => {
      const { items, nextCursor } = await listAlerts(em, query);
      return reply({ items: items.map(presentAlert), nextCursor });
    },
  }),
  route({
    method: 'post',
    path: '/v1/alerts/:id/resolve',
    tag,
    summary: 'Resolve an alert',
    description: 'Doing it again changes nothing: the first who did is named.',
    role: policy.coach,
    params: z.object({ id: alertId }),
    reply: alert,
    handle: async ({ em, caller, params: { id } }) => {
      const resolvedBy = caller.kind === 'user' ? userId.parse(caller.id) : null;
      return reply(presentAlert(await resolveAlert(em, id, resolvedBy)));
    },
  }),
];
