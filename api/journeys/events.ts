/** Events of other systems: whoever bought, signed up or finished elsewhere begins the programs that wait for it. */
import { enrollmentEventOutcome, enrollmentEventRequest } from '../../shared/contracts/enrollment-events.ts';
import { takeEvent } from '../../shared/services/enrollment-events.ts';
import type { AppParts } from '../app-parts.ts';
import { type Route, reply, route } from '../http/route.ts';
import { policy } from './policy.ts';
import { presentEventOutcome } from './presenter.ts';
import { startActive } from './start-run.ts';

export const eventRoutes = (parts: AppParts): Route[] => [
  route({
    method: 'post',
    path: '/v1/events',
    tag: 'journeys',
    summary: 'Tell that something happened to a coachee',
    description:
      'Enrolls them in every published program whose newest version names the event in `enrollment.on`. An event with an `id` counts once within 8 days. ' +
      'Reminders whose rule follows the event count from today on the coachee’s clock.',
    role: policy.enroll,
    body: enrollmentEventRequest,
    reply: enrollmentEventOutcome,
    problems: [404, 409],
    handle: async ({ em, caller: { creatorId }, body }) => {
      const { outcome, duplicate, enrolled, reminds } = await takeEvent(em, creatorId, body);
      const { coacheeId } = outcome;
      return reply(
        { ...presentEventOutcome(outcome, parts.config.publicUrl), duplicate },
        {
          after: async () => {
            await startActive(parts, enrolled);
            if (reminds) await parts.nudgeReminders({ creatorId, coacheeId });
          },
        },
      );
    },
  }),
];
