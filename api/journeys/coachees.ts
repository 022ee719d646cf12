/** Coachees, and the links that bring them to one more channel. */
import { z } from 'zod';
import { coacheeId } from '../../shared/contracts/ids.ts';
import {
  changeCoacheeRequest,
  coachee,
  coacheePage,
  coacheeQuery,
  createCoacheeRequest,
  joinLink,
} from '../../shared/contracts/journeys.ts';
import { noteChange } from '../../shared/services/changes.ts';
import { changeCoachee, createCoachee, getCoachee, listCoachees } from '../../shared/services/coachees.ts';
import { createPersonalCode } from '../../shared/services/join-codes.ts';
import { noteKnownSchedule } from '../../shared/services/reminder-schedules.ts';
import { enrollOnTags } from '../../shared/services/triggers.ts';
import type { AppParts } from '../app-parts.ts';
import { type Route, reply, route } from '../http/route.ts';
import { policy } from './policy.ts';
import { presentCoachee, presentJoinCode } from './presenter.ts';
import { startActive } from './start-run.ts';

const tag = 'journeys';
const params = z.object({ id: coacheeId });

export const coacheeRoutes = (parts: AppParts): Route[] => [
  route({
    method: 'get',
    path: '/v1/coachees',
    tag,
    summary: 'List coachees, the newest first',
    role: policy.read,
    query: coacheeQuery,
    reply: coacheePage,
    handle: async ({ em, query }) => {
      const { items, nextCursor } = await listCoachees(em, query);
      return reply({ items: items.map(presentCoachee), nextCursor });
    },
  }),
  route({
    method: 'post',
    path: '/v1/coachees',
    tag,
    summary: 'Make a coachee',
    description: 'Programs that are entered on one of the tags enroll them.',
    role: policy.editCoachees,
    body: createCoacheeRequest,
    status: 201,
    reply: coachee,
    problems: [409],
    handle: async ({ em, caller, body }) => {
      const made = await createCoachee(em, caller.creatorId, body);
      const { enrolled } = await enrollOnTags(em, made, []);
      return reply(presentCoachee(made), {
        headers: { Location: `/v1/coachees/${made.id}` },
        after: () => startActive(parts, enrolled),
      });
    },
  }),
  route({
    method: 'get',
    path: '/v1/coachees/:id',
    tag,
    summary: 'Get a coachee',
    role: policy.read,
    params,
    reply: coachee,
    handle: async ({ em, params: { id } }) => reply(presentCoachee(await getCoachee(em, id))),
  }),
  route({
    method: 'patch',
    path: '/v1/coachees/:id',
    tag,
    summary: 'Change a coachee',
    description:
      'Journeys see the change at once: what waits for it goes on, and waits and reminders for a local time are counted anew in a new time zone. Programs that are ' +
      'entered on a tag that is new enroll them.',
    role: policy.editCoachees,
    params,
    body: changeCoacheeRequest,
    reply: coachee,
    handle: async ({ em, caller: { creatorId }, params: { id }, body }) => {
      const { tags: before } = await getCoachee(em, id);
      const changed = await changeCoachee(em, id, body);
      const movesReminders = body.timeZone !== undefined || body.deliveryPolicy !== undefined;
      const reminds = movesReminders && (await noteKnownSchedule(em, id));
      const concerned = await noteChange(em, id);
      const { enrolled } = await enrollOnTags(em, changed, before);
      return reply(presentCoachee(changed), {
        after: async () => {
          await parts.runs.nudge(concerned);
          await startActive(parts, enrolled);
          if (reminds) await parts.nudgeReminders({ creatorId, coacheeId: id });
        },
      });
    },
  }),
  route({
    method: 'post',
    path: '/v1/coachees/:id/join-codes',
    tag,
    summary: 'Make a personal link for one more channel',
    description:
      'Whoever opens it is taken for this coachee. Good for 7 days; starts the enrollment that waits for a channel, if one does.',
    role: policy.enroll,
    params,
    status: 201,
    reply: joinLink,
    handle: async ({ em, caller, params: { id } }) => {
      const code = await createPersonalCode(em, { creatorId: caller.creatorId, coacheeId: id });
      return reply(presentJoinCode(code, parts.config.publicUrl));
    },
  }),
];
