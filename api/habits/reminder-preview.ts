/** What a reminder's rule comes to, before anybody has it. */
import { beginningOf, upcomingFires } from '../../shared/calendar/upcoming-fires.ts';
import { reminderPreview, reminderPreviewRequest } from '../../shared/contracts/reminders.ts';
import { type Route, reply, route } from '../http/route.ts';
import { policy } from './policy.ts';

export const reminderPreviewRoutes = (): Route[] => [
  route({
    method: 'post',
    path: '/v1/reminders/preview',
    tag: 'habits',
    summary: 'Preview when a reminder is due',
    description:
      'The slots of the rule, each a local date and time, with their instants in the time zone, also around the days on which clocks change.',
    role: policy.read,
    body: reminderPreviewRequest,
    reply: reminderPreview,
    handle: async ({ body: { rule, timezone, from, count } }) => {
      const fires = upcomingFires(rule, beginningOf(from, timezone), timezone, count);
      return reply({
        fires: fires.map(({ atMs, ...fire }) => ({ ...fire, instant: new Date(atMs).toISOString() })),
      });
    },
  }),
];
