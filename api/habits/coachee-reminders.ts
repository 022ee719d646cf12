/** A coachee's reminders: what became of them, what comes next, and silence. */
import { z } from 'zod';
import { pageQuery } from '../../shared/contracts/http.ts';
import { coacheeId } from '../../shared/contracts/ids.ts';
import { coacheeReminders, reminderPause } from '../../shared/contracts/reminder-rules.ts';
import { listFires, setPaused, upcomingReminder } from '../../shared/services/coachee-reminders.ts';
import type { AppParts } from '../app-parts.ts';
import { type Route, reply, route } from '../http/route.ts';
import { policy } from './policy.ts';
import { presentFire, presentUpcoming } from './reminder-presenter.ts';
import { tellOfCoachee } from './tell.ts';

const tag = 'habits';
const params = z.object({ id: coacheeId });

export const coacheeReminderRoutes = (parts: AppParts): Route[] => [
  route({
    method: 'get',
    path: '/v1/coachees/:id/reminders',
    tag,
    summary: 'What became of a coachee’s reminders, the newest first, and what comes next',
    role: policy.read,
    params,
    query: pageQuery,
    reply: coacheeReminders,
    handle: async ({ em, params: { id }, query }) => {
      const { items, nextCursor } = await listFires(em, id, query);
      const upcoming = await upcomingReminder(em, id, Date.now());
      return reply({ items: items.map(presentFire), nextCursor, ...presentUpcoming(upcoming) });
    },
  }),
  ...([true, false] as const).map((paused) =>
    route({
      method: 'post',
      path: `/v1/coachees/:id/reminders/${paused ? 'pause' : 'resume'}`,
      tag,
      summary: paused ? 'Silence a coachee’s reminders' : 'Let a coachee’s reminders speak again',
      description: paused ? 'What falls due meanwhile is not sent, and not made up for.' : '',
      role: policy.coach,
      params,
      reply: reminderPause,
      handle: async ({ em, caller: { creatorId }, params: { id } }) => {
        const pausedAt = await setPaused(em, id, paused);
        return reply(
          { pausedAt: pausedAt?.toISOString() ?? null },
          { after: () => tellOfCoachee(parts, { creatorId, coacheeId: id }) },
        );
      },
    }),
  ),
];
