/** Habits of a creator. */
import { z } from 'zod';
import { changeHabitRequest, createHabitRequest, habit, habitPage, habitQuery } from '../../shared/contracts/habits.ts';
import { habitId } from '../../shared/contracts/ids.ts';
import { audit } from '../../shared/services/audit.ts';
import { archiveHabit, changeHabit, createHabit, getHabit, listHabits } from '../../shared/services/habits.ts';
import { by } from '../accounts/actor.ts';
import type { AppParts } from '../app-parts.ts';
import { type Route, reply, route } from '../http/route.ts';
import { policy } from './policy.ts';
import { presentHabit } from './presenter.ts';
import { tellReminders } from './tell.ts';

const tag = 'habits';
const params = z.object({ id: habitId });

export const habitRoutes = (parts: AppParts): Route[] => [
  route({
    method: 'get',
    path: '/v1/habits',
    tag,
    summary: 'List habits, the newest first',
    role: policy.read,
    query: habitQuery,
    reply: habitPage,
    handle: async ({ em, query }) => {
      const { items, nextCursor } = await listHabits(em, query);
      return reply({ items: items.map(presentHabit), nextCursor });
    },
  }),
  route({
    method: 'post',
    path: '/v1/habits',
    tag,
    summary: 'Make a habit',
    description: 'A 409 names the `habitId` that has the name.',
    role: policy.edit,
    body: createHabitRequest,
    status: 201,
    reply: habit,
    problems: [409],
    handle: async ({ em, caller, body }) => {
      const made = await createHabit(em, caller.creatorId, body);
      return reply(presentHabit(made), { headers: { Location: `/v1/habits/${made.id}` } });
    },
  }),
  route({
    method: 'get',
    path: '/v1/habits/:id',
    tag,
    summary: 'Get a habit',
    role: policy.read,
    params,
    reply: habit,
    handle: async ({ em, params: { id } }) => reply(presentHabit(await getHabit(em, id))),
  }),
  route({
    method: 'patch',
    path: '/v1/habits/:id',
    tag,
    summary: 'Change a habit',
    description:
      'Rules judge days that are past as well. Streaks and strengths follow at once, sums of GET /v1/adherence when each coachee’s next day is closed.',
    role: policy.edit,
    params,
    body: changeHabitRequest,
    reply: habit,
    handle: async ({ em, caller, params: { id }, body }) => {
      const { habit: changed, concerned } = await changeHabit(em, id, body);
      await audit(em, { ...by(caller), action: 'habit.changed', subject: `habit/${id}`, detail: body });
      return reply(presentHabit(changed), { after: () => tellReminders(parts, caller.creatorId, concerned) });
    },
  }),
  route({
    method: 'delete',
    path: '/v1/habits/:id',
    tag,
    summary: 'Put a habit away',
    description: 'Nobody keeps it any more, and nobody is reminded of it. What was is kept; its name stays taken.',
    role: policy.edit,
    params,
    handle: async ({ em, caller, params: { id } }) => {
      const { concerned } = await archiveHabit(em, id);
      await audit(em, { ...by(caller), action: 'habit.archived', subject: `habit/${id}` });
      return reply(undefined, { after: () => tellReminders(parts, caller.creatorId, concerned) });
    },
  }),
];
