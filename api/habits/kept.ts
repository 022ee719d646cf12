/** Habits that a coachee keeps. */
import { z } from 'zod';
import {
  changeKeptHabitRequest,
  keepHabitRequest,
  keptHabit,
  keptHabits,
} from '../../shared/contracts/coachee-habits.ts';
import { coacheeId, habitId } from '../../shared/contracts/ids.ts';
import { changeKeptHabit, endKeptHabit, keepHabit, listStandings } from '../../shared/services/coachee-habits.ts';
import type { AppParts } from '../app-parts.ts';
import { type Route, reply, route } from '../http/route.ts';
import { policy } from './policy.ts';
import { presentKeptHabit } from './presenter.ts';
import { tellOfCoachee } from './tell.ts';

const tag = 'habits';
const params = z.object({ id: coacheeId });
const ofHabit = params.extend({ habitId });
const KNOWN = 200;

export const keptHabitRoutes = (parts: AppParts): Route[] => [
  route({
    method: 'get',
    path: '/v1/coachees/:id/habits',
    tag,
    summary: 'What a coachee keeps up, and how it goes',
    role: policy.read,
    params,
    reply: keptHabits,
    handle: async ({ em, params: { id } }) => {
      const items = await listStandings(em, id, Date.now());
      return reply({ items: items.map(presentKeptHabit) });
    },
  }),
  route({
    method: 'post',
    path: '/v1/coachees/:id/habits',
    tag,
    summary: 'Give a coachee a habit',
    description:
      'One that has ended begins anew, and its earlier days stay what they were. The status is 200 in place of 201 where they keep it: then it stays as it is.',
    role: policy.coach,
    params,
    body: keepHabitRequest,
    status: 201,
    reply: keptHabit,
    problems: [409],
    handle: async ({ em, caller: { creatorId }, params: { id }, body }) => {
      const { kept, isNew } = await keepHabit(em, id, body, Date.now());
      return reply(presentKeptHabit(kept), {
        ...(!isNew && { status: KNOWN }),
        after: () => tellOfCoachee(parts, { creatorId, coacheeId: id }),
      });
    },
  }),
  route({
    method: 'patch',
    path: '/v1/coachees/:id/habits/:habitId',
    tag,
    summary: 'Change from when to when a coachee keeps a habit',
    role: policy.coach,
    params: ofHabit,
    body: changeKeptHabitRequest,
    reply: keptHabit,
    problems: [409],
    handle: async ({ em, caller: { creatorId }, params: { id, habitId: of }, body }) => {
      const changed = await changeKeptHabit(em, id, of, body, Date.now());
      return reply(presentKeptHabit(changed), { after: () => tellOfCoachee(parts, { creatorId, coacheeId: id }) });
    },
  }),
  route({
    method: 'delete',
    path: '/v1/coachees/:id/habits/:habitId',
    tag,
    summary: 'End a coachee’s habit',
    description: 'Today is its last day; one that has not begun is taken away.',
    role: policy.coach,
    params: ofHabit,
    handle: async ({ em, caller: { creatorId }, params: { id, habitId: of } }) => {
      await endKeptHabit(em, id, of, Date.now());
      return reply(undefined, { after: () => tellOfCoachee(parts, { creatorId, coacheeId: id }) });
    },
  }),
];
